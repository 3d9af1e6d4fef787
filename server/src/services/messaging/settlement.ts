import type { AnnouncedItem } from '../../cluster/bus.ts'
import { Conflict, StoreUnavailable } from '../../store/database.ts'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House, SessionView } from '../context.ts'
import { infoOf, writeReport } from './mail.ts'

type Settled = Pick<MailItem, 'recipient' | 'messageId' | 'reportTo' | 'info' | 'kind'> & Pick<AnnouncedItem, 'written'>

/**
 * Takes an item out of its mailbox, on behalf of the session that got it if there is one; a message whose sender
 * wants to know leaves a report with this status code behind.
 */
export async function settle(item: Settled, code: number, house: House, session?: SessionView): Promise<void> {
  const now = house.world.now()
  const report = item.kind === 'message' && item.reportTo !== null ? reportFor(item, code, now, house) : undefined
  const unit = [
    ...(session?.hold() ?? []),
    ...house.store.mailboxes.settle(item.recipient, item.messageId, now),
    ...(report ? house.store.mailboxes.append([report], mostReports) : []),
  ]
  try {
    await house.store.commit(unit, item.recipient)
  } catch (conflict) {
    if (conflict instanceof StoreUnavailable && report) {
      // Nobody can tell whether the report is there, and the next try does not find anything to report on.
      house.bus.announce({ recipient: report.recipient, item: undefined })
    }
    if (!(conflict instanceof Conflict)) throw conflict
    if (conflict.conflict === 'NoSuchMessage') return
    // The sender is gone, or never fetches reports: the recipient's message is settled all the same.
    const isReports = conflict.conflict === 'NoSuchAccount' || conflict.conflict === 'QueueFull'
    if (report && isReports) return settle({ ...item, reportTo: null }, code, house, session)
    throw conflict
  }
  if (report) house.bus.announce({ recipient: report.recipient, item: report })
}

/** Reports are taken where the queue of messages is full too; this only keeps a forgotten account from growing. */
const mostReports = 100_000

const reportFor = (item: Settled, code: number, now: number, house: House): AnnouncedItem => ({
  messageId: house.world.token(),
  recipient: item.reportTo!,
  kind: 'report',
  origin: null,
  ...writeReport(infoOf(item), code, now),
  acceptedAt: now,
  expiresAt: now + house.config.messages.maxValiditySeconds * 1000,
  reportTo: null,
})
