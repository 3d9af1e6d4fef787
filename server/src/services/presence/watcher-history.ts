import type { World } from '../../world.ts'

/** What somebody was to a user who is no current subscriber (CSP 8.3.2.3). */
export type FormerStatus = 'FORMER_SUBSCRIBER' | 'PRESENCE_ACCESS'

export interface FormerWatcher {
  /** Key. */
  readonly userId: string
  readonly status: FormerStatus
}

export interface History {
  /** For how long it was kept, at most as long as was asked; never 0. */
  readonly seconds: number
  /** Those who had subscribed first, and of these the latest first. */
  readonly watchers: readonly FormerWatcher[]
}

/** When it was last so, in milliseconds since the epoch; 0 for never. */
type Visit = Readonly<Record<FormerStatus, number>>

/** Who watched one user. */
interface Trail {
  /** By the key of the watcher; the one noted last comes last. */
  readonly visits: Map<string, Visit>
  notedAt: number
  /** Nothing is missing from then on. */
  since: number
}

/** More than a user would read; whoever looks in under more and more names pushes out the oldest only. */
const mostPerUser = 1000
/** Some 20 MB. */
const mostInAll = 100_000

const never: Visit = { FORMER_SUBSCRIBER: 0, PRESENCE_ACCESS: 0 }
const lastOf = (visit: Visit) => Math.max(visit.FORMER_SUBSCRIBER, visit.PRESENCE_ACCESS)

/**
 * Who has watched whom, besides those who do: former subscribers, and who looked without subscribing (CSP 4, 8.3.2). It is
 * in memory, for it is of use for a day or so and may be had in part: how far back it goes is told with it.
 */
export class WatcherHistory {
  readonly #world: World
  readonly #keptMilliseconds: number
  /** By the key of the user who was watched; the one noted last comes last. */
  readonly #trails = new Map<string, Trail>()
  #size = 0
  /** Nothing is missing from then on about users who have no trail. */
  #since: number

  constructor(world: World, hours: number) {
    this.#world = world
    this.#keptMilliseconds = hours * 3_600_000
    this.#since = world.now()
  }

  /** Undefined where nothing is known of that time. Who is a current subscriber may be in it, too. */
  of(publisher: string, seconds: number): History | undefined {
    const now = this.#world.now()
    const trail = this.#trails.get(publisher)
    const since = Math.max(now - this.#keptMilliseconds, trail?.since ?? this.#since)
    const told = Math.min(seconds, Math.floor((now - since) / 1000))
    if (told < 1) return undefined
    const visits = [...(trail?.visits ?? [])].reverse()
    // Whoever did subscribe is more than somebody who looked.
    const had = (status: FormerStatus) => (visit: Visit) => visit[status] >= now - told * 1000
    const watchers = visits.flatMap(([userId, visit]): FormerWatcher[] => {
      if (had('FORMER_SUBSCRIBER')(visit)) return [{ userId, status: 'FORMER_SUBSCRIBER' }]
      return had('PRESENCE_ACCESS')(visit) ? [{ userId, status: 'PRESENCE_ACCESS' }] : []
    })
    const those = (status: FormerStatus) => watchers.filter(watcher => watcher.status === status)
    return { seconds: told, watchers: [...those('FORMER_SUBSCRIBER'), ...those('PRESENCE_ACCESS')] }
  }

  /** Nobody is a watcher of his own (CSP 4). */
  note(publisher: string, watcher: string, status: FormerStatus) {
    if (publisher === watcher) return
    const notedAt = this.#world.now()
    const { visits, since } = this.#trails.get(publisher) ?? { visits: new Map<string, Visit>(), since: this.#since }
    const before = visits.get(watcher)
    if (before === undefined) this.#size++
    visits.delete(watcher)
    visits.set(watcher, { ...never, ...before, [status]: notedAt })
    this.#trails.delete(publisher)
    const trail = { visits, since, notedAt }
    this.#trails.set(publisher, trail)
    this.#makeRoom(trail)
  }

  #makeRoom(noted: Trail) {
    const tooOld = this.#world.now() - this.#keptMilliseconds
    for (const [watcher, visit] of noted.visits) {
      if (lastOf(visit) > tooOld && noted.visits.size <= mostPerUser) break
      noted.visits.delete(watcher)
      noted.since = Math.max(noted.since, lastOf(visit))
      this.#size--
    }
    for (const [publisher, { visits, notedAt }] of this.#trails) {
      if (notedAt > tooOld && this.#size <= mostInAll) break
      this.#trails.delete(publisher)
      this.#since = Math.max(this.#since, notedAt)
      this.#size -= visits.size
    }
  }
}
