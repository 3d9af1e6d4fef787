import type { Scenario } from '../load/bench.ts'
import { drain } from './drain.ts'
import { fanOut } from './fan-out.ts'
import { hashLogins } from './hash-logins.ts'
import { heldPolls, heldPollsWithLists, steadyRate } from './held-polls.ts'
import { idleSessions } from './idle-sessions.ts'
import { logins } from './logins.ts'
import { kills, offline, offlineToMany } from './offline.ts'
import { oneByOne, oneByOneWithLists } from './one-by-one.ts'
import { subscriptions } from './subscriptions.ts'
import { wake } from './wake.ts'

/** All scenarios in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  oneByOne('xml'),
  oneByOneWithLists,
  oneByOne('wbxml'),
  heldPolls('xml'),
  heldPolls('wbxml'),
  heldPollsWithLists,
  steadyRate('xml'),
  steadyRate('wbxml'),
  fanOut(100, 'xml', 'held', 11),
  fanOut(500, 'xml', 'held', 56),
  fanOut(100, 'wbxml', 'held', 11),
  fanOut(500, 'wbxml', 'held', 56),
  fanOut(500, 'xml', 'joined', 56),
  fanOut(500, 'wbxml', 'joined', 56),
  fanOut(100, 'xml', 'woken', 11),
  fanOut(500, 'xml', 'woken', 56),
  fanOut(100, 'wbxml', 'woken', 11),
  fanOut(500, 'wbxml', 'woken', 56),
  subscriptions,
  wake('STCP'),
  wake('SHTTP'),
  idleSessions(1000, 'nothing'),
  idleSessions(5000, 'nothing'),
  idleSessions(1000, 'held poll'),
  idleSessions(5000, 'held poll'),
  idleSessions(10_000, 'STCP channel'),
  offline,
  offlineToMany(false),
  offlineToMany(true),
  drain('wbxml', 1),
  drain('wbxml', 4),
  logins('xml', 8),
  logins('xml', 64),
  logins('wbxml', 8),
  hashLogins,
  kills,
]
