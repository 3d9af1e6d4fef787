import { contentTypeOf, encode, type Primitive, type PrimitiveInput, type TransactionInput } from '@village/protocol'
import type { Chance } from './chance.ts'
import { Hearing } from './hearing.ts'
import type { Ledger, Sent } from './ledger.ts'
import { answerMilliseconds, type Handset, Line } from './line.ts'
import type { PhoneModel } from './model.ts'
import type { Link } from './network.ts'
import { digestOf, password } from './server.ts'
import type { SimulatedWorld } from './world.ts'

interface PhoneOptions {
  readonly model: PhoneModel
  readonly world: SimulatedWorld
  readonly chance: Chance
  readonly link: Link
  readonly ledger: Ledger
}

/** A send that was answered, for the phone that repeats itself out of carelessness. */
interface Done {
  readonly body: string | Uint8Array
  readonly id: string
  readonly at: number
  readonly sent: Sent
}

const carelessMilliseconds = 300_000

/** A client as the field knows them: it repeats itself, forgets, walks out of coverage and starts over. */
export class Phone {
  readonly model: PhoneModel
  readonly hearing: Hearing
  #last: Line | undefined
  /** What was done in the last session. */
  #done: Done[] = []
  #isLoggingIn = false
  readonly #handset: Handset
  readonly #chance: Chance
  readonly #ledger: Ledger

  constructor({ model, world, chance, link, ledger }: PhoneOptions) {
    this.model = model
    this.hearing = new Hearing(model, chance, ledger)
    this.#handset = { model, world, link, isAway: false, open: 0 }
    this.#chance = chance
    this.#ledger = ledger
  }

