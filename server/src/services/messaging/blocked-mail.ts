import { status } from '@village/protocol'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House } from '../context.ts'
import { type AccessRules, hearsAll, partiesOf } from './access-rules.ts'
import { infoOf } from './mail.ts'
import { settle } from './settlement.ts'

/** A page is in memory with its contents. */
const pageSize = 50

/**
 * Takes messages that wait for a user out of the mailbox where access control no longer lets them through (CSP 9.3.1:
 * "not to deliver"). Senders who asked for a report are told 532, unless blocks are hidden.
 */
export async function removeBlocked(userId: string, homeDomain: string, house: House): Promise<void> {
  const rules = await house.accessRules.of(userId)
  if (rules === hearsAll) return
  const { store, world, config } = house
  const code = config.messages.hideBlock ? undefined : status.RecipientBlocked.code
  let after = 0
  for (;;) {
    const items = await store.mailboxes.waiting(userId, after, pageSize, world.now())
    const blocked = items.filter(item => isBlocked(item, rules, homeDomain))
    await Promise.all(blocked.map(item => settle(item, code, house)))
    if (items.length < pageSize) return
    after = items.at(-1)!.sequence
  }
}

const isBlocked = (item: MailItem, rules: AccessRules, homeDomain: string): boolean => {
  if (item.kind !== 'message') return false
  const { sender, recipient } = infoOf(item)
  return rules.blocks(partiesOf(sender, recipient, homeDomain))
}
