import {
  type ClientID,
  catalogue,
  clientKey,
  type Primitive,
  type PrimitiveFacts,
  type Refusal,
  refuse,
  type Transaction,
} from '@village/protocol'
import { isOffered } from '../services/access/service-agreement.ts'
import type { World } from '../world.ts'
import { mayComeAnew } from './handover.ts'
import type { Answered } from './repeats.ts'
import type { Session } from './session.ts'

/** A transaction that may be carried out. */
export interface Admitted {
  readonly primitive: Primitive
  /** By what a repeat is known within the session; undefined where the client gave no Transaction-ID. */
  readonly fingerprint: string | undefined
}

/**
 * Decides what becomes of a request before any handler sees it: a repeat gets the answer of the first time (CSP 5.4),
 * what is said to come from another client, and what was not agreed, is refused (CSP 6.9.1, 6.9.2).
 * @throws Refusal what the codec found, InvalidTransactionId, UserAndClientMismatch, ServiceNotSupported,
 *   ServiceNotAgreed or RelatedCapabilitiesMissing
 */
export function admit(transaction: Transaction, session: Session, world: World): Admitted | { repeated: Answered } {
  const primitive = understood(transaction)
  const { id } = transaction
  if (id !== undefined && !isPossibleId(id)) refuse('InvalidTransactionId')
  const fingerprint = id === undefined ? undefined : world.digest(transaction.source)
  if (fingerprint !== undefined) {
    const now = world.now()
    const repeated =
      session.repeats.find(id!, fingerprint, now) ??
      (mayComeAnew(transaction) ? session.repeats.takeLost(id!, fingerprint, now) : undefined)
    if (repeated !== undefined) return { repeated }
  }
  if (namesAnother(primitive, session)) refuse('UserAndClientMismatch')
  const { agreed, needs }: PrimitiveFacts = catalogue[primitive.name]
  if (agreed !== undefined) demand(agreed, session)
  // Older clients need not negotiate, and some never do.
  const isSettled = session.agreement.capabilities !== undefined || session.version < '1.3'
  if (needs === 'capabilities' && !isSettled) refuse('RelatedCapabilitiesMissing')
  // A part of a primitive must not be taken for the whole (CSP 6.10).
  if (transaction.segment !== undefined) demand('SGMNT', session)
  return { primitive, fingerprint }
}

/** In characters. CSP sets no limit; the longest seen in the field has 40. */
const longestId = 255

/** Any text will do, whatever other servers expect of it, but for what no document could bring back (XML 1.0, 2.2). */
function isPossibleId(id: string): boolean {
  if (id.length > longestId) return false
  for (let i = 0; i < id.length; i++) if (isControl(id.charCodeAt(i))) return false
  return true
}

const isControl = (code: number) => code < 32 && code !== 9 && code !== 10 && code !== 13

/**
 * Whether so many transactions of a client at a time are clearly more than was agreed (CSP 5.4, 6.9.1). Phones that
 * send again what they hold lost, or never negotiated, go over a limit by a few, and are served all the same.
 */
export const isFarBeyond = (count: number, agreed: number): boolean => count > Math.max(32, 4 * agreed)

/** Whether a request tells of itself that it is from another client; the AOSP client of 1.1 says nothing. */
function namesAnother({ body }: Primitive, session: Session): boolean {
  const { clientId } = body as { readonly clientId?: ClientID | undefined }
  const named = clientId && clientKey(clientId)
  return Boolean(named) && named !== session.clientKey
}

/** 405 for what cannot be had here, 506 for what the client could have agreed to (CSP 11.3.6, 11.4.6). */
function demand(service: string, { agreement }: Session) {
  if (!agreement.services.includes(service)) refuse(isOffered(service) ? 'ServiceNotAgreed' : 'ServiceNotSupported')
}

/** @throws Refusal what the codec found wrong with it */
function understood({ primitive, refusal }: Transaction): Primitive {
  if (primitive === undefined) throw refusal as Refusal
  return primitive
}
