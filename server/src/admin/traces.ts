import type { Trace, TraceEntry } from '../telemetry/trace.ts'
import type { Traces } from '../telemetry/traces.ts'
import { parseOwnUserId } from './own-user-id.ts'
import { UserRefusal } from './user-refusal.ts'

/** What operators see of the messages of a user while they trace them. All of it refuses `BadUserId`, `ForeignDomain`. */
export interface TraceAdmin {
  list(): Promise<{ readonly traces: readonly ListedTrace[] }>
  /** Starts a trace, or gives the one there is its full time again. Refuses `TooManyTraces`. */
  start(userId: string): Promise<ListedTrace>
  /** What came after the entry of this number, 0 for all that is kept. Refuses `NoSuchTrace`. */
  read(userId: string, after: number): Promise<ListedTrace & { readonly entries: readonly TraceEntry[] }>
  /** Ends a trace and forgets it. Refuses `NoSuchTrace`. */
  stop(userId: string): Promise<void>
}

export interface ListedTrace {
  readonly userId: string
  /** ISO 8601 */
  readonly startedAt: string
  /** ISO 8601 */
  readonly endsAt: string
}

export const createTraceAdmin = (traces: Traces, domains: readonly string[]): TraceAdmin => {
  const keyOf = (userId: string): string => parseOwnUserId(userId, domains).key
  return {
    list: async () => ({ traces: traces.all().map(listed) }),

    start: async userId => {
      const key = keyOf(userId)
      if (traces.isFull && traces.of(key) === undefined)
        throw new UserRefusal('TooManyTraces', 'Too many users are traced. "village trace" lists them; stop one first.')
      return listed(traces.start(key))
    },

    read: async (userId, after) => {
      const key = keyOf(userId)
      const trace = traces.of(key) ?? noSuchTrace(key)
      return { ...listed(trace), entries: trace.after(after) }
    },

    stop: async userId => {
      const key = keyOf(userId)
      if (!traces.stop(key)) noSuchTrace(key)
    },
  }
}

const listed = ({ userId, startedAt, endsAt }: Trace): ListedTrace => ({
  userId,
  startedAt: new Date(startedAt).toISOString(),
  endsAt: new Date(endsAt).toISOString(),
})

const noSuchTrace = (userId: string): never => {
  throw new UserRefusal('NoSuchTrace', `${userId} is not traced, or no longer. Start with: village trace ${userId}`)
}
