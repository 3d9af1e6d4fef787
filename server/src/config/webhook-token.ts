import { resolve } from 'node:path'
import { readSecretFile, SecretFileError } from '../credentials/secret-file.ts'

/** RFC 6750: what may follow `Bearer`. */
const form = /^[\w.~+/-]+=*$/

/**
 * The token that is sent to the webhook, without what is around it in its file; undefined where there is none.
 * @throws SecretFileError that says what to do, and never what is in the file
 */
export const readWebhookToken = async (tokenFile: string | undefined): Promise<string | undefined> => {
  if (tokenFile === undefined) return undefined
  const path = resolve(tokenFile)
  const token = (await readSecretFile(path))?.trim()
  if (token === undefined)
    throw new SecretFileError(`${path} is not there. Make it, or change notices.webhook.tokenFile.`)
  if (form.test(token)) return token
  throw new SecretFileError(`${path} holds no token: one line of letters, digits and -._~+/ is needed.`)
}
