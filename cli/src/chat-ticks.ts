import type { DeliveryReport, Fate } from '@village/client'
import pc from 'picocolors'
import type { Screen } from './chat-screen.ts'
import { oneLine } from './printable.ts'
import { timeOf } from './times.ts'

const mostRemembered = 1000

/** What becomes of what was sent: one tick for accepted, two for delivered, words for everything else. */
export class Ticks {
  readonly #screen: Screen
  readonly #sent = new Map<string, string>()

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /** @param what was sent, in few words */
  accepted(messageId: string | undefined, what: string) {
    if (messageId !== undefined) this.#sent.set(messageId, what)
    if (this.#sent.size > mostRemembered) this.#sent.delete(this.#sent.keys().next().value!)
    this.#screen.notice(`${pc.green('✓')} accepted ${what}`)
  }

  report(report: DeliveryReport) {
    const what = this.#sent.get(report.messageId ?? '') ?? 'a message'
    const line = told[report.fate](what, oneLine(report.to), report)
    if (report.isDelivered) this.#screen.notice(line)
    else this.#screen.problem(line)
  }
}

const told: Readonly<Record<Fate, (what: string, who: string, report: DeliveryReport) => string>> = {
  delivered: (what, who, { at }) => `${pc.green('✓✓')} delivered ${what} to ${who}, ${timeOf(at)}`,
  rejected: (what, who) => `${what} was rejected by ${who}`,
  forwarded: (what, who) => `${what} was not read by ${who}, who forwarded it to somebody else`,
  expired: (what, who) => `${what} waited for ${who} for as long as it may, and is gone`,
  failed: (what, who, { description }) => `${what} did not reach ${who}: ${oneLine(description)}`,
}
