/** `sealed`: the password itself, encrypted; both logins work. `hash`: argon2id; only logins that send the password. */
export type CredentialMode = 'sealed' | 'hash'

/** What an account keeps of its password. */
export interface Credential {
  readonly mode: CredentialMode
  /** Sealed: nonce, ciphertext and tag. Hash: the argon2 string in UTF-8. */
  readonly secret: Uint8Array
  /** The master key a sealed record was made with; null for a hash. */
  readonly keyId: string | null
  /** Form of `secret`, 1 today. */
  readonly version: number
}
