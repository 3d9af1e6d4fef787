import {
  contentTypeOf,
  encode,
  type Message,
  type Primitive,
  type PrimitiveInput,
  type TransactionInput,
} from '@village/protocol'
import type { PhoneModel } from './model.ts'
import type { Link, Reply } from './network.ts'
import type { SimulatedWorld } from './world.ts'

/** What the lines of one phone share. */
export interface Handset {
  readonly model: PhoneModel
  readonly world: SimulatedWorld
  readonly link: Link
  /** Out of coverage. */
  isAway: boolean
  /** Transactions under way, a held poll among them. */
  open: number
}

/** The session that a login has brought. */
interface Granted {
  readonly sessionId: string
  readonly keepAliveMilliseconds: number
}

/** How long a phone waits for an answer. */
export const answerMilliseconds = 20_000
const pollMilliseconds = 40_000
const tries = 4

/** One session of a phone, as the phone sees it: it numbers what it says, and says it again until it is answered. */
export class Line {
  readonly sessionId: string
  readonly keepAliveMilliseconds: number
  /** When a message of this session was last answered. */
  answeredAt: number
  isNegotiated = false
  /** The phone has let go of it: nothing more is said or heard. */
  isOver = false
  /** Told of every message that comes, and when what it answers was sent. */
  onMessage: (message: Message, begun: number) => void = () => {}
  readonly #handset: Handset
  readonly #openIds = new Set<string>()
  #lastId = 1

  constructor(handset: Handset, { sessionId, keepAliveMilliseconds }: Granted) {
    this.#handset = handset
    this.sessionId = sessionId
    this.keepAliveMilliseconds = keepAliveMilliseconds
    this.answeredAt = handset.world.now()
  }

  /** Whether a transaction of this id is under way. */
  isOpen(id: string): boolean {
    return this.#openIds.has(id)
  }

  nextId(): string {
    do this.#lastId = (this.#lastId % this.#handset.model.lastId) + 1
    while (this.isOpen(String(this.#lastId)))
    return String(this.#lastId)
  }

  write(transactions: TransactionInput[]): string | Uint8Array {
    const { version, syntax } = this.#handset.model
    return encode({ version, syntax, sessionId: this.sessionId, transactions })
  }

  request(primitive: PrimitiveInput): Promise<Primitive | undefined> {
    const id = this.nextId()
    return this.insist(this.write([{ mode: 'Request', id, primitive }]), id)
  }

  /** Sends the same octets until there is an answer, at most four times. */
  async insist(body: string | Uint8Array, id: string): Promise<Primitive | undefined> {
    const { world } = this.#handset
    this.#handset.open++
    this.#openIds.add(id)
    try {
      for (let round = 0; round < tries && !this.isOver; round++) {
        const begun = world.now()
        const reply = await this.#exchange(body, false)
        const answer = reply?.message?.transactions.find(
          transaction => transaction.mode === 'Response' && transaction.id === id,
        )
        if (answer?.primitive && !isStatus(answer.primitive, 503)) return answer.primitive
        await this.sleep(begun + answerMilliseconds - world.now())
      }
      return undefined
    } finally {
      this.#handset.open--
      this.#openIds.delete(id)
    }
  }

  post(transactions: TransactionInput[], isPoll: boolean): Promise<Reply | undefined> {
    return this.#exchange(this.write(transactions), isPoll)
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise(resolve => void this.#handset.world.after(Math.max(0, milliseconds), resolve))
  }

  async #exchange(body: string | Uint8Array, isPoll: boolean): Promise<Reply | undefined> {
    const { model, world, link, isAway } = this.#handset
    const begun = world.now()
    const contentType = contentTypeOf(model.syntax, model.version)
    const patience = isPoll ? pollMilliseconds : answerMilliseconds
    const reply = isAway ? undefined : await link.post({ body, contentType, isPoll, patience })
    if (reply?.message && !this.isOver) this.onMessage(reply.message, begun)
    if (reply?.status === 200) this.answeredAt = Math.max(this.answeredAt, begun)
    return reply
  }
}

export const isStatus = (primitive: Primitive | undefined, code: number): boolean =>
  primitive?.name === 'Status' && primitive.body.result.code === code
