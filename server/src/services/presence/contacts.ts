import { type Contact as ContactRequest, format, parseUserId } from '@village/protocol'
import type { Contact, NewContact } from '../../store/contact-lists.ts'
import { isKnownUser } from '../access/known-user.ts'
import { type AddressForm, inForm } from '../address-form.ts'
import type { House, SessionView } from '../context.ts'
import type { Outcome } from '../messaging/outcome.ts'
import { isFitName } from './names.ts'

/** Somebody who can be added to a list. */
export interface ReadContact extends NewContact {
  readonly asWritten: string
}

/**
 * Reads who is to be added to a list (CSP 8.1.2). Whoever cannot be is told to the outcome: 531 for users who do not
 * exist, 400 for a nickname that is none, 754 for more than a user may have. Users of other domains are taken on trust.
 * Who has no nickname gets one in the store: the User-ID, since there are no public profiles with a FriendlyName here.
 */
export async function readContacts(
  wanted: readonly ContactRequest[],
  outcome: Outcome,
  { session, house }: { readonly session: Pick<SessionView, 'homeDomain'>; readonly house: House },
): Promise<ReadContact[]> {
  if (wanted.length > house.config.contacts.maxContacts) {
    outcome.fail('TooManyContacts', {})
    return []
  }
  const read = async ({ userId, name }: ContactRequest): Promise<ReadContact | undefined> => {
    const address = parseUserId(userId, session.homeDomain, house.config.domains)
    if (address === undefined || !(await isKnownUser(address.key, house)))
      outcome.fail('UnknownUser', { userIds: [userId] })
    else if (name && !isFitName(name)) outcome.fail('BadRequest', { userIds: [userId] })
    else {
      const qualified = format(address, 'qualified', session.homeDomain)
      return { userId: address.key, address: qualified, nickName: name || undefined, asWritten: userId }
    }
    return undefined
  }
  return (await Promise.all(wanted.map(read))).filter(contact => contact !== undefined)
}

/** Members of a list as a client reads them: each with a nickname, and the address in the form of the list's own. */
export const writeContacts = (members: readonly Contact[], form: AddressForm, homeDomain: string): ContactRequest[] =>
  members.map(({ address, nickName }) => ({ name: nickName, userId: inForm(address, form, homeDomain) }))
