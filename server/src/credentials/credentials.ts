import { createHmac, randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { type Algorithm, hash, verify } from '@node-rs/argon2'
import type { Credential, CredentialMode } from './credential.ts'
import { type DigestSchema, digest, passwordOctets } from './digests.ts'
import { Gate } from './gate.ts'
import type { MasterKey } from './key-file.ts'
import { sameOctets } from './same-octets.ts'
import { CredentialUnreadable, createSealer, type RandomBytes } from './sealing.ts'

/** Makes and checks what accounts keep of their passwords. There is no way to read a password back. */
export interface Credentials {
  /** Digest schemas to offer in the first step of a login, best first. */
  readonly schemas: readonly DigestSchema[]
  /** Keeps the password encrypted, so that a login by digest can be checked. */
  seal(userId: string, password: string): Credential
  /** Keeps an argon2id hash. Throws `TooBusy` when too many wait. */
  hash(userId: string, password: string): Promise<Credential>
  /**
   * Whether this is the account's password. `undefined` stands for an account that does not exist: the same work is
   * done for it and the answer is no. Throws `TooBusy`, or `CredentialUnreadable` for a record that cannot be opened.
   */
  verifyPassword(userId: string, credential: Credential | undefined, password: string): Promise<boolean>
  /**
   * Whether `digestBytes` is H(nonce + password), as BASE64 text or as the octets themselves. No for an unknown
   * account (with the same work done), for a hash, which cannot be checked so, and for a schema not offered.
   * Throws `CredentialUnreadable`.
   */
  verifyDigest(
    userId: string,
    credential: Credential | undefined,
    schema: DigestSchema,
    nonce: string,
    digestBytes: string | Uint8Array,
  ): Promise<boolean>
}

interface CredentialsOptions {
  readonly key: MasterKey
  readonly allowMd4?: boolean | undefined
  readonly random?: RandomBytes | undefined
}

/** Cost by the OWASP minimum: 19 MiB, two passes, one lane. 2 is argon2id, whose name the package keeps to compilers. */
const argon2id = { algorithm: 2 as Algorithm, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/**
 * One core is left to everything else, and four are what node's thread pool holds. Two that share a core push each other
 * out of its caches: together they do less than one does alone.
 */
export const hashingLimits = { atOnce: Math.min(4, Math.max(1, availableParallelism() - 1)), waiting: 64 }

/**
 * `userId` is everywhere the account's comparable key, with its domain behind the last `@`.
 */
export const createCredentials = async (options: CredentialsOptions): Promise<Credentials> => {
  const { key, random = randomBytes } = options
  const gate = new Gate(hashingLimits)
  const { seal, unseal } = createSealer(key, random)
  const schemas: readonly DigestSchema[] = options.allowMd4 ? ['SHA', 'MD5', 'MD4'] : ['SHA', 'MD5']

  const hashPassword = async (password: string): Promise<Credential> => {
    const secret = await gate.run(() => hash(password, { ...argon2id, salt: random(16) }))
    return { mode: 'hash', secret: Buffer.from(secret), keyId: null, version: 1 }
  }

  // Of usual lengths: the time of an answer must not tell this account from others.
  const nobody = 'wv:nobody@example.com'
  const nobodysPassword = Buffer.from(random(12)).toString('base64')
  const dummies = { sealed: seal(nobody, nobodysPassword), hash: await hashPassword(nobodysPassword) }

  /** An unknown account seems to have a mode of its own, always the same one, so that time does not tell it apart. */
  const seemingMode = (userId: string): CredentialMode =>
    createHmac('sha256', key.bytes).update('seeming mode').update(userId).digest()[0]! & 1 ? 'sealed' : 'hash'

  const matches: Record<
    CredentialMode,
    (userId: string, credential: Credential, password: string) => Promise<boolean>
  > = {
    sealed: async (userId, credential, password) => {
      const kept = unseal(userId, credential)
      const same = sameOctets(kept, Buffer.from(password, 'utf8'))
      kept.fill(0)
      return same
    },
    hash: (_, { secret }, password) => gate.run(() => verifyHash(secret, password)),
  }

  return {
    schemas,
    seal,
    hash: (_, password) => hashPassword(password),

    verifyPassword: async (userId, credential, password) => {
      // Worked out for known accounts too: the step must not be what tells them apart.
      const seeming = dummies[seemingMode(userId)]
      const { mode } = credential ?? seeming
      const isPassword = await matches[mode](credential ? userId : nobody, credential ?? seeming, password)
      return isPassword && credential !== undefined
    },

    verifyDigest: async (userId, credential, schema, nonce, digestBytes) => {
      const isSealed = credential?.mode === 'sealed'
      const kept = isSealed ? unseal(userId, credential) : unseal(nobody, dummies.sealed)
      const sent = typeof digestBytes === 'string' ? Buffer.from(digestBytes.trim(), 'base64') : digestBytes
      let isDigest = false
      for (const octets of passwordOctets(kept)) {
        isDigest = sameOctets(await digest(schema, nonce, octets), sent) || isDigest
        octets.fill(0)
      }
      return isDigest && isSealed && schemas.includes(schema)
    },
  }
}

const verifyHash = async (secret: Uint8Array, password: string): Promise<boolean> => {
  try {
    return await verify(secret, password)
  } catch {
    throw new CredentialUnreadable('The password hash of this account is damaged. Set a new password for it.')
  }
}
