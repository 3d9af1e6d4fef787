import { md4, md5 } from 'hash-wasm'

/** The digests of a 4-way login (CSP 6.4.2), best first. SHA is SHA-1. */
export const digestSchemas = ['SHA', 'MD5', 'MD4'] as const
export type DigestSchema = (typeof digestSchemas)[number]

export const isDigestSchema = (text: string): text is DigestSchema =>
  (digestSchemas as readonly string[]).includes(text)

/**
 * Digest-Bytes: BASE64 of the digest over the nonce followed by the password, both as UTF-8 (CSP 6.4.2.2).
 * @throws Error for SHA in a web page that did not come over https, because browsers hide their digests there
 */
export async function digestBytes(schema: DigestSchema, nonce: string, password: string): Promise<string> {
  const octets = new TextEncoder().encode(nonce + password)
  return btoa(String.fromCharCode(...(await hash[schema](octets))))
}

const hash: Record<DigestSchema, (octets: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>> = {
  SHA: async octets => {
    const { subtle } = globalThis.crypto
    if (subtle === undefined) throw new Error('SHA needs a secure page (https or localhost): leave it out of schemas')
    return new Uint8Array(await subtle.digest('SHA-1', octets))
  },
  MD5: async octets => fromHex(await md5(octets)),
  MD4: async octets => fromHex(await md4(octets)),
}

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
