import type { Unit } from './database.ts'

/** So many clients of one user have values here, for clients draw their ids as they like. */
export const MOST_PUBLISHING_CLIENTS = 20

/** Value of a presence attribute, as the user or one client of the user published it. */
export interface PublishedValue {
  /** Key of the client for what is the client's (OnlineStatus, ClientInfo …); `''` for what is the user's (StatusText …). */
  readonly clientKey: string
  /** Name of the attribute. */
  readonly attribute: string
  /** JSON, never looked into. */
  readonly value: string
  /** Milliseconds since the epoch. */
  readonly publishedAt: number
}

/** Null takes the value back. */
export type NewValue = Pick<PublishedValue, 'clientKey' | 'attribute'> & { readonly value: string | null }

/** What users and their clients have published of themselves (CSP 8.3.4). It goes with their account. */
export interface Publications {
  /**
   * What is not named stays (CSP 8.3.4.1). Clients that published longest ago make room for others, with all their values.
   * Conflict `NoSuchAccount`.
   */
  publish(userId: string, values: readonly NewValue[], at: number): Unit

  /** What was published last comes first. */
  of(userId: string): Promise<PublishedValue[]>
}
