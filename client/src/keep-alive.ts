import { pause } from './pause.ts'

export interface KeepAliveHost {
  /** Agreed KeepAliveTime in seconds; undefined: the session lasts without. */
  seconds(): number | undefined
  /** When the last transaction was with the server, in milliseconds since the epoch. Polls need not count there. */
  lastAt(): number
  keepAlive(): Promise<void>
}

/** So long before its time runs out the session is kept alive, or a quarter of the time if that is less. */
const marginMilliseconds = 5000

/** Less cannot be kept, and a server that says 0 is not to be asked without a pause. */
const shortestSeconds = 1

/** Keeps a session alive in which nothing else happens (CSP 6.7). */
export async function keepAlive(host: KeepAliveHost, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const time = Math.max(shortestSeconds, host.seconds() ?? Number.POSITIVE_INFINITY) * 1000
    const due = host.lastAt() + time - Math.min(marginMilliseconds, time / 4)
    if (due > Date.now()) {
      // Looks again now and then, for the time can change and the clock of a sleeping machine stands still.
      await pause(Math.min(due - Date.now(), 60_000), signal)
      continue
    }
    await host.keepAlive().catch(() => pause(marginMilliseconds, signal))
  }
}
