import { type ClientID, clientKey } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import type { MailItem } from '../../store/mailboxes.ts'
import { type Info, infoOf, type Readable } from './mail.ts'

/** One way in which a user is addressed: as such, or by one of their clients or applications (CSP 5.5.2.1). */
export interface Addressee {
  readonly clientKey?: string | undefined
  readonly applicationId?: string | undefined
}

/** Whoever a message may be for. */
export interface Person {
  readonly clientKey: string
  readonly applicationId: string | null | undefined
}

type Addressed = Readable & Pick<AnnouncedItem, 'kind'>
type Users = NonNullable<Info['recipient']['users']>

/** For a message the ways in which its sender named the user, for a report whoever sent what it is about. */
export function addresseesOf(item: Addressed): readonly Addressee[] {
  if (item.kind === 'report') return [{ clientKey: keyOf(infoOf(item).sender.user?.clientId) }]
  const users = item.kind === 'message' ? (infoOf(item).recipient.users ?? []) : []
  return users.length === 0 ? [{}] : users.map(addresseeOf)
}

const addresseeOf = ({ clientId, applicationId }: Users[number]): Addressee => ({
  clientKey: keyOf(clientId),
  applicationId,
})

const keyOf = (clientId: ClientID | undefined) => clientId && clientKey(clientId)

/** Whether a client may be the one: it is named, or no other is. */
export const isFor = ({ clientKey, applicationId }: Addressee, person: Person): boolean =>
  (clientKey === undefined || clientKey === person.clientKey) &&
  (applicationId === undefined || isApplication(person, applicationId))

export const isApplication = (person: Person, applicationId: string): boolean =>
  person.applicationId?.toLowerCase() === applicationId.toLowerCase()

/** What a client is told of the Recipient: the one way that is most particularly its own. */
export function shownTo<T extends Info['recipient']>(recipient: T, person: Person): T {
  const { users = [] } = recipient
  if (users.length < 2) return recipient
  const own = users.filter(user => isFor(addresseeOf(user), person))
  const shown = own.find(({ clientId, applicationId }) => clientId ?? applicationId) ?? own[0] ?? users[0]!
  return { ...recipient, users: [shown] }
}

/** The clients that have had an item, by their keys, each with the places of the addressees it stood for. */
export type Given = ReadonlyMap<string, readonly number[]>

export const given = ({ givenTo }: Partial<Pick<MailItem, 'givenTo'>>): Given =>
  givenTo ? new Map(JSON.parse(givenTo) as [string, number[]][]) : toNobody

const toNobody: Given = new Map()

export const writeGiven = (given: Given): string => JSON.stringify([...given])

/** Whether somebody has had it in the name of the addressee in this place. */
export const isServed = (had: Given, place: number): boolean => [...had.values()].some(places => places.includes(place))
