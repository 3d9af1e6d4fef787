import { openStore } from '../../server/src/store/store.ts'
import { configFor } from './accounts.ts'
import { domain, userIdOf } from './phone.ts'

/** Contacts of each user, all on one contact list. */
const contacts = 30
/** Users that each user has blocked; and every second user has blocked a whole contact list besides. */
const blocked = 5

const others = (n: number, count: number, from: number) =>
  Array.from({ length: count }, (_, k) => `wv:stranger-${(n + from + k) % 10_000}@${domain}`)

const asContact = (userId: string) => ({ userId, address: userId, nickName: undefined })

/**
 * Gives each of so many users a contact list and a block list in use, in a data folder that no server is using. Nobody
 * who is on one has an account, so that every message is judged and none is stopped.
 */
export async function makeLists(folder: string, count: number): Promise<void> {
  const store = await openStore({ url: configFor(folder).store.url, now: Date.now() })
  const make = (n: number) => {
    const userId = userIdOf(n)
    const listId = `wv:phone-${n}/strangers@${domain}`
    const users = others(n, blocked, contacts).map(key => ({ kind: 'user' as const, key, name: key, groupId: null }))
    const list = { kind: 'contactList' as const, key: listId, name: listId, groupId: null }
    const add = n % 2 === 0 ? users : [...users, list]
    return [
      ...store.contactLists.create(
        userId,
        { listId, address: listId, displayName: 'Strangers', doNotNotify: false },
        1,
      ),
      ...store.contactLists.addMembers(userId, listId, others(n, contacts, 0).map(asContact), contacts, null),
      ...store.accessLists.change(userId, { block: { isInUse: true, remove: [], add, most: add.length } }),
    ]
  }
  const batch = 200
  for (let start = 0; start < count; start += batch)
    await Promise.all(Array.from({ length: Math.min(batch, count - start) }, (_, k) => store.commit(make(start + k))))
  await store.close()
}
