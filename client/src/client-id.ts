import type { ClientID } from '@village/protocol'

/** A Client-ID (CSP 5.3.7) is an address or a phone number; a text stands for an address. */
export const asClientId = (clientId: string | ClientID): ClientID =>
  typeof clientId === 'object' ? clientId : { url: clientId }
