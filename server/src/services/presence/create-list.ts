import { isWithin, type Property, type ResourceAddress, refuse } from '@village/protocol'
import { isConflict, type Unit } from '../../store/database.ts'
import { type Answer, type Context, done, type Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { type ReadContact, readContacts } from './contacts.ts'
import { changeLists, refuseConflict } from './list-change.ts'
import { readProperties, writeProperties } from './list-properties.ts'
import { creating } from './list-units.ts'
import { ownList } from './own-list.ts'

/**
 * Creates a contact list, with properties and users to begin with (CSP 8.1.2). It is created also where some of those
 * cannot be had: then the answer is a 201 that tells which. IMPS-CSP-PRSE-S-002, IMPS-CSP-CCLI-S-001.
 */
export const createList: Handler<'CreateListRequest'> = async (request, context) => {
  const { session, house } = context
  const address = ownList(request.contactList, session)
  const { key } = address
  if (await house.store.contactLists.find(session.userId, key)) refuse('ContactListAlreadyExists')
  const outcome = new Outcome(session.version)
  const created = creation(address, request.contactListProperties ?? [], outcome, context)
  const contacts = await readContacts(request.nickList ?? [], outcome, context)
  const added = await write(key, created, contacts, outcome, context).catch(refuseConflict)
  outcome.succeed({ contactLists: [request.contactList], userIds: added.map(({ asWritten }) => asWritten) })
  return answer(request.contactList, key, outcome, context)
}

/** The list without anybody on it. What cannot be a property of it is told to the outcome. */
function creation(address: ResourceAddress, said: readonly Property[], outcome: Outcome, context: Context): Unit {
  const { properties, invalid } = readProperties(said)
  if (invalid.length > 0) outcome.fail('InvalidContactListProperty', {})
  return creating(address, properties, context.session, context.house)
}

/** The list with those who can be on it, or without anybody where they are too many. Resolves to who is on it. */
async function write(
  listId: string,
  created: Unit,
  contacts: readonly ReadContact[],
  outcome: Outcome,
  context: Context,
): Promise<readonly ReadContact[]> {
  const { session, house } = context
  const { maxContacts } = house.config.contacts
  const { userId, clientKey } = session
  const filling =
    contacts.length === 0 ? [] : house.store.contactLists.addMembers(userId, listId, contacts, maxContacts, clientKey)
  try {
    await changeLists(listId, [...created, ...filling], context)
    return contacts
  } catch (error) {
    if (!isConflict(error, 'TooManyContacts')) throw error
    outcome.fail('TooManyContacts', {})
    await changeLists(listId, created, context)
    return []
  }
}

async function answer(
  contactList: string,
  listId: string,
  outcome: Outcome,
  { session, house }: Context,
): Promise<Answer<'CreateListRequest'>> {
  const result = outcome.result()
  if (result.code !== 200 || !isWithin(session.version, { since: '1.3' })) return { ...done, body: { result } }
  const list = (await house.store.contactLists.find(session.userId, listId)) ?? refuse('ContactListDoesNotExist')
  return {
    name: 'CreateListResponse',
    body: { contactList, contactListProperties: writeProperties(list, session.version) },
  }
}
