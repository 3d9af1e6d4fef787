import { refuse } from '@village/protocol'
import type { ListChanges } from '../../store/access-lists.ts'
import { Conflict } from '../../store/database.ts'
import { notifyOthers } from '../access/notify.ts'
import { type Context, done, type Handler } from '../context.ts'
import { isChange, type ListRequest, readChange } from './access-change.ts'
import { accessEvents } from './access-events.ts'
import { removeBlocked } from './blocked-mail.ts'
import { Outcome } from './outcome.ts'

/**
 * Blocks and grants entities, or takes that back, and turns either list on and off (CSP 9.3.1.1): all that is asked, or
 * nothing. From the answer on it holds, for messages that wait as well; the user's other clients are notified (CSP 7.2).
 * IMPS-CSP-IMSE-S-012.
 */
export const blockEntity: Handler<'BlockEntityRequest'> = async (request, context) => {
  const { session, house } = context
  const { maxBlocked, maxGranted } = house.config.access
  const current = await house.store.accessLists.find(session.userId)
  const outcome = new Outcome(session.version)
  const asked = (change: ListRequest, full: 'BlockListFull' | 'GrantListFull', most: number) =>
    readChange(change, { full, most }, outcome, context)
  const [block, grant] = await Promise.all([
    asked(
      { list: request.blockList, isInUse: request.blockListInUse, current: current.block },
      'BlockListFull',
      maxBlocked,
    ),
    asked(
      { list: request.grantList, isInUse: request.grantListInUse, current: current.grant },
      'GrantListFull',
      maxGranted,
    ),
  ])
  if (outcome.isFailure) return { ...done, body: { result: outcome.result() } }
  if (isChange(current.block, block) || isChange(current.grant, grant)) {
    await write({ block, grant }, context)
    await notifyOthers(session, accessEvents(current, { block, grant }), house)
  }
  await removeBlocked(session.userId, session.homeDomain, house)
  return done
}

async function write(changes: ListChanges, { session, house }: Context) {
  try {
    const unit = [...session.hold(), ...house.store.accessLists.change(session.userId, changes)]
    await house.store.commit(unit, session.userId)
  } catch (error) {
    const conflict = error instanceof Conflict ? error.conflict : undefined
    if (conflict === 'BlockListFull' || conflict === 'GrantListFull') refuse(conflict)
    throw error
  } finally {
    // Where the store failed, nobody can tell whether it was written.
    house.accessRules.forget(session.userId)
  }
}
