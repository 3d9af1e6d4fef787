import { createHash, randomBytes } from 'node:crypto'
import { createSecretFile, readSecretFile, SecretFileError } from './secret-file.ts'

/** The key from which the sealing keys of all domains are derived. */
export interface MasterKey {
  /** Names the key in every record sealed with it, so that a wrong key is told from a damaged record. */
  readonly id: string
  /** 32 bytes */
  readonly bytes: Uint8Array
}

interface KeyFileRequest {
  readonly path: string
  /** When records sealed with an earlier key exist, a new key could open none of them: none is made. */
  readonly sealedRecordsExist: boolean
}

const keyBytes = 32
const form = /^village-key-1:([A-Za-z0-9_-]{43}):([0-9a-f]{16})\n?$/

/**
 * The master key from its file, which is made on first start. Throws a `SecretFileError` that says what to do when the
 * file is open to others, damaged, or missing although sealed records exist.
 */
export const keyFor = async ({ path, sealedRecordsExist }: KeyFileRequest): Promise<MasterKey> => {
  const kept = await readSecretFile(path)
  if (kept !== undefined) return readKey(path, kept, sealedRecordsExist)
  if (sealedRecordsExist) {
    throw new SecretFileError(
      `The key file ${path} is missing, and accounts were sealed with it. Put the file back from its backup, or set ` +
        'secrets.keyFile to where it is now. A new key is not made, because it could open none of these accounts.',
    )
  }
  const key = masterKey(randomBytes(keyBytes))
  const content = `village-key-1:${Buffer.from(key.bytes).toString('base64url')}:${key.id}\n`
  await createSecretFile(path, content, 'secrets.keyFile')
  return key
}

/** Wraps key material that came from elsewhere, 32 bytes of it. */
export const masterKey = (bytes: Uint8Array): MasterKey => {
  if (bytes.length !== keyBytes) throw new RangeError(`a master key has ${keyBytes} bytes, not ${bytes.length}`)
  return { bytes, id: createHash('sha256').update('village key id').update(bytes).digest('hex').slice(0, 16) }
}

const readKey = (path: string, content: string, sealedRecordsExist: boolean): MasterKey => {
  const [, encoded, id] = form.exec(content) ?? []
  const key = encoded === undefined ? undefined : masterKey(Buffer.from(encoded, 'base64url'))
  if (key !== undefined && key.id === id) return key
  const advice = sealedRecordsExist
    ? 'Put it back from its backup: accounts are sealed with it.'
    : 'No account is sealed with it yet: delete it, and the next start makes a new one.'
  throw new SecretFileError(`The key file ${path} is damaged or no key file. ${advice}`)
}
