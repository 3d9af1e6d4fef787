import {
  catalogue,
  type Primitive,
  type PrimitiveFacts,
  type PrimitiveInput,
  type Refusal,
  refuse,
  type Transaction,
} from '@village/protocol'
import { isOffered } from '../services/access/service-agreement.ts'
import type { World } from '../world.ts'
import type { Session } from './session.ts'

/** A transaction that may be carried out. */
export interface Admitted {
  readonly primitive: Primitive
  /** By what a repeat is known within the session; undefined where the client gave no Transaction-ID. */
  readonly fingerprint: string | undefined
}

/**
 * Decides what becomes of a request before any handler sees it: a repeat gets the answer of the first time (CSP 5.4),
 * what was not agreed is refused (CSP 6.9.1).
 * @throws Refusal what the codec found, ServiceNotSupported or ServiceNotAgreed
 */
export function admit(
  transaction: Transaction,
  session: Session,
  world: World,
): Admitted | { repeated: PrimitiveInput } {
  const primitive = understood(transaction)
  const fingerprint = transaction.id === undefined ? undefined : world.digest(transaction.source)
  if (fingerprint !== undefined) {
    const repeated = session.repeats.find(transaction.id!, fingerprint, world.now())
    if (repeated !== undefined) return { repeated }
  }
  const { agreed }: PrimitiveFacts = catalogue[primitive.name]
  if (agreed !== undefined) demand(agreed, session)
  // A part of a primitive must not be taken for the whole (CSP 6.10).
  if (transaction.segment !== undefined) demand('SGMNT', session)
  return { primitive, fingerprint }
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
