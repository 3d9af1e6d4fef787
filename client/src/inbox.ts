import {
  type Body,
  catalogue,
  type Primitive,
  type PrimitiveInput,
  type ServerRequest,
  type Transaction,
} from '@village/protocol'
import type { SegmentQuestion } from './cut-requests.ts'
import type { SessionEnded } from './failures.ts'

/** What servers say of their own accord; what they ask about segments is answered without a listener. */
export type ServerPrimitive = Exclude<Extract<Primitive, { readonly name: ServerRequest }>, SegmentQuestion>

/** COMPAT: InterVillage sends its own requests as responses, so the mode alone does not tell. */
export const isOriginated = (primitive: Primitive): primitive is ServerPrimitive => {
  const { from, reply } = catalogue[primitive.name] as { from: string; reply?: true }
  return from !== 'client' && reply !== true
}

/** A transaction that the server began. */
export interface Originated<P extends ServerPrimitive = ServerPrimitive> {
  readonly primitive: P
  /**
   * Answers with this primitive, once; later calls, and the answer given on its own, change nothing.
   * @throws TransportFailed when the answer could not be brought; the server then asks again and is answered alike
   */
  respond(answer: PrimitiveInput): Promise<void>
  /** Says that the primitive has arrived for good: with MessageDelivered for a NewMessage, else with a Status. */
  confirm(): Promise<void>
}

interface Item extends Originated {
  readonly key: string
  /** Changes when the server, having forgotten, asks the same under another Transaction-ID. */
  transactionId: string | undefined
  isAnswered: boolean
}

type Accepts<P extends ServerPrimitive> = (primitive: ServerPrimitive) => primitive is P
type Respond = (transactionId: string | undefined, answer: PrimitiveInput) => Promise<void>

/** What a listener wants: all there is, what is of one kind, or what is about one thing. The narrowest has it. */
export type Breadth = 'all' | 'kind' | 'one'
const narrowness = { all: 0, kind: 1, one: 2 } as const satisfies Record<Breadth, number>

/** So many answers are remembered, and so many primitives kept that nobody asks for. */
const memory = 256

/**
 * What the server said of its own accord, in order, until somebody takes it. A NewMessage is not answered before that;
 * everything else waits as long as nobody listens at all. What the listeners there are do not want, is answered so that
 * it does not keep the rest from coming, and kept for a listener to come.
 */
export class Inbox {
  readonly #respond: Respond
  readonly #onRoom: () => void
  readonly #consumers = new Set<Consumer>()
  #waiting: Item[] = []
  /** Arrived and not answered yet, by what a repeat is told by. */
  readonly #open = new Map<string, Item>()
  readonly #answered = new Map<string, PrimitiveInput>()
  #end: SessionEnded | undefined

  constructor(respond: Respond, onRoom: () => void) {
    this.#respond = respond
    this.#onRoom = onRoom
  }

  /** How many transactions the server waits for an answer to. */
  get unanswered(): number {
    return this.#open.size
  }

  arrive({ id, primitive, source }: Transaction & { readonly primitive: ServerPrimitive }) {
    const key = keyOf(id, primitive, source)
    const known = this.#open.get(key)
    const answer = this.#answered.get(key)
    if (known) known.transactionId = id
    else if (answer) this.#bring(id, answer)
    else {
      this.#open.set(key, this.#itemFor(key, id, primitive))
      this.#waiting.push(this.#open.get(key)!)
      this.#serve()
    }
  }

