import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Credential } from './credential.ts'
import type { MasterKey } from './key-file.ts'

/** A sealed record cannot be opened: another key, another account's record, or damage. */
export class CredentialUnreadable extends Error {
  override readonly name = 'CredentialUnreadable'
}

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
const version = 1
/** Records are filled up to a multiple of this, so that they do not tell how long a password is. */
const blockBytes = 64

/** Encrypts passwords for accounts, and opens them again. */
export interface Sealer {
  /**
   * The account's id and domain, the record's version and the key's id are authenticated with the password: a record
   * copied to another account does not open.
   */
  seal(userId: string, password: string): Credential
  /** The password octets (UTF-8) of a sealed record, to be wiped after use. Throws `CredentialUnreadable`. */
  unseal(userId: string, credential: Credential): Buffer
}

export const createSealer = (key: MasterKey, random: RandomBytes): Sealer => {
  const keyOf = domainKeys(key)

  return {
    seal: (userId, password) => {
      const nonce = random(nonceBytes)
      const sealer = createCipheriv(cipher, keyOf(userId), nonce, { authTagLength: tagBytes })
      sealer.setAAD(boundTo(userId, key.id, version))
      const plain = padded(Buffer.from(password, 'utf8'))
      const secret = Buffer.concat([nonce, sealer.update(plain), sealer.final(), sealer.getAuthTag()])
      plain.fill(0)
      return { mode: 'sealed', secret, keyId: key.id, version }
    },

    unseal: (userId, { secret, keyId, version }) => {
      if (keyId !== key.id) {
        throw new CredentialUnreadable(
          `This account was sealed with key ${keyId}; the server has ${key.id}. Restore that key or set a new password.`,
        )
      }
      const body = secret.subarray(nonceBytes, -tagBytes)
      const opener = createDecipheriv(cipher, keyOf(userId), secret.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      try {
        opener.setAAD(boundTo(userId, keyId, version))
        opener.setAuthTag(secret.subarray(-tagBytes))
        return unpadded(Buffer.concat([opener.update(body), opener.final()]))
      } catch {
        throw new CredentialUnreadable('The sealed password of this account is damaged. Set a new password for it.')
      }
    },
  }
}

export type RandomBytes = (count: number) => Uint8Array

/** Each domain's key is derived once, since that takes longer than to open a record with it. */
const domainKeys = (key: MasterKey): ((userId: string) => KeyObject) => {
  const derived = new Map<string, KeyObject>()
  const derive = (domain: string) => {
    const octets = Buffer.from(hkdfSync('sha256', key.bytes, '', `village sealing ${domain}`, 32))
    const domainKey = createSecretKey(octets)
    octets.fill(0)
    derived.set(domain, domainKey)
    return domainKey
  }
  return userId => derived.get(domainOf(userId)) ?? derive(domainOf(userId))
}

const domainOf = (userId: string): string => userId.slice(userId.lastIndexOf('@') + 1)

// A list in JSON cannot be read in two ways, whatever characters an id holds.
const boundTo = (userId: string, keyId: string, recordVersion: number): Buffer =>
  Buffer.from(JSON.stringify([domainOf(userId), userId, recordVersion, keyId]))

const padded = (plain: Buffer): Buffer => {
  const block = Buffer.alloc(Math.ceil((plain.length + 2) / blockBytes) * blockBytes)
  block.writeUInt16BE(plain.length)
  plain.copy(block, 2)
  plain.fill(0)
  return block
}

const unpadded = (block: Buffer): Buffer => block.subarray(2, 2 + block.readUInt16BE())
