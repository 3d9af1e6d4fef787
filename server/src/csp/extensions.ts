import { type PrimitiveInput, status, type Version } from '@village/protocol'
import type { Shortenable } from '../services/context.ts'

const { code: ok } = status.Successful
const { code: ignored } = status.ExtensionIgnored

/**
 * The answer to a request that may have extensions of others in it: none are known here, so all are ignored and the
 * rest is carried out (CSP 12). That is told by 203 in place of 200 since 1.3; older clients take everything but 200
 * for a failure.
 */
export function withoutExtensions(
  answer: PrimitiveInput & Shortenable,
  hasExtensions: boolean,
  version: Version,
): PrimitiveInput {
  const { body, shorter } = answer
  const code = 'result' in body ? body.result?.code : undefined
  const wanted = hasExtensions || code === ignored ? (version >= '1.3' ? ignored : ok) : code
  if (wanted === code || (code !== ok && code !== ignored)) return answer
  const result = { ...('result' in body && body.result), code: wanted }
  const told = { ...answer, body: { ...body, result } } as PrimitiveInput
  return shorter === undefined
    ? told
    : Object.assign(told, { shorter: withoutExtensions(shorter, hasExtensions, version) })
}
