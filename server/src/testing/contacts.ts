import type { NewContact, NewContactList } from '../store/contact-lists.ts'

/** A contact list that nothing was said about, by its key. */
export const newList = (listId: string): NewContactList => ({
  listId,
  address: listId,
  displayName: '',
  doNotNotify: false,
})

/** Somebody to be put on a list, by the key of the address. */
export const newContact = (userId: string, nickName?: string): NewContact => ({ userId, address: userId, nickName })
