import type { Cir } from '../../csp/cir.ts'
import type { Session } from '../../csp/session.ts'
import type { World } from '../../world.ts'

export interface ShttpOptions {
  readonly cir: Cir
  readonly world: World
  /** So long a question is held while nothing waits. */
  readonly holdSeconds: number
  /** Where clients reach the server, as in `https://im.example.com`; undefined: as they reached it when they agreed. */
  readonly publicUrl?: string | undefined
}

/** As HTTP has it: something waits, nothing does, there is no such session, or nobody has looked whether there is. */
export type ShttpAnswer = 200 | 204 | 404 | 503

/** A GET for this path, below which is the token of a session. */
export const shttpPath = '/cir/'

export interface Shttp {
  /**
   * Answers a GET, at the latest when `holdSeconds` are over.
   * @param address where it came from
   * @param onGone says what to do when the client hangs up
   */
  ask(token: string, address: string, onGone: (run: () => void) => void): Promise<ShttpAnswer>
  /** Answers everything that is held. */
  release(): void
}

/** Base64url of a digest; anything else is not worth a look into the store. */
const tokenShape = /^[\w-]{43}$/

/**
 * CIR as an HTTP request that is held until there is something to poll for (CSP Trans, SHTTP). The token in its URL is the
 * digest of the Session-ID: as hard to guess, good for the whole session and across restarts, and good for nothing
 * else, since whoever reads it in the log of a proxy cannot find the Session-ID from it.
 */
export function createShttp({ cir, world, holdSeconds, publicUrl }: ShttpOptions): Shttp {
  const held = new Map<Session, (answer: ShttpAnswer) => void>()

  const hold = (session: Session, onGone: (run: () => void) => void) =>
    new Promise<ShttpAnswer>(resolve => {
      const settle = (answer: ShttpAnswer) => {
        timer.cancel()
        if (held.get(session) === settle) held.delete(session)
        resolve(answer)
      }
      const timer = world.after(holdSeconds * 1000, () => settle(204))
      held.set(session, settle)
      onGone(() => settle(204))
    })

  cir.use('SHTTP', {
    addresses: (session, { origin }) => {
      const base = publicUrl ?? origin
      if (base === undefined) return undefined
      return { cirHttpAddress: `${base.replace(/\/$/, '')}${shttpPath}${session.idDigest}` }
    },
    knock: session => {
      const settle = held.get(session as Session)
      settle?.(200)
      return settle !== undefined
    },
    close: session => held.get(session as Session)?.(404),
  })

  return {
    ask: async (token, address, onGone) => {
      const session = tokenShape.test(token) ? await cir.findFor(address, token, 'SHTTP') : undefined
      if (session === undefined) return 404
      if (session === 'busy') return 503
      // A client has one question at a time: an earlier one that is still here has lost its client.
      held.get(session)?.(204)
      if (await cir.isWaiting(session)) return 200
      if (session.isEnded) return 404
      held.get(session)?.(204)
      return holdSeconds === 0 ? 204 : hold(session, onGone)
    },
    release: () => {
      for (const settle of [...held.values()]) settle(204)
    },
  }
}
