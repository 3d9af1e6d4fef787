import type { Session, To } from '@village/client'
import { parseAddress } from '@village/protocol'
import { oneLine } from './printable.ts'

/** To whom lines go. */
export interface ChatRecipient {
  readonly to: To
  /** As it is shown. */
  readonly name: string
}

/** The address of a user by what the contacts call them, or as it was typed. */
export const userFor = (typed: string, session: Session): string => addressIn(recipientFor(typed, session).to)

export function addressIn(to: To): string {
  if (typeof to === 'string') return to
  return 'contactList' in to ? to.contactList : to.userId
}

const atAddress = (address: string, home: string): ChatRecipient => {
  const isList = parseAddress(address, home)?.kind === 'private'
  return { to: isList ? { contactList: address } : address, name: oneLine(address) }
}

/**
 * Who is meant by what was typed: whom the contacts have under this name, a contact list that has it, else an address,
 * which is that of a list if it is below that of a user.
 */
export function recipientFor(typed: string, { contacts, userId }: Session): ChatRecipient {
  const home = userId.split('@')[1] || 'localhost'
  const isTyped = (name: string) => name.toLowerCase() === typed.toLowerCase()
  const contact = contacts.all.find(({ nickname }) => isTyped(nickname))
  if (contact) return atAddress(contact.userId, home)
  const list = contacts.lists.find(({ name }) => isTyped(name))
  return atAddress(list?.address ?? typed.split(/\s/, 1)[0]!, home)
}
