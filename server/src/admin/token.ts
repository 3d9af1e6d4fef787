import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { createSecretFile, readSecretFile, SecretFileError } from '../credentials/secret-file.ts'

const form = /^[A-Za-z0-9_-]{43}\n?$/

const tokenFile = (dataFolder: string): string => join(dataFolder, 'admin-token')

/**
 * The token of the admin API, from the file `admin-token` in the data folder, which only its owner can read; made when
 * missing. Whoever can read the data folder's secrets is an operator. Throws a `SecretFileError` that says what to do.
 */
export const adminToken = async (dataFolder: string): Promise<string> => {
  const known = await readAdminToken(dataFolder)
  if (known !== undefined) return known
  const token = randomBytes(32).toString('base64url')
  await createSecretFile(tokenFile(dataFolder), `${token}\n`, 'data')
  return token
}

/** The token, if there is one: what a command line tool shows to a running server. */
export const readAdminToken = async (dataFolder: string): Promise<string | undefined> => {
  const path = tokenFile(dataFolder)
  const content = await readSecretFile(path)
  if (content === undefined) return undefined
  if (form.test(content)) return content.trim()
  throw new SecretFileError(`${path} is damaged. Delete it and start the server again: it makes a new one.`)
}

/** Whether an Authorization header carries the token; takes the same time however much of it is right. */
export const isAuthorized = (header: string | undefined, token: string): boolean => {
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? ''
  return timingSafeEqual(sha256(given), sha256(token))
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
