/** What a client has published of whether its user is to be reached there (UserAvailability and OnlineStatus, CSP 8). */
export interface Availability {
  readonly userAvailability?: 'AVAILABLE' | 'DISCREET' | 'NOT_AVAILABLE' | undefined
  /** False: the client wants to be taken for offline. */
  readonly onlineStatus?: boolean | undefined
}

const ranks = { AVAILABLE: 4, unset: 3, DISCREET: 2, NOT_AVAILABLE: 1 }

/** The higher, the sooner a client gets what goes to one of several (SERVERLOGIC, CSP 6.9.1). */
export const rankOf = ({ userAvailability, onlineStatus }: Availability = {}): number =>
  onlineStatus === false ? 0 : ranks[userAvailability ?? 'unset']
