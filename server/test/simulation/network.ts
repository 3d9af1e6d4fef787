import { decode, type Message } from '@village/protocol'
import type { Timer } from '../../src/world.ts'
import type { Chance } from './chance.ts'
import type { Ledger } from './ledger.ts'
import type { SimulatedServer } from './server.ts'
import type { SimulatedWorld } from './world.ts'

export interface Post {
  readonly body: string | Uint8Array
  readonly contentType: string
  readonly isPoll: boolean
  /** A login is nothing that a proxy repeats; before 1.3 a second one ends the session of the first. */
  readonly isLogin?: boolean | undefined
  /** Milliseconds after which the phone stops listening for an answer. */
  readonly patience: number
}

export interface Reply {
  /** Of HTTP. */
  readonly status: number
  /** Undefined where the body is empty. */
  readonly message: Message | undefined
}

interface Pending {
  readonly hangUp: () => void
}

/** How likely each misfortune is, for one message. */
export interface Weather {
  readonly requestLost: number
  readonly answerLost: number
  readonly repeated: number
  readonly slow: number
}

export const calm: Weather = { requestLost: 0, answerLost: 0, repeated: 0, slow: 0 }

/** What lies between phones and the server: it delays, loses and repeats, so that things also overtake each other. */
export class Network {
  weather: Weather = calm
  /** Called when a request has reached the server, before it is read. */
  onArrival: () => void = () => {}
  readonly #world: SimulatedWorld
  readonly #chance: Chance
  readonly #server: SimulatedServer
  readonly #ledger: Ledger

  constructor(world: SimulatedWorld, chance: Chance, server: SimulatedServer, ledger: Ledger) {
    this.#world = world
    this.#chance = chance
    this.#server = server
    this.#ledger = ledger
  }

  link(name: string): Link {
    return new Link((post, pending) => this.#carry(name, post, pending))
  }

  #carry(name: string, post: Post, pending: Set<Pending>): Promise<Reply | undefined> {
    return new Promise(resolve => {
      let isOver = false
      const whenGone: (() => void)[] = []
      const end = (reply: Reply | undefined) => {
        if (isOver) return
        isOver = true
        impatience.cancel()
        pending.delete(entry)
        resolve(reply)
        if (reply === undefined) for (const run of whenGone) run()
      }
      const impatience: Timer = this.#world.after(post.patience, () => end(undefined))
      const entry: Pending = { hangUp: () => end(undefined) }
      pending.add(entry)
      const arrive = () => {
        // A login that arrives when the next one is over would end the session of that.
        if (!post.isLogin || !isOver) void this.#arrive(name, post, whenGone, () => isOver, end)
      }
      if (!this.#chance.happens(this.weather.requestLost)) this.#world.after(this.#delay(), arrive)
      // A proxy that tries again on a new connection: whatever it hears the second time, nobody listens to.
      if (this.#chance.happens(this.weather.repeated) && !post.isLogin) {
        const nobody = () => {}
        this.#world.after(this.#delay() + 20, () => void this.#arrive(name, post, [], () => true, nobody))
      }
    })
  }

  async #arrive(name: string, post: Post, whenGone: (() => void)[], isGone: () => boolean, end: (r?: Reply) => void) {
    this.onArrival()
    const body = typeof post.body === 'string' ? Buffer.from(post.body, 'utf8') : post.body
    const peer = { address: `of ${name}`, isSecure: false }
    const onGone = (run: () => void) => {
      whenGone.push(run)
    }
    const outbound = await this.#server.receive({ body, contentType: post.contentType, peer, onGone }, post.isPoll)
    if (outbound === undefined) return end(undefined)
    const octets = typeof outbound.body === 'string' ? Buffer.from(outbound.body, 'utf8') : outbound.body
    const message = octets.length === 0 ? undefined : decode(octets, { contentType: outbound.contentType })
    const isLost = isGone() || this.#chance.happens(this.weather.answerLost)
    // Where the connection is known to be gone the server hears of it; at other times nobody does.
    const isTold = isLost && this.#chance.happens(0.5)
    if (message) this.#ledger.handedOut(name, message, isTold)
    if (isTold) outbound.onLost?.()
    if (!isLost) this.#world.after(this.#delay(), () => end({ status: outbound.status, message }))
  }

  #delay(): number {
    return this.#chance.happens(this.weather.slow) ? this.#chance.between(300, 9000) : this.#chance.between(5, 150)
  }
}

/** One phone's way to the server. */
export class Link {
  readonly #carry: (post: Post, pending: Set<Pending>) => Promise<Reply | undefined>
  readonly #pending = new Set<Pending>()

  constructor(carry: (post: Post, pending: Set<Pending>) => Promise<Reply | undefined>) {
    this.#carry = carry
  }

  /** The answer, or undefined where none came. */
  post(post: Post): Promise<Reply | undefined> {
    return this.#carry(post, this.#pending)
  }

  /** Out of coverage: every connection breaks. */
  cut() {
    for (const { hangUp } of [...this.#pending]) hangUp()
  }
}
