import type { Scenario } from '../load/bench.ts'
import { ceiling } from './ceiling.ts'
import { hashLogins } from './hash-logins.ts'
import { heldPolls, steadyRate } from './held-polls.ts'
import { idleSessions } from './idle-sessions.ts'
import { logins } from './logins.ts'
import { kills, offline } from './offline.ts'
import { oneByOne } from './one-by-one.ts'
import { wake } from './wake.ts'

/** All scenarios in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  ceiling,
  oneByOne('xml'),
  oneByOne('wbxml'),
  heldPolls('xml'),
  heldPolls('wbxml'),
  steadyRate('xml'),
  steadyRate('wbxml'),
  wake('STCP'),
  wake('SHTTP'),
  idleSessions(1000, 'nothing'),
  idleSessions(5000, 'nothing'),
  idleSessions(1000, 'held poll'),
  idleSessions(5000, 'held poll'),
  idleSessions(10_000, 'STCP channel'),
  offline,
  logins('xml', 8),
  logins('xml', 64),
  logins('wbxml', 8),
  hashLogins,
  kills,
]
