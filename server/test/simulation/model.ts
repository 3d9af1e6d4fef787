import type { Syntax, Version } from '@village/protocol'

/** What kind of phone it is. */
export interface PhoneModel {
  readonly name: string
  /** `wv:alice@example.com` */
  readonly user: string
  readonly version: Version
  readonly syntax: Syntax
  readonly multiTrans: number
  /** Transactions are counted from 1 to this, and then from 1 again. */
  readonly lastId: number
  /** Seconds; what the phone asks for as its keep-alive time. */
  readonly timeToLive: number
  readonly usesDigest: boolean
}
