import type { Contact, ContactList } from '../../store/contact-lists.ts'
import { isServed } from '../access/known-user.ts'
import { type Notification, notify } from '../access/notify.ts'
import type { House, SessionView } from '../context.ts'

/** The contact lists of a user at some moment, and who is on the one that is being changed. */
export interface ListsThen {
  readonly lists: readonly ContactList[]
  readonly members: readonly Contact[]
}

export async function readListsNow(
  listId: string,
  { userId }: Pick<SessionView, 'userId'>,
  { store }: House,
): Promise<ListsThen> {
  const [lists, members] = await Promise.all([store.contactLists.ofUser(userId), store.contactLists.members(listId)])
  return { lists, members }
}

/** What was changed, whose it is, and by which client of its user, if by one. */
export interface ChangedList {
  readonly listId: string
  readonly owner: Pick<SessionView, 'userId'>
  readonly doer: SessionView | undefined
}

/**
 * Tells of a change of one contact list (CSP 8.1.2): the other clients of its user which lists are new, changed and gone,
 * those included that became the default or ceased to be it, and users who were put on it that they were, unless the
 * list is not to tell (DoNotNotify). Who was on it already is not told again.
 */
export async function tellListChange(
  { listId, owner, doer }: ChangedList,
  before: ListsThen,
  after: ListsThen,
  house: House,
) {
  for (const event of listEvents(listId, before, after)) await notify(owner.userId, event, house, doer)
  const list = after.lists.find(list => list.listId === listId)
  if (list === undefined || list.doNotNotify) return
  const notification = { notificationType: 'ATCL', userList: { users: [{ userId: owner.userId }] } }
  const told = addedTo(before, after).filter(userId => userId !== owner.userId && isServed(userId, house))
  await Promise.all(told.map(userId => notify(userId, notification, house)))
}

function listEvents(listId: string, before: ListsThen, after: ListsThen): Notification[] {
  const find = ({ lists }: ListsThen, id: string) => lists.find(list => list.listId === id)
  const [old, now] = [find(before, listId), find(after, listId)]
  const isChanged = (list: ContactList): boolean => {
    const then = find(before, list.listId)
    if (then === undefined) return false
    // Of the others nothing else can have changed by this.
    if (list !== now) return list.isDefault !== then.isDefault
    return propertiesOf(list) !== propertiesOf(then) || membersOf(before) !== membersOf(after)
  }
  return [
    ...event('CLCR', now && !old ? [now] : []),
    ...event('CLC', after.lists.filter(isChanged)),
    ...event('CLD', old && !now ? [old] : []),
  ]
}

const event = (notificationType: string, lists: readonly ContactList[]): Notification[] =>
  lists.length === 0 ? [] : [{ notificationType, contactLists: lists.map(({ address }) => address) }]

/** What clients see of a list and of who is on it, to be compared. */
const propertiesOf = ({ displayName, isDefault, doNotNotify }: ContactList) =>
  JSON.stringify([displayName, isDefault, doNotNotify])
const membersOf = ({ members }: ListsThen) => JSON.stringify(members.map(({ userId, nickName }) => [userId, nickName]))

function addedTo(before: ListsThen, after: ListsThen): string[] {
  const known = new Set(before.members.map(({ userId }) => userId))
  return after.members.map(({ userId }) => userId).filter(userId => !known.has(userId))
}
