import type { PrimitiveInput, PrimitiveName } from '@village/protocol'
import { answerFirst, demandsOn } from '../services/access/system-message.ts'
import type { House } from '../services/context.ts'
import type { MailItem } from '../store/mailboxes.ts'
import type { OutboxItem } from './outbox.ts'
import type { Session } from './session.ts'

/**
 * What a user can still do while a System Message waits for an answer: keep the session, give the answer (CSP 7.1.1),
 * and leave, for a session that cannot be ended would only wait for its time to run out.
 */
const allowed: ReadonlySet<PrimitiveName> = new Set(['KeepAliveRequest', 'SystemMessageUser', 'LogoutRequest'])

const none: readonly MailItem[] = []

/**
 * The System Messages that this session's user has to answer first. They are read once, and again after anything
 * about them has changed. Clients before 1.3 could never answer, so nothing is demanded of them; nor is an answer to
 * what the client cannot show.
 */
export function demandsOnSession(session: Session, house: House): readonly MailItem[] | Promise<readonly MailItem[]> {
  if (session.version < '1.3' || session.isEnded) return none
  const { demands } = session
  const isKnown = demands !== undefined && !(demands instanceof Promise)
  return isKnown ? openOnes(demands, session, house) : readDemands(session, house)
}

async function readDemands(session: Session, house: House): Promise<readonly MailItem[]> {
  const reading = (session.demands ??= demandsOn(session.userId, house))
  try {
    const demands = await reading
    if (session.demands === reading) session.demands = demands
    return openOnes(demands, session, house)
  } catch (fault) {
    if (session.demands === reading) session.demands = undefined
    throw fault
  }
}

function openOnes(demands: readonly MailItem[], { unshowable }: Session, { world }: House): readonly MailItem[] {
  if (demands.length === 0) return none
  const now = world.now()
  return demands.filter(({ messageId, expiresAt }) => expiresAt > now && !unshowable.has(messageId))
}

/** What of the mail is handed out while something is demanded: only what can be answered; undefined for all of it. */
export const meantBefore = (demands: readonly unknown[]) => (demands.length > 0 ? isSystemMessage : undefined)

export const isSystemMessage = ({ kind }: Pick<OutboxItem, 'kind'>) => kind === 'system'

export const isAllowedBefore = (name: PrimitiveName | undefined): boolean => name !== undefined && allowed.has(name)

export const answerFirstStatus = (demands: readonly MailItem[]): PrimitiveInput => ({
  name: 'Status',
  body: { result: answerFirst(demands) },
})
