import type { Message, PrimitiveInput, Transaction, TransactionInput } from '@village/protocol'
import type { Chance } from './chance.ts'
import type { Ledger } from './ledger.ts'
import { isStatus, type Line } from './line.ts'
import type { PhoneModel } from './model.ts'

/** What a phone confirms, and by what that is known in the ledger. */
interface Confirmation {
  readonly transaction: TransactionInput
  readonly key: string
}

/** What a phone makes of the messages that come: it reads, confirms a little later, and notices when it is cut off. */
export class Hearing {
  /** Whether it forgets now and then to confirm what it got. */
  isCareless = true
  readonly #model: PhoneModel
  readonly #chance: Chance
  readonly #ledger: Ledger

  constructor(model: PhoneModel, chance: Chance, ledger: Ledger) {
    this.#model = model
    this.#chance = chance
    this.#ledger = ledger
  }

  hear({ transactions }: Message, line: Line, begun: number) {
    if (transactions.some(({ primitive }) => primitive?.name === 'Disconnect' || isStatus(primitive, 604)))
      return this.#lost(line, begun)
    const confirmations = transactions.flatMap(transaction => this.#confirmationOf(transaction))
    if (confirmations.length === 0 || (this.isCareless && this.#chance.happens(0.05))) return
    // As many in one message as the client said it can have in one.
    const perMessage = this.#model.version === '1.3' ? this.#model.multiTrans : 1
    for (let start = 0; start < confirmations.length; start += perMessage)
      void this.#confirm(confirmations.slice(start, start + perMessage), line)
  }

  #confirmationOf({ mode, id, primitive }: Transaction): Confirmation[] {
    if (mode !== 'Request' || primitive === undefined) return []
    if (primitive.name === 'NewMessage') {
      const { messageInfo, contentData } = primitive.body
      const messageId = messageInfo.messageId ?? ''
      this.#note(`sees ${contentData}, ${tailOf(messageId)}`)
      this.#ledger.seen(this.#model.name, String(contentData))
      const delivered: PrimitiveInput = { name: 'MessageDelivered', body: { messageId } }
      return [{ key: messageId, transaction: { mode: 'Response', id, primitive: delivered } }]
    }
    if (primitive.name === 'DeliveryReportRequest') {
      const { messageInfo, result } = primitive.body
      const { messageId = '', recipient } = messageInfo
      const userId = recipient.users[0]?.userId ?? ''
      this.#note(`sees report ${result.code} by ${userId} of ${tailOf(messageId)}, transaction ${id}`)
      this.#ledger.reports.seen(messageId, userId, result.code)
      const status: PrimitiveInput = { name: 'Status', body: { result: { code: 200 } } }
      return [{ key: `${messageId} ${userId}`, transaction: { mode: 'Response', id, primitive: status } }]
    }
    return []
  }

  async #confirm(confirmations: readonly Confirmation[], line: Line) {
    await line.sleep(this.#chance.between(0, 800))
    if (line.isOver) return
    const transactions = confirmations.map(({ transaction }) => transaction)
    const reply = await line.post(transactions, false)
    if (reply?.status !== 200 || line.isOver) return
    this.#note(`has confirmed ${confirmations.map(({ key }) => tailOf(key)).join(' ')}`)
    for (const { key, transaction } of confirmations) this.#ledger.confirmed(line.sessionId, key, transaction.id)
  }

  /** The server knows the session no more: it must have run out. */
  #lost(line: Line, begun: number) {
    const idle = begun - line.answeredAt
    this.#note(`has lost its session, idle ${idle} ms`)
    this.#ledger.count('sessions lost')
    // Requests may lie on the way for some seconds.
    if (idle < line.keepAliveMilliseconds - 45_000)
      this.#ledger.violation(`${this.#model.name} lost a session that was used ${idle} ms ago`)
    line.isOver = true
  }

  #note(event: string) {
    this.#ledger.note(`${this.#model.name} ${event}`)
  }
}

/** The end of a Message-ID, which is all of it that differs in messages of one moment. */
const tailOf = (key: string) => key.split(' ', 1)[0]!.slice(-4)