  /** Starts to listen at once, even if the first item is asked for later. */
  consume<P extends ServerPrimitive>(accepts: Accepts<P>, breadth: Breadth): AsyncIterableIterator<Originated<P>> {
    const consumer: Consumer = new Consumer(accepts, breadth, {
      end: () => this.#end,
      ready: () => this.#serve(),
      leave: untaken => {
        this.#consumers.delete(consumer)
        if (untaken && this.#open.has(untaken.key)) this.#waiting.unshift(untaken)
        this.#serve()
      },
    })
    this.#consumers.add(consumer)
    this.#serve()
    return consumer as unknown as AsyncIterableIterator<Originated<P>>
  }

  /** What has not been taken comes again with the next session that the server delivers to. */
  end(reason: SessionEnded) {
    this.#end = reason
    this.#waiting = []
    this.#open.clear()
    for (const consumer of this.#consumers) consumer.stop()
  }

  #serve() {
    if (this.#end) return
    this.#waiting = this.#waiting.filter(item => !this.#place(item))
    const spare = this.#waiting.filter(item => item.isAnswered).slice(0, -memory)
    if (spare.length > 0) this.#waiting = this.#waiting.filter(item => !spare.includes(item))
  }

  /** Gives an item to whom it belongs; false if it has to wait. */
  #place(item: Item): boolean {
    const wanted = [...this.#consumers].filter(consumer => consumer.accepts(item.primitive))
    const [consumer] = wanted.sort((one, other) => narrowness[other.breadth] - narrowness[one.breadth])
    if (consumer) return consumer.offer(item)
    if (this.#consumers.size > 0 && item.primitive.name !== 'NewMessage') forget(item.confirm())
    return false
  }

  #itemFor(key: string, transactionId: string | undefined, primitive: ServerPrimitive): Item {
    const item: Item = {
      key,
      transactionId,
      primitive,
      isAnswered: false,
      respond: async answer => {
        if (item.isAnswered || this.#end) return
        item.isAnswered = true
        this.#open.delete(key)
        this.#remember(key, answer)
        this.#onRoom()
        await this.#respond(item.transactionId, answer)
      },
      confirm: () => item.respond(usualAnswer(primitive)),
    }
    return item
  }

  #bring(id: string | undefined, answer: PrimitiveInput) {
    forget(this.#respond(id, answer))
  }

  #remember(key: string, answer: PrimitiveInput) {
    this.#answered.set(key, answer)
    if (this.#answered.size > memory) this.#answered.delete(this.#answered.keys().next().value!)
  }
}

interface Desk {
  end(): SessionEnded | undefined
  ready(): void
  leave(untaken: Item | undefined): void
}

/** One `for await` loop. Whoever comes back for more has taken what came before; whoever breaks off has not. */
class Consumer implements AsyncIterableIterator<Item> {
  readonly accepts: (primitive: ServerPrimitive) => boolean
  readonly breadth: Breadth
  readonly #desk: Desk
  #current: Item | undefined
  #waiting: ((item: Item | undefined) => void) | undefined
  #isDone = false

  constructor(accepts: (primitive: ServerPrimitive) => boolean, breadth: Breadth, desk: Desk) {
    this.accepts = accepts
    this.breadth = breadth
    this.#desk = desk
  }

  offer(item: Item): boolean {
    if (this.#waiting === undefined) return false
    this.#current = item
    this.#waiting(item)
    this.#waiting = undefined
    return true
  }

  stop() {
    this.#waiting?.(undefined)
    this.#waiting = undefined
  }

  async next(): Promise<IteratorResult<Item>> {
    // A failed answer is not this caller's concern: the server will ask again.
    if (this.#current) forget(this.#current.confirm())
    this.#current = undefined
    const item = this.#isDone || this.#desk.end() ? undefined : await this.#wait()
    if (item) return { done: false, value: item }
    const end = this.#desk.end()
    if (end?.reason === 'disconnected' && !this.#isDone) {
      this.#isDone = true
      throw end
    }
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<Item>> {
    this.#isDone = true
    this.stop()
    this.#desk.leave(this.#current?.isAnswered ? undefined : this.#current)
    this.#current = undefined
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator]() {
    return this
  }

  #wait(): Promise<Item | undefined> {
    return new Promise(resolve => {
      this.#waiting = resolve
      this.#desk.ready()
    })
  }
}

const forget = (answer: Promise<void>) => void answer.catch(() => {})

/** MessageDelivered for a message (CSP 9.1.5), a Status for what wants one, and 501 for what this client cannot do. */
const usualAnswer = ({ name, body }: ServerPrimitive): PrimitiveInput => {
  const messageId = name === 'NewMessage' ? (body as Body<'NewMessage'>).messageInfo.messageId : undefined
  if (messageId !== undefined) return { name: 'MessageDelivered', body: { messageId } }
  const wantsMore = name !== 'NewMessage' && (catalogue[name] as { answer?: string | null }).answer
  return { name: 'Status', body: { result: { code: wantsMore ? 501 : 200 } } }
}

/** A message is the same by its Message-ID, anything else by its Transaction-ID and what it says (CSP 5.4). */
const keyOf = (id: string | undefined, { name, body }: ServerPrimitive, source: string | Uint8Array): string => {
  const messageId = name === 'NewMessage' ? (body as Body<'NewMessage'>).messageInfo.messageId : undefined
  return messageId === undefined ? `${name} ${id} ${fingerprint(source)}` : `message ${messageId}`
}

/** FNV-1a: tells apart what a server says under an id that it uses again. */
const fingerprint = (source: string | Uint8Array): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < source.length; i++)
    hash = Math.imul(hash ^ (typeof source === 'string' ? source.charCodeAt(i) : source[i]!), 0x01000193)
  return hash >>> 0
}
