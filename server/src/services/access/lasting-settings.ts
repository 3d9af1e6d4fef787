import type { CapabilityList, Syntax, Version } from '@village/protocol'
import type { Unit } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import type { OutbandContext } from '../context.ts'
import type { Agreement } from './agreement.ts'
import { agreeCapabilities, type CapabilityTerms } from './capability-agreement.ts'
import { needsCirAddress } from './cir-agreement.ts'
import type { OnlineHandling } from './etem-handling.ts'

/** How many clients of a user are remembered; one that made room for others is served as if it had said nothing. */
const mostClients = 50

/** Characters; ordinary phones need a few hundred. A client that says more is asked in each session. */
const longestCapabilities = 4096

interface Language {
  readonly version: Version
  readonly syntax: Syntax
}

interface Client extends Language {
  readonly userId: string
  readonly clientKey: string
}

/** What of an agreement outlives the session, as a part of the unit that makes it (CSP 6.9.1). */
export function lastingSettings(
  client: Client,
  { capabilities, msisdn }: Agreement,
  store: Store,
  usedAt: number,
): Unit {
  if (capabilities === undefined) return []
  const bearers = capabilities.supportedOfflineBearers
  const record = {
    userId: client.userId,
    clientKey: client.clientKey,
    offlineHandling: capabilities.offlineEtemHandling ?? null,
    capabilities: lasting(capabilities, client),
    offlineBearers: bearers.length > 0 ? bearers.join(' ') : null,
    msisdn: msisdn ?? null,
    usedAt,
  }
  const { onlineEtemHandling } = capabilities
  return [
    ...store.clientSettings.remember(record, mostClients),
    ...(onlineEtemHandling ? store.accounts.setOnlineHandling(client.userId, onlineEtemHandling) : []),
  ]
}

/**
 * Whether the client is told of messages after the session, by the services it agreed on last (OFFNOTIF, CSP 9.1.7);
 * where it has agreed on none yet, what it said in an earlier session holds.
 */
export const lastingNotices = ({ userId, clientKey }: Client, { services }: Agreement, store: Store, usedAt: number) =>
  services.length === 0
    ? []
    : store.clientSettings.setNotices({ userId, clientKey, usedAt }, services.includes('OFFNOTIF'), mostClients)

/**
 * What a client agreed on in an earlier session, for one that says nothing about itself now; undefined where it has to
 * be asked (Client-Capability-Request, CSP 6.4). It holds only if this server would agree on the very same again, in
 * the same version and syntax: the client believes in what it was told then.
 */
export async function rememberedTerms(
  userId: string,
  clientKey: string,
  context: OutbandContext,
  onlineHandling: OnlineHandling,
): Promise<CapabilityTerms | undefined> {
  const remembered = (await context.house.store.clientSettings.find(userId, clientKey))?.capabilities
  if (remembered == null) return undefined
  const { terms } = agreeCapabilities(JSON.parse(remembered).capabilities, context, onlineHandling)
  return lasting(terms.capabilities, context) === remembered ? terms : undefined
}

/**
 * Null for what cannot be taken up again in silence: addresses are told in answers to a negotiation only. What is a
 * wish of the user is not the client's to remember.
 */
const lasting = (capabilities: CapabilityList, { version, syntax }: Language): string | null => {
  const text = JSON.stringify({ version, syntax, capabilities: { ...capabilities, onlineEtemHandling: undefined } })
  return text.length > longestCapabilities || needsCirAddress(capabilities) ? null : text
}
