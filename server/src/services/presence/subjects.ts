import { format, parseContactListId, parseUserId, refuse } from '@village/protocol'
import { isKnownUser, isServed } from '../access/known-user.ts'
import type { AddressForm } from '../address-form.ts'
import type { Context } from '../context.ts'
import type { Outcome } from '../messaging/outcome.ts'
import { findOwnList } from './own-list.ts'

/** Users and contact lists that a request is about, as 1.3 has them: before, they were elements of their own. */
export interface SubjectsRequest {
  readonly userIds?: readonly string[] | undefined
  readonly contactLists?: readonly string[] | undefined
}

export interface Subject {
  readonly key: string
  /** How the client wrote it (CSP 5.3.2). */
  readonly form: AddressForm
  /** Of a user in that form; of a contact list in full. */
  readonly address: string
  /** In full, as it is stored. */
  readonly qualified: string
  readonly asWritten: string
}

const mostSubjects = 1000

const nobody: ReadonlySet<string> = new Set()

/**
 * Who is meant, each once. Users who do not exist, or are out of reach, and lists that are not the user's own are told
 * to the outcome (531, 516, 700).
 * @param kept keys of users who can be meant also where they have no account any more
 * @throws Refusal BadRequest where too many are named
 */
export async function readSubjects(
  { userIds = [], contactLists = [] }: SubjectsRequest,
  outcome: Outcome,
  context: Context,
  kept: ReadonlySet<string> = nobody,
) {
  if (userIds.length + contactLists.length > mostSubjects)
    refuse('BadRequest', { description: `More than ${mostSubjects} users and contact lists; ask for them in parts` })
  const users = new Map<string, Subject>()
  for (const asWritten of userIds) {
    const subject = await readUser(asWritten, outcome, context, kept)
    if (subject !== undefined) users.set(subject.key, subject)
  }
  const lists = new Map<string, Subject>()
  for (const asWritten of contactLists) {
    const list = await findOwnList(asWritten, context)
    if (list === undefined) outcome.fail('ContactListDoesNotExist', { contactLists: [asWritten] })
    else {
      const { listId: key, address } = list
      const form = parseContactListId(asWritten, context.session.homeDomain)?.isLocal ? 'local' : 'qualified'
      lists.set(key, { key, form, address, qualified: address, asWritten })
    }
  }
  return { users: [...users.values()], lists: [...lists.values()] }
}

/** What they are called in the answer: as the client wrote them. */
export const namesOf = (users: readonly Subject[], lists: readonly Subject[]) => ({
  userIds: users.map(({ asWritten }) => asWritten),
  contactLists: lists.map(({ asWritten }) => asWritten),
})

async function readUser(
  asWritten: string,
  outcome: Outcome,
  { session, house }: Context,
  kept: ReadonlySet<string>,
): Promise<Subject | undefined> {
  const address = parseUserId(asWritten, session.homeDomain, house.config.domains)
  const isKept = address !== undefined && kept.has(address.key)
  if (address !== undefined && !isKept && !isServed(address.key, house))
    outcome.fail('DomainNotSupported', { userIds: [asWritten] })
  else if (address === undefined || !(isKept || (await isKnownUser(address.key, house))))
    outcome.fail('UnknownUser', { userIds: [asWritten] })
  else {
    const form = address.isLocal ? 'local' : 'qualified'
    return {
      key: address.key,
      form,
      address: format(address, form, session.homeDomain),
      qualified: format(address, 'qualified', session.homeDomain),
      asWritten,
    }
  }
  return undefined
}
