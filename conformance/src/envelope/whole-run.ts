import type { FaultKind } from '../audit.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const finds =
  (kind: FaultKind) =>
  async ({ audit, expect, skip }: Stage) => {
    if (audit.seen === 0) skip('the server has said nothing yet')
    expect(audit.faults(kind), 'what is wrong with what the server said').is([])
  }

const atTheEnd = { once: true } as const

/** What is asked of every primitive that the server has sent, whatever it was about. Played last. */
export const wholeRun: readonly Scenario[] = [
  scenario('TRACT-S-006', '5.4', 'Nothing in the whole run lacked a mandatory part', finds('mandatory'), atTheEnd),
  scenario(
    'TRACT-S-007',
    '5.4',
    'Nothing in the whole run had a part, or lacked one, against its condition',
    finds('conditional'),
    atTheEnd,
  ),
]
