import { type PrimitiveInput, status, type Version } from '@village/protocol'

const { code: ok } = status.Successful
const { code: ignored } = status.ExtensionIgnored

/**
 * The answer to a request that may have extensions of others in it: none are known here, so all are ignored and the
 * rest is carried out (CSP 12). That is told by 203 in place of 200 since 1.3; older clients take everything but 200
 * for a failure.
 */
export function withoutExtensions(answer: PrimitiveInput, hasExtensions: boolean, version: Version): PrimitiveInput {
  const { body } = answer
  const code = 'result' in body ? body.result?.code : undefined
  const wanted = hasExtensions || code === ignored ? (version >= '1.3' ? ignored : ok) : code
  if (wanted === code || (code !== ok && code !== ignored)) return answer
  return {
    ...answer,
    body: { ...body, result: { ...('result' in body && body.result), code: wanted } },
  } as PrimitiveInput
}
