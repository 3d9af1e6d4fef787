import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Credential } from './credential.ts'
import { type Credentials, createCredentials, hashingLimits } from './credentials.ts'
import { digest } from './digests.ts'
import { masterKey } from './key-file.ts'
import { CredentialUnreadable } from './sealing.ts'

const alice = 'wv:alice@example.com'
const bob = 'wv:bob@example.com'
const key = masterKey(Buffer.alloc(32, 7))
const nonce = '0123456789abcdef0123456789abcdef'
const password = 'correct horse battery'

let credentials: Credentials
beforeAll(async () => {
  credentials = await createCredentials({ key, allowMd4: true })
})

const digestOf = (algorithm: 'sha1' | 'md5', encoding: BufferEncoding, secret: string): string =>
  createHash(algorithm)
    .update(Buffer.concat([Buffer.from(nonce), Buffer.from(secret, encoding)]))
    .digest('base64')

describe('a sealed password', () => {
  it('checks logins that send the password', async () => {
    const sealed = credentials.seal(alice, password)
    expect(await credentials.verifyPassword(alice, sealed, password)).toBe(true)
    expect(await credentials.verifyPassword(alice, sealed, `${password}!`)).toBe(false)
    expect(await credentials.verifyPassword(alice, sealed, '')).toBe(false)
  })

  it.each([
    ['SHA', 'sha1'],
    ['MD5', 'md5'],
  ] as const)('checks logins by %s digest', async (schema, algorithm) => {
    const sealed = credentials.seal(alice, password)
    const right = digestOf(algorithm, 'utf8', password)
    expect(await credentials.verifyDigest(alice, sealed, schema, nonce, right)).toBe(true)
    expect(await credentials.verifyDigest(alice, sealed, schema, nonce, Buffer.from(right, 'base64'))).toBe(true)
    expect(await credentials.verifyDigest(alice, sealed, schema, nonce.replace('0', '1'), right)).toBe(false)
    expect(await credentials.verifyDigest(alice, sealed, schema, nonce, right.slice(0, 8))).toBe(false)
    expect(await credentials.verifyDigest(alice, sealed, schema, nonce, '')).toBe(false)
  })

  it('takes a digest made over UTF-8 or over one octet a character', async () => {
    const sealed = credentials.seal(alice, 'hyvää yötä')
    for (const encoding of ['utf8', 'latin1'] as const) {
      const right = digestOf('sha1', encoding, 'hyvää yötä')
      expect(await credentials.verifyDigest(alice, sealed, 'SHA', nonce, right), encoding).toBe(true)
    }
    // U+0434 cut down to one octet is "4": a client that does so must not get in with another password.
    const cyrillic = credentials.seal(alice, 'пароль д')
    const cut = digestOf('sha1', 'latin1', 'пароль д')
    expect(await credentials.verifyDigest(alice, cyrillic, 'SHA', nonce, cut)).toBe(false)
  })

  it('is different each time and does not tell its length', () => {
    const records = ['1234', password, 'x'.repeat(50)].flatMap(text => [
      credentials.seal(alice, text),
      credentials.seal(alice, text),
    ])
    const spelled = records.map(({ secret }) => Buffer.from(secret).toString('hex'))
    expect(new Set(spelled).size).toBe(records.length)
    expect(new Set(spelled.map(text => text.length)).size).toBe(1)
    expect(Buffer.concat(records.map(({ secret }) => secret)).includes('horse')).toBe(false)
  })

  it('belongs to one account: moved to another it does not open', async () => {
    const sealed = credentials.seal(alice, password)
    const stolen = credentials.verifyPassword(bob, sealed, password)
    await expect(stolen).rejects.toBeInstanceOf(CredentialUnreadable)
    await expect(credentials.verifyPassword('wv:alice@example.org', sealed, password)).rejects.toThrow('damaged')
    await expect(credentials.verifyPassword(alice, { ...sealed, version: 2 }, password)).rejects.toThrow('damaged')
  })

  it('shows every flipped bit', async () => {
    const sealed = credentials.seal(alice, password)
    for (const place of sealed.secret.keys()) {
      const secret = Uint8Array.from(sealed.secret)
      secret[place]! ^= 1 << (place % 8)
      await expect(credentials.verifyPassword(alice, { ...sealed, secret }, password)).rejects.toThrow('damaged')
    }
    const cut: Credential = { ...sealed, secret: sealed.secret.subarray(0, 9) }
    await expect(credentials.verifyDigest(alice, cut, 'SHA', nonce, '')).rejects.toThrow('damaged')
  })

  it('says which key it needs', async () => {
    const other = await createCredentials({ key: masterKey(Buffer.alloc(32, 8)) })
    const sealed = other.seal(alice, password)
    await expect(credentials.verifyPassword(alice, sealed, password)).rejects.toThrow(`sealed with key ${sealed.keyId}`)
  })
})

