import { status } from '@village/protocol'
import type { AnnouncedItem, Announcement } from '../../cluster/bus.ts'
import { Conflict, StoreUnavailable, type Unit } from '../../store/database.ts'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House, SessionView } from '../context.ts'
import { infoOf, writeReport } from './mail.ts'
import type { Routed } from './routing.ts'

type Settled = Pick<MailItem, 'recipient' | 'messageId' | 'reportTo' | 'info' | 'kind'> & Pick<AnnouncedItem, 'written'>

/**
 * Takes an item out of its mailbox, on behalf of the session that got it if there is one; a message whose sender
 * wants to know leaves a report with this status code behind. What is out already stays so, and is reported once.
 * @param code undefined: without a report
 */
export const settle = (item: Settled, code: number | undefined, house: House, session?: SessionView) =>
  settleWith(session?.hold() ?? [], item, code, house)

/**
 * Commits a unit in which an item leaves its mailbox besides, with the report if its sender wants one. False where the
 * item is gone already, and nothing was done.
 */
export async function settleWith(unit: Unit, item: Settled, code: number | undefined, house: House): Promise<boolean> {
  const { recipient, messageId } = item
  const whole = [...unit, ...house.store.mailboxes.settle(recipient, messageId, house.world.now())]
  const isThere = await reporting(whole, item, code, house)
  house.bus.announce(withdrawn(item))
  return isThere
}

/**
 * The client of a session has a message (CSP 9.1.5): it leaves the mailbox, or stays there for other clients of the
 * user that are to have it too (CSP 6.9.1). The sender hears of the first.
 */
export async function confirm(item: Settled & Routed, session: SessionView, house: House): Promise<unknown> {
  const { outboxes, store } = house
  if (!(await outboxes.isForSeveral(item, session))) return settle(item, 200, house, session)
  for (;;) {
    const stored = await store.mailboxes.find(item.recipient, item.messageId)
    const givenTo = stored && (await outboxes.notedFor(stored, session))
    if (stored === undefined || givenTo === undefined) return settle(stored ?? item, 200, house, session)
    // It said so before.
    if (givenTo === stored.givenTo) return outboxes.finish(session, item.messageId)
    const unit = [...session.hold(), ...store.mailboxes.give(item.recipient, item.messageId, stored.givenTo, givenTo)]
    if (await reporting(unit, stored, 200, house)) return outboxes.finish(session, item.messageId)
    // Another client was faster.
  }
}

/** No client is to be given it from memory any more. */
const withdrawn = ({ recipient, messageId }: Pick<MailItem, 'recipient' | 'messageId'>): Announcement => ({
  recipient,
  item: undefined,
  gone: [messageId],
})

/** What a sender who asked for a report is told of a message that did not arrive, or undefined for nothing. */
export function failureToReport(name: 'MessageRejected' | 'MessageForwarded' | 'MessageExpired', { config }: House) {
  if (!config.messages.hideRefusals) return status[name].code
  // The server may say that all went well (CSP 11.4.21, 11.4.24); where it never arrived, it had better say nothing.
  return name === 'MessageExpired' ? undefined : status.Successful.code
}

/** Commits a unit that is about an item, with the report that its sender asked for. False where the item is gone. */
async function reporting(unit: Unit, item: Settled, code: number | undefined, house: House): Promise<boolean> {
  const isAskedFor = code !== undefined && item.kind === 'message' && item.reportTo !== null
  const report = isAskedFor ? reportFor(item, code, house.world.now(), house) : undefined
  try {
    await house.store.commit(
      report ? [...unit, ...house.store.mailboxes.append([report], mostReports)] : unit,
      item.recipient,
    )
  } catch (conflict) {
    if (conflict instanceof StoreUnavailable && report) {
      // Nobody can tell whether the report is there, and the next try does not find anything to report on.
      house.bus.announce({ recipient: report.recipient, item: undefined })
    }
    if (!(conflict instanceof Conflict)) throw conflict
    if (conflict.conflict === 'NoSuchMessage') return false
    // The sender is gone, or never fetches reports: the recipient's message is settled all the same. Where the conflict is
    // about something else in the unit, it comes again.
    const isReports = conflict.conflict === 'NoSuchAccount' || conflict.conflict === 'QueueFull'
    if (report && isReports) return reporting(unit, { ...item, reportTo: null }, code, house)
    throw conflict
  }
  if (report) house.bus.announce({ recipient: report.recipient, item: report })
  return true
}

/** Reports are taken where the queue of messages is full too; this only keeps a forgotten account from growing. */
const mostReports = 100_000

const reportFor = (item: Settled, code: number, now: number, house: House): AnnouncedItem => ({
  messageId: house.world.timedToken(),
  recipient: item.reportTo!,
  kind: 'report',
  origin: null,
  ...writeReport(infoOf(item), code, now),
  acceptedAt: now,
  expiresAt: now + house.config.messages.maxValiditySeconds * 1000,
  reportTo: null,
})
