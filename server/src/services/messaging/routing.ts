import { type ClientID, clientKey } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import type { MailItem } from '../../store/mailboxes.ts'
import { type Agreement, sessionPriority } from '../access/agreement.ts'
import type { OfflineHandling, OnlineHandling } from '../access/etem-handling.ts'
import { isRefused, type Reader } from './content-fit.ts'
import { contentOf, infoOf, type Readable } from './mail.ts'
import type { Pictures, Way } from './pictures.ts'

/** A client of a user that is logged in: a session, in memory or on disk. */
export interface Client extends Reader {
  readonly clientKey: string
  readonly applicationId: string | null | undefined
  readonly agreement: Agreement
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Whether it has said that it does not take a message (CSP 9.1.5.2). */
  hasDeclined?(messageId: string): boolean
}

/** What is to be routed: an item of a mailbox. */
export type Routed = Readable &
  Pick<AnnouncedItem, 'kind' | 'content' | 'acceptedAt'> &
  Partial<Pick<MailItem, 'givenTo' | 'messageId'>>

/** What routing goes by, besides the item and who is there. */
export interface Handling {
  /** What the user wants for items that are meant for no client in particular. */
  readonly online: OnlineHandling
  /** What a client that is not there wants for items that are meant for it. */
  readonly offline: OfflineHandling
  readonly pictures: Pictures
}

export interface Receiver<C> extends Way {
  readonly client: C
}

/** The client or application of its user that an item is meant for, where one is named (CSP 5.5.2.1). */
export interface Addressee {
  readonly clientKey?: string | undefined
  readonly applicationId?: string | undefined
}

/** For a message the recipient that is named in it, for a report whoever sent what it is about. */
export function addresseeOf(item: Routed): Addressee {
  if (item.kind !== 'message' && item.kind !== 'report') return {}
  const { recipient, sender } = infoOf(item)
  const named = item.kind === 'message' ? recipient.users?.[0] : sender.user
  return {
    clientKey: keyOf(named?.clientId),
    applicationId: item.kind === 'message' ? named?.applicationId : undefined,
  }
}

const keyOf = (clientId: ClientID | undefined) => clientId && clientKey(clientId)

/**
 * Which of a user's clients an item goes to now, and how (CSP 5.5.2.1, 6.9.1); none where it has to wait.
 *
 * - Meant for a client that is there: that one only. For one that is not: as that client wishes (OfflineETEMHandling).
 * - Meant for an application: all clients that registered it.
 * - Meant for nobody in particular: one of them, or all (OnlineETEMHandling).
 *
 * "One" is the logic of SERVERLOGIC: of those that can have it in this form and size, or else of those for which it can
 * be transcoded, first those of the highest SessionPriority, among them the one that logged in last. "All" are those that
 * were there when it was accepted and have not had it yet; where it was accepted for nobody, it goes to one.
 */
export function route<C extends Client>(item: Routed, clients: readonly C[], handling: Handling): Receiver<C>[] {
  const able = clients.flatMap(client => {
    const isDeclined = item.messageId !== undefined && client.hasDeclined?.(item.messageId)
    const way = isDeclined ? undefined : wayOf(item, client, handling.pictures)
    return way === undefined ? [] : [{ client, ...way }]
  })
  const { clientKey: key, applicationId } = addresseeOf(item)
  if (key !== undefined) {
    if (clients.some(client => client.clientKey === key)) return able.filter(({ client }) => client.clientKey === key)
    if (handling.offline === 'REJECT') return []
    return isForAllOthers(handling.offline) ? all(item, able) : one(item, able)
  }
  if (applicationId !== undefined)
    return all(
      item,
      able.filter(({ client }) => isApplication(client, applicationId)),
    )
  return item.kind === 'message' && handling.online === 'FORKALL' ? all(item, able) : one(item, able)
}

/** Whether an item that the client of this key has had may be meant for others besides. */
export function isForSeveral(item: Routed, ownKey: string, { online, offline }: Handling): boolean {
  if (item.kind !== 'message') return false
  const { clientKey: key, applicationId } = addresseeOf(item)
  if (key !== undefined) return key !== ownKey && isForAllOthers(offline)
  return applicationId !== undefined || online === 'FORKALL'
}

/**
 * Nobody can have it, and all who are there and take messages have said that they never want its like (CSP 5.6.3). The
 * limit of a policy is a reason for transcoding too (CSP 5.6.2): what can be made to keep to it is not refused.
 */
export function isRefusedByAll(item: Routed, clients: readonly Client[], pictures: Pictures): boolean {
  if (item.kind !== 'message') return false
  const { clientKey: key } = addresseeOf(item)
  // Where one client is meant only its word counts: while it is away the message waits for it.
  const takers = clients.filter(client => takesMessages(client) && (key === undefined || client.clientKey === key))
  return (
    takers.length > 0 && takers.every(client => isRefused(contentOf(item), client) && !pictures.wayFor(item, client))
  )
}

/** The keys of the clients that have had an item which goes to several. */
export const given = ({ givenTo }: Pick<Routed, 'givenTo'>): readonly string[] => (givenTo ? JSON.parse(givenTo) : [])

const isForAllOthers = (handling: OfflineHandling) => handling === 'SENDSTORE' || handling === 'SENDREJECT'

const takesMessages = ({ agreement: { services } }: Reader) => services.includes('NEWM') || services.includes('NOTIF')

const isApplication = (client: Client, applicationId: string) =>
  client.applicationId?.toLowerCase() === applicationId.toLowerCase()

function wayOf(item: Routed, client: Client, pictures: Pictures): Way | undefined {
  if (item.kind === 'report') return client.agreement.services.includes('MDELIV') ? { form: 'push' } : undefined
  return item.kind === 'message' ? pictures.wayFor(item, client) : undefined
}

function all<C extends Client>(item: Routed, able: readonly Receiver<C>[]): Receiver<C>[] {
  const had = given(item)
  const left = able.filter(({ client }) => client.startedAt <= item.acceptedAt && !had.includes(client.clientKey))
  return left.length === 0 ? one(item, able) : left
}

function one<C extends Client>(item: Routed, able: readonly Receiver<C>[]): Receiver<C>[] {
  if (item.givenTo) return []
  const unchanged = able.filter(({ target }) => target === undefined)
  let best: Receiver<C> | undefined
  for (const receiver of unchanged.length > 0 ? unchanged : able)
    if (best === undefined || isBefore(receiver.client, best.client)) best = receiver
  return best === undefined ? [] : [best]
}

/** Later ones come later in the list, and win where they began at the same moment. */
const isBefore = (client: Client, other: Client): boolean => {
  const difference = sessionPriority(client.agreement) - sessionPriority(other.agreement)
  return difference === 0 ? client.startedAt >= other.startedAt : difference > 0
}
