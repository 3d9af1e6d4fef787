import type { Ledger, Sent } from './ledger.ts'

const delivered = 200
const expired = 542

/** Delivery reports: one for each recipient of a message that wants them, to its sender and to nobody else. */
export class Reports {
  readonly #ledger: Ledger
  readonly #received = new Map<string, number>()

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  handedOut(user: string, sent: Sent, recipient: string, code: number) {
    const what = `the report on ${sent.text} for ${recipient}`
    if (user !== sent.sender) this.#ledger.violation(`${what} is handed to ${user}`)
    if (!sent.wantsReport) this.#ledger.violation(`${what} was not asked for`)
    if (!sent.recipients.includes(recipient)) this.#ledger.violation(`${what} is about somebody else`)
    if (code !== delivered && code !== expired) this.#ledger.violation(`${what} says ${code}`)
    if (code === delivered && !sent.seenBy.has(recipient))
      this.#ledger.violation(`${what} says it was delivered, and it was not`)
    if (code === expired && !this.#ledger.mayHaveExpired(sent))
      this.#ledger.violation(`${what} says it expired, and its time has not come`)
  }

  seen(messageId: string, recipient: string, code: number) {
    const key = `${messageId} ${recipient}`
    const known = this.#received.get(key)
    this.#ledger.count(known === undefined ? 'reports' : 'reports again')
    if (known !== undefined && known !== code)
      this.#ledger.violation(`a message was reported on twice, with ${known} and ${code}`)
    this.#received.set(key, code)
  }

  /** @param all every message there was, when nothing is under way any more */
  checkAll(all: Iterable<Sent>) {
    for (const sent of all) {
      if (!sent.wantsReport) continue
      for (const recipient of sent.acceptedFor.keys()) {
        if (!this.#received.has(`${sent.messageId} ${recipient}`))
          this.#ledger.violation(`${sent.text}, accepted for ${recipient}, was never reported on`)
      }
    }
  }
}
