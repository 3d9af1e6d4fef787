import type { BodyInput, Version } from '@village/protocol'
import type { AttributeList } from '../../store/attribute-lists.ts'
import { inForm } from '../address-form.ts'
import type { Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { attributesOf, naming, readAttributes } from './attributes.ts'
import { namesOf, readSubjects } from './subjects.ts'

type Association = NonNullable<BodyInput<'GetAttributeListResponse'>['presences']>[number]

/**
 * Tells users whom they let see what: those they name, everybody where they name neither users nor contact lists, and the
 * default list where they ask for it, be it empty (CSP 8.2.4). Of whom there is no list nothing is told, although a
 * flag may be kept. Where nobody is named they are written in the form of the login (CSP 5.3.2). IMPS-CSP-PRSE-S-007.
 */
export const getAttributeList: Handler<'GetAttributeListRequest'> = async (request, context) => {
  const { session, house } = context
  const outcome = new Outcome(session.version)
  const { users, lists } = await readSubjects(request, outcome, context)
  const isForAll = request.userIds === undefined && request.contactLists === undefined
  if (request.defaultList || isForAll || users.length + lists.length > 0) outcome.succeed(namesOf(users, lists))

  const stored = await house.store.attributeLists.of(session.userId)
  // The key of a user is never that of a contact list.
  const addresses = new Map([
    ...users.map(({ key, address }) => [key, address] as const),
    ...lists.map(({ key, asWritten }) => [key, asWritten] as const),
  ])
  const addressOf = ({ subject, name }: AttributeList) =>
    isForAll ? inForm(name, session.addressForm, session.homeDomain) : addresses.get(subject)
  const presences = stored.flatMap(list => association(list, addressOf(list), session.version))
  const byDefault = stored.find(({ kind }) => kind === 'default')
  const defaultAttributeList = {
    defaultNotify: byDefault?.notify,
    presenceSubList: attributesNamed(byDefault?.attributes, session.version),
  }
  return {
    name: 'GetAttributeListResponse',
    body: {
      result: outcome.result(),
      defaultAttributeList: request.defaultList ? defaultAttributeList : undefined,
      presences,
    },
  }
}

/** A user or a contact list with what may be seen; a flag that was never set is left out (CSP 8.2.4). */
function association(list: AttributeList, address: string | undefined, version: Version): Association[] {
  const { kind, attributes, notify } = list
  if (kind === 'default' || attributes === null || address === undefined) return []
  const presenceSubLists = [attributesNamed(attributes, version)]
  return [
    kind === 'user'
      ? { userId: address, userNotify: notify, presenceSubLists }
      : { contactList: address, contactListNotify: notify, presenceSubLists },
  ]
}

const attributesNamed = (attributes: string | null | undefined, version: Version) =>
  naming(readAttributes(attributes ?? '') & attributesOf(version))
