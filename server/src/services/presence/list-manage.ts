import { parseUserId, refuse } from '@village/protocol'
import type { ListChange } from '../../store/access-lists.ts'
import type { ContactList } from '../../store/contact-lists.ts'
import type { Unit } from '../../store/database.ts'
import { type Context, done, type Handler, type House, type SessionView } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { tellAuthorizationChanged } from './attribute-list-change.ts'
import { type Attributes, readAttributes } from './attributes.ts'
import { readContacts, writeContacts } from './contacts.ts'
import { changeLists, refuseConflict } from './list-change.ts'
import { readProperties, writeProperties } from './list-properties.ts'
import { ownList } from './own-list.ts'

type Request = Parameters<Handler<'ListManageRequest'>>[0]

/**
 * Reads a contact list, or changes its properties or who is on it, and tells it as it is then (CSP 8.1.2). Users who do
 * not exist are told, while the others are added. IMPS-CSP-PRSE-S-004.
 */
export const listManage: Handler<'ListManageRequest'> = async (request, context) => {
  const { session, house } = context
  const { key, isLocal } = ownList(request.contactList, session)
  const current = await ownListNow(key, context)
  const outcome = new Outcome(session.version)
  const grant = granting(request, current, context)
  const unit = [
    ...properties(request, key, context),
    ...removal(request, key, context),
    ...(await addition(request, key, outcome, context)),
    ...showing(request, current, context),
  ]
  if (outcome.isFailure) return { ...done, body: { result: outcome.result() } }
  const shown = request.authorizeAndGrant === true ? await shownTo(key, context) : undefined
  if (unit.length > 0) await changeLists(key, unit, context, grant).catch(refuseConflict)
  if (request.authorizeAndGrant === true) await tellShown(current, shown, context)

  const list = unit.length > 0 ? await ownListNow(key, context) : current
  const members = wantsMembers(request) ? await house.store.contactLists.members(key) : undefined
  const body = {
    result: outcome.result(),
    nickList: members && writeContacts(members, isLocal ? 'local' : 'qualified', session.homeDomain),
    contactListProperties: wantsProperties(request) ? writeProperties(list, session.version) : undefined,
  }
  const name = 'ListManageResponse'
  return { name, body, shorter: unit.length > 0 ? { name, body: { ...body, nickList: undefined } } : undefined }
}

const ownListNow = async (listId: string, { session, house }: Context): Promise<ContactList> =>
  (await house.store.contactLists.find(session.userId, listId)) ?? refuse('ContactListDoesNotExist')

/** Until 1.1 a client could not say; nobody is told of members against their will. */
const wantsMembers = ({ receiveList }: Request) => receiveList ?? true

/** Of a list that is read, and of one whose properties were changed. */
const wantsProperties = ({ addNickList, removeNickList }: Request) =>
  addNickList === undefined && removeNickList === undefined

/** @throws Refusal InvalidContactListProperty: then none is changed */
function properties({ contactListProperties }: Request, listId: string, { session, house }: Context): Unit {
  if (contactListProperties === undefined) return []
  const { properties, invalid } = readProperties(contactListProperties)
  if (invalid.length > 0)
    refuse('InvalidContactListProperty', {
      description: 'Properties are DisplayName, and Default and DoNotNotify (T, F)',
    })
  return house.store.contactLists.change(session.userId, listId, properties)
}

/** More than a user can have by any configuration. */
const mostRemoved = 10_000

function removal({ removeNickList = [] }: Request, listId: string, { session, house }: Context): Unit {
  if (removeNickList.length > mostRemoved) refuse('BadRequest', { description: 'Too many users to remove' })
  const members = removeNickList.flatMap(userId => keyOf(userId, session, house))
  if (members.length === 0) return []
  return house.store.contactLists.removeMembers(session.userId, listId, members, session.clientKey)
}

/** What is no address is not on the list either, which is no error (CSP 8.1.2). */
const keyOf = (userId: string, { homeDomain }: SessionView, { config }: House) =>
  parseUserId(userId, homeDomain, config.domains)?.key ?? []

async function addition({ addNickList }: Request, listId: string, outcome: Outcome, context: Context): Promise<Unit> {
  if (addNickList === undefined) return []
  const { session, house } = context
  const contacts = await readContacts(addNickList, outcome, context)
  if (contacts.length === 0) return []
  outcome.succeed({ userIds: contacts.map(({ asWritten }) => asWritten) })
  const { maxContacts } = house.config.contacts
  return house.store.contactLists.addMembers(session.userId, listId, contacts, maxContacts, session.clientKey)
}

/** AuthorizeAndGrant puts the list on the grant list; F means nothing (CSP 8.1.2). */
function granting(
  { authorizeAndGrant }: Request,
  { listId, address }: ContactList,
  { house }: Context,
): ListChange | undefined {
  if (authorizeAndGrant !== true) return undefined
  const entry = { kind: 'contactList', key: listId, name: address, groupId: null } as const
  return { add: [entry], remove: [], most: house.config.access.maxGranted }
}

/** It lets its members see OnlineStatus, too. */
function showing({ authorizeAndGrant }: Request, { listId, address }: ContactList, { session, house }: Context): Unit {
  if (authorizeAndGrant !== true) return []
  const { maxAttributeLists } = house.config.presence
  return house.store.attributeLists.addAttribute(
    session.userId,
    { listId, name: address },
    'OnlineStatus',
    maxAttributeLists,
  )
}

/** What those on a list are shown by it; undefined where that was never said. */
async function shownTo(listId: string, { session, house }: Context): Promise<Attributes | undefined> {
  const lists = await house.store.attributeLists.of(session.userId)
  const attributes = lists.find(({ subject }) => subject === listId)?.attributes
  return attributes === null || attributes === undefined ? undefined : readAttributes(attributes)
}

/** Where it was more than what was shown before, AuthorizeAndGrant has changed an authorization. */
async function tellShown({ listId, address }: ContactList, before: Attributes | undefined, context: Context) {
  const shown = await shownTo(listId, context)
  if (shown === undefined || shown === before) return
  await tellAuthorizationChanged([{ kind: 'contactList', subject: listId, name: address }], shown, context)
}
