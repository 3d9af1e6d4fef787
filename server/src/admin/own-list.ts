import { ownerKey, parseContactListId, type ResourceAddress } from '@village/protocol'
import { UserRefusal } from './user-refusal.ts'

/**
 * Reads the address of a contact list of a user, or just its name: `friends` for `wv:alice/friends@example.com`. Refuses
 * `NoSuchList` for a list of somebody else, and `BadRequest`.
 * @param userId key
 */
export const parseOwnList = (text: string, userId: string): ResourceAddress => {
  const [user, domain] = userId.split('@') as [string, string]
  const address = parseContactListId(/[:/@]/.test(text) ? text : `${user}/${text}@${domain}`, domain)
  if (address === undefined)
    throw new UserRefusal(
      'BadRequest',
      `${text} is no contact list. Write it like friends or ${user}/friends@${domain}.`,
    )
  if (ownerKey(address) !== userId)
    throw new UserRefusal('NoSuchList', `${text} is no contact list of ${userId}. Theirs begin with ${user}/.`)
  return address
}
