import type { ClientID } from '@village/protocol'
import type { Agreed } from './negotiation.ts'

/** All that is needed to go on with a session after a restart; plain data, to be kept where nobody else can read it. */
export interface Ticket {
  readonly sessionId: string
  /** The address the session was opened with. */
  readonly userId: string
  readonly clientId: ClientID
  /** Agreed KeepAliveTime in seconds; undefined: the session does not run out. */
  readonly keepAliveSeconds?: number | undefined
  readonly agreed?: Agreed | undefined
}