  get #line(): Line | undefined {
    return this.#last?.isOver === false ? this.#last : undefined
  }

  get isAway(): boolean {
    return this.#handset.isAway
  }

  get isReady(): boolean {
    return this.#line?.isNegotiated === true && !this.isAway && this.#handset.open < this.model.multiTrans
  }

  get canLogIn(): boolean {
    return this.#line === undefined && !this.isAway && !this.#isLoggingIn
  }

  goAway() {
    this.#note('goes out of coverage')
    this.#handset.isAway = true
    this.#handset.link.cut()
  }

  comeBack() {
    this.#note('is back')
    this.#handset.isAway = false
  }

  /** As after a flat battery: the phone knows nothing of its session any more. */
  forget() {
    this.#note('forgets its session')
    if (this.#last) this.#last.isOver = true
    this.#handset.link.cut()
  }

  async logIn(): Promise<void> {
    this.#isLoggingIn = true
    try {
      const login = await this.#proveItself()
      if (login?.name !== 'LoginResponse') return
      const { result, sessionId, keepAliveTime = 0 } = login.body
      this.#note(`logs in: ${result.code}`)
      if (result.code !== 200 || sessionId === undefined) return
      const line = new Line(this.#handset, { sessionId, keepAliveMilliseconds: keepAliveTime * 1000 })
      line.onMessage = (message, begun) => this.hearing.hear(message, line, begun)
      this.#last = line
      this.#done = []
      await this.#negotiate(line)
    } finally {
      this.#isLoggingIn = false
    }
  }

  async logOut(): Promise<void> {
    const line = this.#line
    if (line === undefined) return
    this.#note('logs out')
    const answered = line.request({ name: 'LogoutRequest', body: {} })
    line.isOver = true
    await answered
  }

  /** Whether it learned that nothing waits. */
  async poll(): Promise<boolean> {
    const line = this.#line
    if (line === undefined) return false
    this.#handset.open++
    const transactions: TransactionInput[] = [
      { mode: 'Request', id: line.nextId(), primitive: { name: 'PollingRequest', body: {} } },
    ]
    const reply = await line.post(transactions, true)
    this.#handset.open--
    if (reply === undefined || reply.status !== 200) return false
    const requests = reply.message?.transactions.filter(({ mode }) => mode === 'Request') ?? []
    return requests.length === 0
  }

  async keepAlive(): Promise<void> {
    const line = this.#line
    if (line) await line.request({ name: 'KeepAliveRequest', body: {} })
  }

  async send(text: string, recipients: readonly string[]): Promise<void> {
    const line = this.#line
    if (line === undefined) return
    const { user } = this.model
    const validity = this.#chance.happens(0.1) ? this.#chance.between(1, 90) : undefined
    const wantsReport = this.#chance.happens(0.3)
    const validityMilliseconds = (validity ?? 2_592_000) * 1000
    const sent = this.#ledger.send({ text, sender: user, recipients, validityMilliseconds, wantsReport })
    const wishes = `${wantsReport ? ', wants a report' : ''}${validity ? `, valid ${validity} s` : ''}`
    this.#note(`sends ${text} to ${recipients.join(' ')}${wishes}`)
    const users = recipients.map(userId => ({ userId }))
    const messageInfo = { recipient: { users }, sender: { user: { userId: user } }, validity }
    const primitive: PrimitiveInput = {
      name: 'SendMessageRequest',
      body: { deliveryReport: wantsReport, messageInfo, contentData: text },
    }
    const id = line.nextId()
    const body = line.write([{ mode: 'Request', id, primitive }])
    const answer = await line.insist(body, id)
    this.#conclude(sent, answer)
    if (answer && !line.isOver) this.#done.push({ body, id, at: this.#handset.world.now(), sent })
  }

  /** Sends once more what was answered already. */
  async repeatItself(): Promise<void> {
    const line = this.#line
    if (line === undefined) return
    const since = this.#handset.world.now() - carelessMilliseconds
    const known = this.#done.findLast(({ id, at }) => at > since && !line.isOpen(id))
    if (known === undefined) return
    this.#note(`repeats ${known.sent.text}`)
    this.#conclude(known.sent, await line.insist(known.body, known.id))
  }

  #conclude(sent: Sent, answer: Primitive | undefined) {
    if (answer === undefined) return
    if (answer.name === 'SendMessageResponse') {
      const { result, messageId = '' } = answer.body
      this.#note(`hears ${result.code} for ${sent.text}`)
      this.#ledger.acknowledged(
        sent,
        messageId,
        result.details.flatMap(({ code, userIds }) => (code === 200 ? [] : userIds)),
      )
    } else if (answer.name === 'Status') {
      const { code } = answer.body.result
      this.#note(`hears ${code} for ${sent.text}`)
      // Of these it cannot be told whether something was stored: the session is over, or the store in trouble.
      if (code !== 503 && code !== 604) this.#ledger.refused(sent)
    }
  }

  async #proveItself(): Promise<Primitive | undefined> {
    const { user, name, usesDigest } = this.model
    const about = {
      userId: user,
      clientId: { url: `http://${name}.example.com` },
      timeToLive: this.model.timeToLive,
      sessionCookie: `cookie${this.#chance.between(1, 99)}`,
    }
    if (!usesDigest) return this.#outband({ name: 'LoginRequest', body: { ...about, password } })
    const first = await this.#outband({ name: 'LoginRequest', body: { ...about, digestSchemas: ['MD5', 'SHA'] } })
    if (first?.name !== 'LoginResponse' || first.body.nonce === undefined) return first
    const digestBytes = digestOf(first.body.digestSchema ?? '', first.body.nonce)
    return this.#outband({ name: 'LoginRequest', body: { ...about, digestBytes } })
  }

  async #outband(primitive: PrimitiveInput): Promise<Primitive | undefined> {
    const { version, syntax } = this.model
    const body = encode({ version, syntax, transactions: [{ mode: 'Request', id: '1', primitive }] })
    const reply = await this.#handset.link.post({
      body,
      contentType: contentTypeOf(syntax, version),
      isPoll: false,
      isLogin: true,
      patience: answerMilliseconds,
    })
    return reply?.message?.transactions[0]?.primitive
  }

  async #negotiate(line: Line): Promise<void> {
    const { multiTrans, name, version } = this.model
    const clientId = version === '1.1' ? { url: `http://${name}.example.com` } : undefined
    const services: PrimitiveInput = {
      name: 'ServiceRequest',
      body: { clientId, functions: { imFeat: {} }, allFunctionsRequest: false },
    }
    const perMessage = version === '1.3' ? { multiTransPerMessage: multiTrans } : {}
    const capabilityList = { ...perMessage, multiTrans, supportedBearers: ['HTTP'] }
    const capabilities: PrimitiveInput = { name: 'ClientCapabilityRequest', body: { clientId, capabilityList } }
    const [agreed, capable] = [await line.request(services), await line.request(capabilities)]
    if (line.isOver) return
    line.isNegotiated = agreed?.name === 'ServiceResponse' && capable?.name === 'ClientCapabilityResponse'
    if (!line.isNegotiated) this.forget()
  }

  #note(event: string) {
    this.#ledger.note(`${this.model.name} ${event}`)
  }
}
