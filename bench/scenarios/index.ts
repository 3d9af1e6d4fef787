import type { Scenario } from '../load/bench.ts'
import { ceiling } from './ceiling.ts'
import { heldPolls, steadyRate } from './held-polls.ts'
import { idleSessions } from './idle-sessions.ts'
import { logins } from './logins.ts'
import { kills, offline } from './offline.ts'
import { oneByOne } from './one-by-one.ts'

/** All scenarios in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  ceiling,
  oneByOne('xml'),
  oneByOne('wbxml'),
  heldPolls('xml'),
  heldPolls('wbxml'),
  steadyRate('xml'),
  steadyRate('wbxml'),
  idleSessions(1000, false),
  idleSessions(5000, false),
  idleSessions(1000, true),
  idleSessions(5000, true),
  offline,
  logins('xml', 8),
  logins('xml', 64),
  logins('wbxml', 8),
  kills,
]
