import type { AnnouncedItem } from '../../cluster/bus.ts'
import { Conflict } from '../../store/database.ts'
import type { House } from '../context.ts'
import { type Announced, mostWaiting } from './system-message.ts'

export interface Announcing {
  /** The System Message's id, the same for all recipients. */
  readonly id: string
  /** How many users have it. */
  readonly recipients: number
  /** User keys: no such account, or too many messages wait there already. */
  readonly unreached: readonly string[]
}

/** So many mailboxes are written side by side. */
const batch = 100
/** So many announcements can be looked at, with their answers. */
const mostKept = 1000

/** Puts a System Message into the mailboxes of users, and tells their sessions (CSP 7.1). */
export async function announce(
  announced: Announced,
  userIds: AsyncIterable<string> | Iterable<string>,
  validitySeconds: number,
  house: House,
): Promise<Announcing> {
  const { store, world, config } = house
  const id = world.timedToken()
  const now = world.now()
  const times = { acceptedAt: now, expiresAt: now + validitySeconds * 1000 }
  const forgetAt = times.expiresAt + config.announcements.retentionSeconds * 1000
  const { text, requiresResponse, options } = announced
  const record = { id, text, requiresResponse, options, sentAt: now, expiresAt: times.expiresAt, forgetAt }
  await store.commit(store.announcements.add(record, mostKept))
  const unreached: string[] = []
  let recipients = 0
  const send = async (recipient: string) => {
    const item: AnnouncedItem = {
      ...{ messageId: id, recipient, kind: 'system', origin: null, content: null, reportTo: null },
      ...{ info: JSON.stringify(announced), written: announced },
      ...times,
    }
    try {
      await store.commit(store.mailboxes.append([item], mostWaiting), recipient)
    } catch (conflict) {
      if (!(conflict instanceof Conflict)) throw conflict
      unreached.push(recipient)
      return
    }
    recipients++
    house.bus.announce({ recipient, item })
  }

  const sendAll = async (some: readonly string[]) => {
    const before = recipients
    await Promise.all(some.map(send))
    await store.commit(store.announcements.reach(id, recipients - before))
  }

  let some: string[] = []
  for await (const userId of userIds) {
    some.push(userId)
    if (some.length < batch) continue
    await sendAll(some)
    some = []
  }
  await sendAll(some)
  return { id, recipients, unreached }
}

/** Every account there is, page by page. */
export async function* allUsers({ store }: House): AsyncIterable<string> {
  for (let after = ''; ; ) {
    const page = await store.accounts.list(after, batch)
    for (const { userId } of page) yield userId
    if (page.length < batch) return
    after = page.at(-1)!.userId
  }
}
