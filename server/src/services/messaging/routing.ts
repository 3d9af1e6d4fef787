import type { Version } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import type { MailItem } from '../../store/mailboxes.ts'
import { type Agreement, sessionPriority } from '../access/agreement.ts'
import { type OfflineHandling, type OnlineHandling, usualOfflineHandling } from '../access/etem-handling.ts'
import {
  type Addressee,
  addresseesOf,
  given,
  isApplication,
  isFor,
  isServed,
  type Person,
  writeGiven,
} from './addressees.ts'
import { isRefused, type Reader } from './content-fit.ts'
import type { Readable } from './mail.ts'
import { contentOf } from './message-for.ts'
import type { Pictures, Way } from './pictures.ts'

/** A client of a user that is logged in: a session, in memory or on disk. */
export interface Client extends Reader, Person {
  readonly agreement: Agreement
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Whether it wants to be taken for offline (OnlineStatus F, CSP 8). */
  readonly isHidden?: boolean
  /** Whether it has said that it does not take a message (CSP 9.1.5.2). */
  hasDeclined?(messageId: string): boolean
}

/** What is to be routed: an item of a mailbox. */
export type Routed = Readable &
  Pick<AnnouncedItem, 'kind' | 'content' | 'acceptedAt'> &
  Partial<Pick<MailItem, 'givenTo' | 'messageId'>>

/** What may be refused: an item that need not be in a mailbox yet. */
export type Refusable = Readable & Pick<AnnouncedItem, 'kind' | 'content'>

/** What routing goes by, besides the item and who is there. */
export interface Handling {
  /** What the user wants for items that are meant for no client in particular. */
  readonly online: OnlineHandling
  /** What clients that are not there want for items that are meant for them, by their keys. */
  readonly offline: ReadonlyMap<string, OfflineHandling>
  readonly pictures: Pictures
}

export interface Receiver<C> extends Way {
  readonly client: C
}

/**
 * Which of a user's clients an item goes to now, and how (CSP 5.5.2.1, 6.9.1); none where it has to wait. A user may be
 * addressed in several ways at once: each of them is served, and no client gets it twice.
 *
 * - Meant for a client that is there: that one only. For one that is not: as that client wishes (OfflineETEMHandling).
 * - Meant for an application: all clients that registered it.
 * - Meant for nobody in particular: one of them, or all (OnlineETEMHandling).
 *
 * "One" is the logic of SERVERLOGIC: of those that can have it in this form and size, or else of those for which it can
 * be transcoded, first those that do not want to be taken for offline, among them those of the highest SessionPriority,
 * and the one that logged in last. In place of a client that is not there it is the priority alone that
 * counts, as CSP 6.9.1 has it. "All" are those that were there when it was accepted; where it was accepted for nobody, it
 * goes to one.
 */
export function route<C extends Client>(item: Routed, clients: readonly C[], handling: Handling): Receiver<C>[] {
  const had = given(item)
  const [first = [], ...others] = targets(item, clients, handling)
  const meant = others.length === 0 ? first : [...new Set([first, ...others].flat())]
  return meant.filter(({ client }) => !had.has(client.clientKey))
}

/** For each addressee those it goes to, whether they have had it already or not. */
function targets<C extends Client>(item: Routed, clients: readonly C[], handling: Handling): Receiver<C>[][] {
  const had = given(item)
  const able = clients.flatMap(client => {
    const isDeclined = item.messageId !== undefined && client.hasDeclined?.(item.messageId)
    const way = isDeclined ? undefined : wayOf(item, client, handling.pictures)
    return way === undefined ? [] : [{ client, ...way }]
  })
  return addresseesOf(item).map((addressee, place) => {
    const one = (some: readonly Receiver<C>[], isLast = isHidden) => (isServed(had, place) ? [] : best(some, isLast))
    const all = (some: readonly Receiver<C>[]) => {
      const early = some.filter(({ client }) => client.startedAt <= item.acceptedAt)
      return early.length === 0 ? one(some) : early
    }
    const { clientKey: key, applicationId } = addressee
    if (key !== undefined) {
      if (clients.some(client => client.clientKey === key)) return able.filter(({ client }) => client.clientKey === key)
      const wish = offlineHandling(addressee, handling)
      if (had.has(key) || wish === 'REJECT') return []
      return isForAllOthers(wish) ? all(able) : one(able, never)
    }
    if (applicationId !== undefined) return all(able.filter(({ client }) => isApplication(client, applicationId)))
    return item.kind === 'message' && handling.online === 'FORKALL' ? all(able) : one(able)
  })
}

