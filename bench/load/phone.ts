import { createHash } from 'node:crypto'
import type { Connection } from './connection.ts'
import { type Language, type Originated, password, textLength } from './language.ts'
import type { Template } from './template.ts'

export const domain = 'bench.example'
export const userIdOf = (n: number) => `wv:phone-${n}@${domain}`

/** One client with one session. */
export class Phone {
  readonly userId: string
  readonly language: Language
  connection: Connection
  sessionId = ''
  /** The answer to its capabilities, where a client learns how it can be woken. */
  agreed = ''
  #sent = 0

  constructor(n: number, language: Language, connection: Connection) {
    this.userId = userIdOf(n)
    this.language = language
    this.connection = connection
  }

  /** A 4-way login and both negotiations (CSP 6.4.2, 6.9): four exchanges. */
  async login(capabilities: Template): Promise<void> {
    const { language, connection } = this
    const nonce = language.nonceIn(await connection.ask(language.loginStart(this.userId)))
    if (nonce === undefined) throw new Error('The first step of a login was refused')
    const digest = createHash('sha1')
      .update(nonce + password)
      .digest('base64')
    this.sessionId = language.sessionIdIn(await connection.ask(language.loginFinish(this.userId, digest))) ?? ''
    if (this.sessionId === '') throw new Error('The second step of a login was refused')
    await this.#negotiate(capabilities)
  }

  /** A 2-way login (CSP 6.4.1) and both negotiations: three exchanges. */
  async loginInOneStep(capabilities: Template): Promise<void> {
    const { language, connection } = this
    this.sessionId = language.sessionIdIn(await connection.ask(language.loginInOneStep(this.userId))) ?? ''
    if (this.sessionId === '') throw new Error('A login was refused')
    await this.#negotiate(capabilities)
  }

  async #negotiate(capabilities: Template): Promise<void> {
    this.agreed = await this.connection.ask(capabilities(this.sessionId))
    await this.connection.ask(this.language.services(this.sessionId))
  }

  async logout(): Promise<void> {
    const answer = await this.connection.ask(this.language.logout(this.sessionId))
    if (!this.language.isOk(answer)) throw new Error('A logout was refused')
  }

  /** The request that sends a text; Transaction-IDs run from 1 to 999 as on real phones. */
  send(recipient: Phone | string, text: string): string {
    const id = String((this.#sent++ % 999) + 1)
    const to = typeof recipient === 'string' ? recipient : recipient.userId
    return this.language.send(this.sessionId, id, to, this.userId, text.padEnd(textLength, '.'))
  }

  poll(): string {
    return this.language.poll(this.sessionId)
  }

  /** The request that confirms messages, one to four of them together. */
  delivered(...messages: readonly Originated[]): string {
    const template = this.language.delivered[messages.length - 1]
    if (template === undefined) throw new Error(`${messages.length} messages came together`)
    return template(this.sessionId, ...messages.flatMap(({ transactionId, messageId }) => [transactionId, messageId]))
  }

  /**
   * Fetches what waits: polls, confirms together what came together, and goes on with what the answer to that brings
   * along. Ends when nothing comes, or when `isDone` says that nothing more is to come.
   */
  async fetch(onMessage: (message: Originated) => void, isDone = () => false): Promise<void> {
    const ask = async (request: string) => this.language.originatedIn(await this.connection.ask(request))
    for (let messages = await ask(this.poll()); messages.length > 0; ) {
      messages.forEach(onMessage)
      messages = await ask(this.delivered(...messages))
      if (messages.length === 0 && !isDone()) messages = await ask(this.poll())
    }
  }
}
