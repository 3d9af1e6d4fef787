import { createHash } from 'node:crypto'
import { md4 } from 'hash-wasm'

/** The schemas of a login in two steps (CSP 6.4.2); PWD is no digest, it sends the password. */
export type DigestSchema = 'SHA' | 'MD5' | 'MD4'

/** H(nonce followed by password), not yet in BASE64. SHA is SHA-1. */
export const digest = async (schema: DigestSchema, nonce: string, password: Uint8Array): Promise<Uint8Array> => {
  const octets = Buffer.concat([Buffer.from(nonce, 'utf8'), password])
  try {
    if (schema === 'MD4') return Buffer.from(await md4(octets), 'hex')
    return createHash(schema === 'SHA' ? 'sha1' : 'md5')
      .update(octets)
      .digest()
  } finally {
    octets.fill(0)
  }
}

/**
 * The octets a client may have hashed: UTF-8, or ISO-8859-1 where all characters fit in.
 * COMPAT: the Android client hashes one octet a character; for ASCII both are the same.
 */
export const passwordOctets = (utf8: Buffer): readonly Buffer[] => {
  const password = utf8.toString('utf8')
  const fits = /^[\0-\xff]*$/.test(password)
  return fits ? [utf8, Buffer.from(password, 'latin1')] : [utf8]
}
