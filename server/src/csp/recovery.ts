import { refuse } from '@village/protocol'
import { readAgreement, writeAgreement } from '../services/access/agreement.ts'
import { withCirFrom } from '../services/access/cir-agreement.ts'
import type { OfflineBearers } from '../services/access/offline-bearers.ts'
import { offeredIn } from '../services/access/service-agreement.ts'
import type { SessionRecord } from '../store/session-records.ts'

/**
 * The record of a session that can be taken up again: one that is open, or ended no earlier than `endedSince`. Why it
 * ended does not matter, a logout included (CSP 5.1.2). What was agreed in it must still be on offer.
 * @throws Refusal SessionNotRecovered, SomeServicesNotAvailable
 */
export function recoverable(
  record: SessionRecord | undefined,
  endedSince: number,
  bearers: OfflineBearers,
): SessionRecord {
  if (record === undefined || (record.endedAt !== null && record.endedAt <= endedSince)) refuse('SessionNotRecovered')
  const offered = offeredIn(record.version, bearers)
  if (!readAgreement(record.agreement).services.every(name => offered.has(name))) refuse('SomeServicesNotAvailable')
  return record
}

/**
 * The session as it goes on: what was agreed is that of before, everything else of the login that takes it up. That
 * gives it a login epoch of its own: Transaction-IDs begin anew, and answers to the old ones are not taken for theirs.
 * @param peerAddress where the client is now: phones get another address with each connection to the network
 * @throws Refusal UserAndClientMismatch where it is somebody else's (CSP 6.4.5), SessionNotRecovered
 */
export function takenUp(old: SessionRecord, login: SessionRecord, peerAddress: string): SessionRecord {
  if (old.userId !== login.userId || old.clientKey !== login.clientKey) refuse('UserAndClientMismatch')
  if (old.version !== login.version || old.syntax !== login.syntax) refuse('SessionNotRecovered')
  return {
    ...login,
    applicationId: login.applicationId ?? old.applicationId,
    claimEpoch: old.claimEpoch + 1,
    startedAt: old.startedAt,
    agreement: writeAgreement(withCirFrom(readAgreement(old.agreement), peerAddress)),
  }
}
