import type { OfflineBearer, OfflineNotice } from '../../services/access/offline-bearers.ts'
import type { World } from '../../world.ts'
import { turnstile } from './turnstile.ts'

export interface WebhookOptions {
  readonly world: World
  readonly url: string
  /** Sent along, so that the receiver knows who asks. */
  readonly token?: string | undefined
  /** How long an answer may take. */
  readonly timeoutSeconds: number
}

export interface Webhook extends OfflineBearer {
  /** Gives up on everything that is under way. */
  close(): void
}

/** Notices that wait for the receiver; further ones are not taken. */
const mostWaiting = 1000
const mostRequests = 4
/** From one attempt to the next. */
const pauseSeconds: readonly number[] = [5, 30, 120]

/**
 * An operator's program as the bearer of offline notifications: each is a POST with JSON, done when it is answered with
 * 2xx. Silence, 5xx, 408 and 429 are worth another attempt. Any other answer is final: a redirect would send users and
 * numbers, and the token, to where nobody said that they may go.
 */
export function createWebhook({ world, url, token, timeoutSeconds }: WebhookOptions): Webhook {
  const headers = {
    'Content-Type': 'application/json',
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  }
  const inTurn = turnstile(mostRequests)
  const closing = new AbortController()
  const pauses = new Set<() => void>()
  let waiting = 0

  const pause = (seconds: number) =>
    new Promise<void>(done => {
      const end = () => {
        timer.cancel()
        pauses.delete(end)
        done()
      }
      const timer = world.after(seconds * 1000, end)
      pauses.add(end)
    })

  const post = async (body: string) => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutSeconds * 1000)])
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    await response.body?.cancel()
    if (!response.ok) throw new NotTaken(response.status)
  }

  const persist = async (body: string) => {
    for (const seconds of pauseSeconds) {
      try {
        return await inTurn(() => post(body))
      } catch (error) {
        if (isFinal(error) || closing.signal.aborted) throw error
      }
      await pause(seconds)
    }
    return inTurn(() => post(body))
  }

  return {
    isAvailable: () => waiting < mostWaiting && !closing.signal.aborted,
    async send(notice) {
      waiting++
      await persist(JSON.stringify(told(notice))).finally(() => waiting--)
    },
    close() {
      closing.abort()
      for (const end of pauses) end()
    },
  }
}

/** The receiver answered, and not with success. The code is what a log may show. */
class NotTaken extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number) {
    super(`The webhook answered ${status}`)
    this.status = status
    this.code = `HTTP_${status}`
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof NotTaken && error.status < 500 && error.status !== 408 && error.status !== 429

/** What is posted, as docs/operating.md describes it. */
const told = ({ userId, clientKey, msisdn, bearer, waiting, at }: OfflineNotice) => ({
  user: userId,
  client: clientKey ?? null,
  msisdn: msisdn ?? null,
  bearer: bearer ?? null,
  waiting,
  time: new Date(at).toISOString(),
})
