import type { CapabilityList, Syntax, Version } from '@village/protocol'
import type { ClientRecord } from '../../store/client-settings.ts'
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

/** So much later a login counts as use again, where nothing else is to be noted: phones on a bad line log in often. */
const usedMilliseconds = 3_600_000

interface Language {
  readonly version: Version
  readonly syntax: Syntax
}

interface Client extends Language {
  readonly userId: string
  readonly clientKey: string
}

/**
 * What of an agreement outlives the session, as a part of the unit that makes it (CSP 6.9.1).
 * @param known what is remembered of the client, as far as that is known
 */
export function lastingSettings(
  client: Client,
  { capabilities, msisdn }: Agreement,
  store: Store,
  usedAt: number,
  known?: ClientRecord,
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
    ...(isNoted(record, known) ? [] : store.clientSettings.remember(record, mostClients)),
    ...(onlineEtemHandling ? store.accounts.setOnlineHandling(client.userId, onlineEtemHandling) : []),
  ]
}

/** Whether all of it is remembered already; two things stay as they were where the client says nothing of them. */
const isNoted = (record: ClientRecord, known: ClientRecord | undefined): boolean =>
  known !== undefined &&
  known.usedAt > record.usedAt - usedMilliseconds &&
  known.capabilities === record.capabilities &&
  known.offlineBearers === record.offlineBearers &&
  (record.offlineHandling === null || known.offlineHandling === record.offlineHandling) &&
  (record.msisdn === null || known.msisdn === record.msisdn)

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
): Promise<{ terms: CapabilityTerms; known: ClientRecord } | undefined> {
  const known = await context.house.store.clientSettings.find(userId, clientKey)
  if (known === undefined || known.capabilities === null) return undefined
  const { terms } = agreeCapabilities(JSON.parse(known.capabilities).capabilities, context, onlineHandling)
  return lasting(terms.capabilities, context) === known.capabilities ? { terms, known } : undefined
}

/**
 * Null for what cannot be taken up again in silence: addresses are told in answers to a negotiation only. What is a
 * wish of the user is not the client's to remember.
 */
const lasting = (capabilities: CapabilityList, { version, syntax }: Language): string | null => {
  const text = JSON.stringify({ version, syntax, capabilities: { ...capabilities, onlineEtemHandling: undefined } })
  return text.length > longestCapabilities || needsCirAddress(capabilities) ? null : text
}