const offlineHandling = ({ clientKey }: Addressee, { offline }: Handling): OfflineHandling =>
  offline.get(clientKey ?? '') ?? usualOfflineHandling

/** Whether somebody is still to have an item that others have had, be it that they are not there yet. */
export function isOwed(item: Routed, clients: readonly Client[], handling: Handling): boolean {
  const had = given(item)
  return targets(item, clients, handling).some((receivers, place) =>
    receivers.length === 0 ? !isServed(had, place) : receivers.some(({ client }) => !had.has(client.clientKey)),
  )
}

/** What to note of an item that one more client has had (`givenTo`); undefined where nobody else is to have it. */
export function notedFor(
  item: Routed,
  person: Person,
  clients: readonly Client[],
  handling: Handling,
): string | undefined {
  const had = given(item)
  const isTarget = (receivers: readonly Receiver<Client>[]) =>
    receivers.some(({ client }) => client.clientKey === person.clientKey)
  const places = (is: boolean[]) => is.flatMap((it, place) => (it ? [place] : []))
  const addressees = addresseesOf(item)
  // Who is there may have changed since it was given to this one, or it fetched what was to go to another.
  const [stoodFor = []] = [
    places(targets(item, clients, handling).map(isTarget)),
    places(addressees.map(addressee => isFor(addressee, person))),
    [...addressees.keys()],
  ].filter(some => some.length > 0)
  const after = had.has(person.clientKey) ? had : new Map([...had, [person.clientKey, stoodFor]])
  const noted = { ...item, givenTo: writeGiven(after) }
  return isOwed(noted, clients, handling) ? noted.givenTo : undefined
}

/** Whether an item that a client has had may be meant for others besides. */
export function isForSeveral(item: Routed, ownKey: string, handling: Handling): boolean {
  if (item.kind !== 'message') return false
  const [first = {}, ...others] = addresseesOf(item)
  if (others.length > 0) return true
  if (first.clientKey !== undefined)
    return first.clientKey !== ownKey && isForAllOthers(offlineHandling(first, handling))
  return first.applicationId !== undefined || handling.online === 'FORKALL'
}

/**
 * Nobody can have it, and all who are there and take messages have said that they never want its like (CSP 5.6.3). The
 * limit of a policy is a reason for transcoding too (CSP 5.6.2): what can be made to keep to it is not refused.
 */
export function isRefusedByAll(item: Refusable, clients: readonly Client[], pictures: Pictures): boolean {
  if (item.kind !== 'message') return false
  const isRefusing = (client: Client) => isRefused(contentOf(item), client) && !pictures.wayFor(item, client)
  return addresseesOf(item).every(({ clientKey: key }) => {
    // Where one client is meant only its word counts: while it is away the message waits for it.
    const takers = clients.filter(client => takesMessages(client) && (key === undefined || client.clientKey === key))
    return takers.length > 0 && takers.every(isRefusing)
  })
}

const isForAllOthers = (handling: OfflineHandling) => handling === 'SENDSTORE' || handling === 'SENDREJECT'

const takesMessages = ({ agreement: { services } }: Reader) => services.includes('NEWM') || services.includes('NOTIF')

/** Whether anything that waits could be for a client at all: one that has agreed on no service yet, gets nothing. */
export const mayHaveMail = ({ version, agreement }: Reader & { readonly version: Version }): boolean =>
  // A System Message needs no service (CSP 7.1).
  version >= '1.3' || mailServices.some(service => agreement.services.includes(service))

const mailServices = ['NEWM', 'NOTIF', 'MDELIV']

function wayOf(item: Routed, client: Client, pictures: Pictures): Way | undefined {
  if (item.kind === 'report') return client.agreement.services.includes('MDELIV') ? { form: 'push' } : undefined
  return item.kind === 'message' ? pictures.wayFor(item, client) : undefined
}

function best<C extends Client>(able: readonly Receiver<C>[], isLast: (client: Client) => boolean): Receiver<C>[] {
  const unchanged = able.filter(({ target }) => target === undefined)
  let first: Receiver<C> | undefined
  for (const receiver of unchanged.length > 0 ? unchanged : able)
    if (first === undefined || isBefore(receiver.client, first.client, isLast)) first = receiver
  return first === undefined ? [] : [first]
}

/** Later ones come later in the list, and win where they began at the same moment. */
const isBefore = (client: Client, other: Client, isLast: (client: Client) => boolean): boolean => {
  const difference =
    Number(isLast(other)) - Number(isLast(client)) ||
    sessionPriority(client.agreement) - sessionPriority(other.agreement)
  return difference === 0 ? client.startedAt >= other.startedAt : difference > 0
}

const isHidden = ({ isHidden = false }: Client) => isHidden
const never = () => false
