import type { Store } from '../../src/store/store.ts'
import type { Tamper } from './server.ts'

/**
 * Mistakes that a store or those who use it could have. Each must be found by the simulation, or else it proves
 * nothing.
 */
export const tamperings: Readonly<Record<string, Tamper>> = {
  'acknowledges before the flush': store => ({
    ...store,
    commit: async (unit, lane) => {
      store.commit(unit, lane).catch(() => {})
    },
  }),
  'forgets which transaction a message came from': store =>
    withMailboxes(store, ({ append }) => ({
      append: (items, limit) =>
        append(
          items.map(item => ({ ...item, origin: null })),
          limit,
        ),
    })),
  'takes transactions for the same that only share their id': store =>
    withMailboxes(store, ({ append, byOrigin }) => ({
      append: (items, limit) =>
        append(
          items.map(item => ({ ...item, origin: item.origin && idOnly(item.origin) })),
          limit,
        ),
      byOrigin: origin => byOrigin(idOnly(origin)),
    })),
  'puts a message into the wrong mailbox now and then': store =>
    withMailboxes(store, ({ append }) => ({
      append: (items, limit) =>
        append(
          items.map(item =>
            item.messageId.at(-1)! < '4' && item.kind === 'message'
              ? { ...item, recipient: 'wv:bob@example.com' }
              : item,
          ),
          limit,
        ),
    })),
  'keeps what was delivered': store => withMailboxes(store, () => ({ settle: () => [] })),
  'reads mailboxes backwards': store =>
    withMailboxes(store, ({ waiting }) => ({ waiting: async (...which) => (await waiting(...which)).reverse() })),
  'forgets sessions': store => ({ ...store, sessions: { ...store.sessions, find: async () => undefined } }),
  'never answers when a queue is full': store => ({
    ...store,
    commit: (unit, lane) =>
      store
        .commit(unit, lane)
        .catch(error => (error.conflict === 'QueueFull' ? new Promise(() => {}) : Promise.reject(error))),
  }),
}

type Mailboxes = Store['mailboxes']

const withMailboxes = (store: Store, change: (mailboxes: Mailboxes) => Partial<Mailboxes>): Store => ({
  ...store,
  mailboxes: { ...store.mailboxes, ...change(store.mailboxes) },
})

/** The login and the Transaction-ID, without the digest of the body. */
const idOnly = (origin: string) => origin.split(':', 2).join(':')
