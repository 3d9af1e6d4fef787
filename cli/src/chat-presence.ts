import type { AuthorizationRequest, Availability, Session } from '@village/client'
import { parseUserId } from '@village/protocol'
import type { Attempts } from './chat-attempts.ts'
import { userFor } from './chat-recipient.ts'
import type { Screen } from './chat-screen.ts'
import { explainPresence, noPresence, quietly } from './explain.ts'
import { oneLine } from './printable.ts'

const availabilities: readonly string[] = ['available', 'away', 'discreet'] satisfies Availability[]

/** So many who ask are remembered, and so many things named that somebody asks for. */
const mostAsking = 100
const mostNamed = 5

/** What others see of this user (CSP 8.2, 8.3.4): told, permitted and asked for. */
export class OwnPresence {
  readonly #session: Session
  readonly #screen: Screen
  readonly #attempts: Attempts
  /** Who waits for an answer, by one spelling of the address. */
  readonly #asking = new Map<string, AuthorizationRequest>()

  constructor(session: Session, screen: Screen, attempts: Attempts) {
    this.#session = session
    this.#screen = screen
    this.#attempts = attempts
  }

  /** Shows who asks to see more, until the session ends. */
  async listen(): Promise<void> {
    if (!this.#session.isAgreed('presenceFeat', 'mp')) return
    const { authorizations } = this.#session
    const requests = authorizations.requests()
    // Whoever is not to be asked can permit things all the same.
    await authorizations.beAsked().catch(quietly)
    for await (const some of requests) for (const request of some) this.#ask(request)
  }

  async setStatus(which: string | undefined, text: string): Promise<void> {
    if (which === undefined || !availabilities.includes(which))
      return this.#attempts.fail('say how you are: /status away Back at five (or available, or discreet)')
    await this.#where(this.#session.isAgreed('presenceFeat', 'presenceDeliverFunc', 'updpr'), async () => {
      await this.#session.presence.setStatus({ availability: which as Availability, text: text === '' ? null : text })
      this.#screen.notice(`you are ${which}${text === '' ? '' : `, "${oneLine(text)}"`}`)
    })
  }

  async showWatchers(): Promise<void> {
    await this.#where(this.#session.isAgreed('presenceFeat', 'presenceAuthFunc', 'getwl'), async () => {
      const { watchers, total } = await this.#session.presence.watchers()
      if (watchers.length === 0) this.#screen.notice('nobody watches you')
      for (const { userId, kind = 'subscribed' } of watchers)
        this.#screen.notice(`${oneLine(userId)}${kind === 'subscribed' ? '' : ` (${kind})`}`)
      if (total > watchers.length) this.#screen.notice(`and ${total - watchers.length} more`)
    })
  }

  allow(typed: string): Promise<void> {
    return this.#decide(typed, '/allow', 'sees your presence from now on', userId => {
      const request = this.#asking.get(this.#key(userId))
      return request ? request.allow() : this.#session.authorizations.allow(userId)
    })
  }

  deny(typed: string): Promise<void> {
    return this.#decide(typed, '/deny', 'sees no more of your presence than before', userId => {
      const request = this.#asking.get(this.#key(userId))
      return request ? request.deny() : this.#session.authorizations.deny(userId)
    })
  }

  async hide(typed: string): Promise<void> {
    if (typed === '') return this.#attempts.fail('say from whom: /hide wv:bob@village.local')
    await this.#decide(typed, '/hide', 'sees nothing of your presence from now on', userId =>
      this.#session.authorizations.set({ userIds: [userId] }, [], { asksForMore: false }),
    )
  }

  #ask(request: AuthorizationRequest) {
    const { userId, attributes } = request
    const key = this.#key(userId)
    const isNew = !this.#asking.has(key)
    this.#asking.set(key, request)
    if (this.#asking.size > mostAsking) this.#asking.delete(this.#asking.keys().next().value!)
    const name = oneLine(userId)
    const what =
      attributes.length > 0 && attributes.length <= mostNamed ? attributes.map(inWords).join(', ') : 'presence'
    if (isNew) this.#screen.notice(`${name} asks to see your ${what}: /allow ${name} or /deny ${name}`)
  }

  async #decide(
    typed: string,
    command: string,
    done: string,
    decide: (userId: string) => Promise<void>,
  ): Promise<void> {
    const [only] = this.#asking.size === 1 ? this.#asking.values() : []
    const userId = typed === '' ? only?.userId : userFor(typed, this.#session)
    if (userId === undefined) return this.#attempts.fail(`say whom: ${command} wv:bob@village.local`)
    await this.#where(this.#session.isAgreed('presenceFeat', 'mp'), async () => {
      await decide(userId)
      this.#asking.delete(this.#key(userId))
      this.#screen.notice(`${oneLine(userId)} ${done}`)
    })
  }

  async #where(isOffered: boolean, work: () => Promise<void>): Promise<void> {
    if (!isOffered) return this.#attempts.fail(noPresence)
    await this.#attempts.run(work, explainPresence)
  }

  #key(address: string): string {
    const home = this.#session.userId.split('@')[1] || 'localhost'
    return parseUserId(address, home)?.key ?? address.toLowerCase()
  }
}

/** `statusText` as `status text`. */
const inWords = (attribute: string) => attribute.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
