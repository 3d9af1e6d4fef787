import { status } from '@village/protocol'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House } from '../context.ts'
import { type AccessRules, partiesOf } from './access-rules.ts'
import { infoOf } from './mail.ts'
import { settle } from './settlement.ts'

/** A page is in memory with its contents, and judged without anybody else having a turn. */
const pageSize = 50

/**
 * Takes messages that wait for a user out of the mailbox where access control no longer lets them through (CSP 9.3.1:
 * "not to deliver"). Senders who asked for a report are told 532, unless blocks are hidden. Where the rules are still
 * those of the last time there is nothing to look for, since what came in the meantime came by them.
 */
export async function removeBlocked(userId: string, homeDomain: string, house: House): Promise<void> {
  const { store, world, config, accessRules } = house
  const rules = await accessRules.of(userId)
  if (accessRules.areApplied(rules)) return
  const code = config.messages.hideBlock ? undefined : status.RecipientBlocked.code
  const isBlocked = judge(rules, homeDomain)
  let after = 0
  for (;;) {
    const items = await store.mailboxes.waiting(userId, after, pageSize, world.now())
    await Promise.all(items.filter(isBlocked).map(item => settle(item, code, house)))
    if (items.length < pageSize) break
    after = items.at(-1)!.sequence
    await world.turn()
  }
  accessRules.noteApplied(rules)
}

/** Of many messages a few people have sent most: each of them is judged once. */
const judge = (rules: AccessRules, homeDomain: string) => {
  const verdicts = new Map<string, boolean>()
  return (item: MailItem): boolean => {
    if (item.kind !== 'message') return false
    const { sender, recipient } = infoOf(item)
    // Addressed in several ways it stays as long as the user hears one of them.
    const ways = recipient.users?.map(user => ({ users: [user] })) ?? []
    return (ways.length > 0 ? ways : [recipient]).every(way => {
      const parties = partiesOf(sender, way, homeDomain)
      const key = JSON.stringify(parties)
      const verdict = verdicts.get(key) ?? rules.blocks(parties)
      verdicts.set(key, verdict)
      return verdict
    })
  }
}
