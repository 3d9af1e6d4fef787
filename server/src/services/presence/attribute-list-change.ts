import { refuse } from '@village/protocol'
import type { AttributeList, ListSubject, ListTarget } from '../../store/attribute-lists.ts'
import { isConflict, type Unit } from '../../store/database.ts'
import { notify } from '../access/notify.ts'
import type { Context } from '../context.ts'
import { type Attributes, naming, noAttributes, writeAttributes } from './attributes.ts'
import { tellByNewWishes } from './reactive-authorization.ts'

/** Whom an attribute list is for, with the address that people know. */
type Named = Pick<AttributeList, 'kind' | 'subject' | 'name'>

/**
 * Gives these the same attribute list, in place of those they have (CSP 8.2.4).
 * @throws Refusal TooManyAttributeLists: then nobody has been given one
 */
export async function assignLists(targets: readonly ListTarget[], attributes: Attributes, context: Context) {
  const { session, house } = context
  const { maxAttributeLists } = house.config.presence
  const names = writeAttributes(attributes)
  const before = await house.presence.of(session.userId)
  await write(house.store.attributeLists.assign(session.userId, targets, names, maxAttributeLists), context)
  await tellAuthorizationChanged(targets, attributes, context)
  await tellByNewWishes(before, session.userId, house)
}

/** Takes attribute lists away. That one is not there is no error, and no event either (CSP 8.2.4). */
export async function clearLists(subjects: readonly ListSubject[], context: Context) {
  const { session, house } = context
  const isMeant = (list: AttributeList) =>
    list.attributes !== null && subjects.some(({ kind, subject }) => kind === list.kind && subject === list.subject)
  const lists = (await house.store.attributeLists.of(session.userId)).filter(isMeant)
  if (lists.length === 0) return
  await write(house.store.attributeLists.clear(session.userId, lists), context)
  await tellAuthorizationChanged(lists, noAttributes, context)
}

/** From then on nobody sees more than that, and what may be seen newly is on its way (CSP 8.2.2). */
async function write(unit: Unit, { session, house }: Context) {
  try {
    await house.store.commit([...session.hold(), ...unit], session.userId)
  } catch (error) {
    if (isConflict(error, 'TooManyAttributeLists')) refuse('TooManyAttributeLists')
    throw error
  } finally {
    // Where the store failed, nobody can tell whether it was written.
    await house.presence.onAuthorization(session.userId)
  }
}

/**
 * Tells the other clients of the user for whom there is another attribute list, and which (AC, CSP 7.2.1): an empty one
 * also where it was taken away, for the list has to be said.
 */
export async function tellAuthorizationChanged(lists: readonly Named[], attributes: Attributes, context: Context) {
  const { session, house } = context
  const namesOf = (kind: AttributeList['kind']) => lists.filter(list => list.kind === kind).map(({ name }) => name)
  const [userIds, contactLists] = [namesOf('user'), namesOf('contactList')]
  const changed = {
    notificationType: 'AC',
    presenceSubList: naming(attributes),
    userIds: userIds.length > 0 ? userIds : undefined,
    contactLists: contactLists.length > 0 ? contactLists : undefined,
    defaultList: namesOf('default').length > 0 ? true : undefined,
  }
  await notify(session.userId, changed, house, session)
}
