import type { House, Peer } from '../services/context.ts'
import type { Callers } from './callers.ts'
import type { Cir } from './cir.ts'
import type { Deliveries } from './deliveries.ts'
import type { Dispatch } from './dispatch.ts'
import type { Sessions } from './sessions.ts'
import type { Tracing } from './tracing.ts'

/** What a transport has received. */
export interface Inbound {
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly peer: Peer
  /** Says what to do when the client hangs up before it is answered. */
  readonly onGone?: ((run: () => void) => void) | undefined
}

/** What it takes to answer one. */
export interface Engine {
  readonly house: House
  readonly sessions: Sessions
  readonly callers: Callers
  readonly deliveries: Deliveries
  readonly cir: Cir
  readonly dispatch: Dispatch
  readonly tracing: Tracing
}
