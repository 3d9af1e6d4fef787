import { clientKey } from '@village/protocol'
import { writeAgreement } from '../services/access/agreement.ts'
import type { LoginDetails } from '../services/context.ts'
import type { SessionRecord } from '../store/session-records.ts'
import type { World } from '../world.ts'

interface Maker {
  readonly world: World
  /** The name of this node. */
  readonly node: string
}

/** The record of a session that begins with a login. */
export function newRecord(details: LoginDetails, idDigest: string, { world, node }: Maker): SessionRecord {
  const now = world.now()
  return {
    idDigest,
    userId: details.userId,
    clientKey: clientKey(details.clientId),
    applicationId: details.applicationId ?? null,
    version: details.version,
    syntax: details.syntax,
    cookie: details.cookie,
    loginEpoch: world.token(),
    claimEpoch: 1,
    node,
    keepAliveSeconds: details.keepAliveSeconds,
    addressForm: details.addressForm,
    agreement: writeAgreement(details.agreement),
    startedAt: now,
    lastActivityAt: now,
    endedAt: null,
    endReason: null,
  }
}
