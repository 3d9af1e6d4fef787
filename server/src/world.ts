/** What the core knows of the outside: time, chance and digests. Tests give it a world that stands still. */
export interface World {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `run` once, after so many milliseconds. */
  after(milliseconds: number, run: () => void): Timer
  /** Lets all others go first that have something to do: for whoever has a lot. */
  turn(): Promise<void>
  /** A random text in base64url that cannot be guessed: 144 bits. */
  token(): string
  /**
   * The same with the time at its beginning, and 96 bits of chance behind it: what is stored by such keys lies beside what
   * was stored just before.
   */
  timedToken(): string
  /** SHA-256 in base64url. */
  digest(data: string | Uint8Array): string
}

export interface Timer {
  cancel(): void
}
