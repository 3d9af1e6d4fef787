import type { Unit } from './database.ts'

/** What a client settled for the time in which it is not there; it outlives all its sessions (CSP 6.9.1). */
export interface ClientSettings {
  /** Undefined where the client never settled it, or so long ago that it made room for others. */
  offlineHandling(userId: string, clientKey: string): Promise<string | undefined>

  /**
   * Clients draw their ids as they like, so that only the latest `most` of a user are kept. `at` is in milliseconds
   * since the epoch. Conflict `NoSuchAccount`.
   */
  setOfflineHandling(userId: string, clientKey: string, handling: string, at: number, most: number): Unit
}
