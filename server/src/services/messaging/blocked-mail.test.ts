import { describe, expect, it } from 'vitest'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House } from '../context.ts'
import type { AccessRules, Parties } from './access-rules.ts'
import { removeBlocked } from './blocked-mail.ts'

const alice = 'wv:alice@example.com'
const from = (name: string) => ({ sender: { user: { userId: `wv:${name}@example.com` } }, recipient: { users: [] } })

/** Rules that block nobody, over a mailbox with a thousand messages of ten people; counts what is done. */
const open = () => {
  const done = { judged: [] as (string | undefined)[], turns: 0, pages: 0 }
  const items = Array.from({ length: 1000 }, (_, index) => ({
    kind: 'message',
    sequence: index + 1,
    info: JSON.stringify({ info: from(`user${index % 10}`) }),
  })) as unknown as MailItem[]
  const rules: AccessRules = {
    size: 1,
    blocks: ({ userId }: Parties) => {
      done.judged.push(userId)
      return false
    },
  }
  const applied = new Set<AccessRules>()
  const house = {
    world: { now: () => 0, turn: async () => void done.turns++ },
    config: { messages: {} },
    accessRules: {
      of: async () => rules,
      areApplied: (some: AccessRules) => applied.has(some),
      noteApplied: (some: AccessRules) => applied.add(some),
    },
    store: {
      mailboxes: {
        async waiting(_: string, after: number, limit: number) {
          done.pages++
          return items.slice(after, after + limit)
        },
      },
    },
  } as unknown as House
  return { done, house }
}

describe('CSP 9.3.1: what waits', () => {
  it('is judged once for each sender, in pages between which others have their turn', async () => {
    const { done, house } = open()
    await removeBlocked(alice, 'example.com', house)
    expect(done.judged).toHaveLength(10)
    expect(new Set(done.judged).size).toBe(10)
    expect([done.pages, done.turns]).toEqual([21, 20])
  })

  it('is left alone where the rules are those of the last time', async () => {
    const { done, house } = open()
    await removeBlocked(alice, 'example.com', house)
    await removeBlocked(alice, 'example.com', house)
    expect(done.pages).toBe(21)
  })
})
