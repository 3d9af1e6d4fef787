import { pause } from './pause.ts'
import { backoff } from './requests.ts'

export interface WakeUpHost {
  /** Asks once; resolves to the HTTP status, 0 where there was none. */
  ask(): Promise<number>
  /** There is something to poll for. */
  want(): void
  /** Whether news will be told from now on, so that polling for them is not needed. */
  rely(isReliable: boolean): void
}

/** A server that answers sooner does not hold questions and is asked more rarely. */
const heldMilliseconds = 1000
const unheldPauseMilliseconds = 10_000
/** Until the poll that was called for has brought what waits; longer each time that it has not. */
const firstPauseMilliseconds = 100

/**
 * Communication initiation by HTTP (CSP 6.2, SHTTP): always one question with the server, which is answered with 200
 * when a poll would bring something. A session that the server no longer knows is polled for once, to hear why.
 */
export async function listenForWakeUps(host: WakeUpHost, signal: AbortSignal): Promise<void> {
  let failures = 0
  let calls = 0
  while (!signal.aborted) {
    const askedAt = Date.now()
    const status = await host.ask()
    if (signal.aborted) return
    const isAnswer = status === 200 || status === 204
    failures = isAnswer ? 0 : failures + 1
    calls = status === 200 ? calls + 1 : 0
    host.rely(isAnswer)
    if (status === 200 || (status === 404 && failures === 1)) host.want()
    if (!isAnswer) await pause(backoff(failures), signal)
    else if (status === 200)
      await pause(Math.min(firstPauseMilliseconds * 2 ** (calls - 1), unheldPauseMilliseconds), signal)
    else if (Date.now() - askedAt < heldMilliseconds) await pause(unheldPauseMilliseconds, signal)
  }
}
