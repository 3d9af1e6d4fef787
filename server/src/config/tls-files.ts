import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'

interface TlsPaths {
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/**
 * The certificate and key that TLS listens with, or undefined where it is not set up.
 * @throws an Error that names the option and says what to do, when a file cannot be read or the two do not fit
 */
export const readTlsFiles = ({ cert, key }: TlsPaths): { cert: string; key: string } | undefined => {
  if (cert === undefined || key === undefined) return undefined
  const files = { cert: read('cert', cert), key: read('key', key) }
  try {
    createSecureContext(files)
  } catch (error) {
    throw new Error(
      `http.tls: ${cert} and ${key} cannot be used (${(error as NodeJS.ErrnoException).code}). ` +
        'Both must be PEM files, the key without a passphrase and the one that belongs to the certificate.',
    )
  }
  return files
}

const read = (name: keyof TlsPaths, path: string): string => {
  try {
    return readFileSync(resolve(path), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new Error(`http.tls.${name}: ${path}: ${reason}. Check the path, and that the server's user may read it.`)
  }
}