describe('a hashed password', () => {
  it('checks logins that send the password, at the promised cost', async () => {
    const hashed = await credentials.hash(alice, password)
    expect(Buffer.from(hashed.secret).toString()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(hashed).toMatchObject({ mode: 'hash', keyId: null, version: 1 })
    expect(await credentials.verifyPassword(alice, hashed, password)).toBe(true)
    expect(await credentials.verifyPassword(alice, hashed, 'another one')).toBe(false)
  })

  it('cannot check a digest', async () => {
    const hashed = await credentials.hash(alice, password)
    const right = digestOf('sha1', 'utf8', password)
    expect(await credentials.verifyDigest(alice, hashed, 'SHA', nonce, right)).toBe(false)
  })

  it('is refused as damaged rather than as wrong', async () => {
    const damaged: Credential = { mode: 'hash', secret: Buffer.from('$argon2id$'), keyId: null, version: 1 }
    await expect(credentials.verifyPassword(alice, damaged, password)).rejects.toBeInstanceOf(CredentialUnreadable)
  })
})

describe('an account that does not exist', () => {
  it('is answered no, whatever is sent', async () => {
    for (const user of [alice, bob, 'wv:carol@example.com', 'wv:dave@example.com']) {
      expect(await credentials.verifyPassword(user, undefined, password)).toBe(false)
    }
    expect(await credentials.verifyDigest(alice, undefined, 'SHA', nonce, digestOf('sha1', 'utf8', ''))).toBe(false)
  })

  it('seems to have either mode, and always the same', async () => {
    // Where no place is left for hashing, the accounts that seem hashed are refused and those that seem sealed are not.
    const { atOnce, waiting } = hashingLimits
    const busy = Array.from({ length: atOnce + waiting }, () => credentials.hash(alice, password))
    const users = Array.from({ length: 24 }, (_, index) => `wv:nobody${index}@example.com`)
    const outcomes = () =>
      Promise.all(
        users.map(user => credentials.verifyPassword(user, undefined, password).catch((error: Error) => error.name)),
      )
    const [first, second] = await Promise.all([outcomes(), outcomes()])
    expect(new Set(first)).toEqual(new Set([false, 'TooBusy']))
    expect(second).toEqual(first)
    await Promise.all(busy)
  })
})

describe('digest schemas', () => {
  it('leave MD4 out unless it is allowed, and take none that is not offered', async () => {
    const strict = await createCredentials({ key })
    expect(strict.schemas).toEqual(['SHA', 'MD5'])
    expect(credentials.schemas).toEqual(['SHA', 'MD5', 'MD4'])
    const right = await digest('MD4', nonce, Buffer.from(password))
    const sealed = credentials.seal(alice, password)
    expect(await strict.verifyDigest(alice, sealed, 'MD4', nonce, right)).toBe(false)
    expect(await credentials.verifyDigest(alice, sealed, 'MD4', nonce, right)).toBe(true)
  })

  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      'e33b4ddc9c38f2199c3e7b164fcc0536',
    ],
  ])('agree with the MD4 vectors of RFC 1320: %j', async (text, expected) => {
    const cut = Math.floor(text.length / 2)
    const octets = await digest('MD4', text.slice(0, cut), Buffer.from(text.slice(cut)))
    expect(Buffer.from(octets).toString('hex')).toBe(expected)
  })
})
