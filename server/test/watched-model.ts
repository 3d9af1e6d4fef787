import type { Version } from '@village/protocol'
import { authorizedNames, type Policy } from './presence-model.ts'
import type { AttributeName, PublishedModel } from './published-model.ts'

type Names = readonly AttributeName[]

/** What a notification or an answer has to say: exactly these values, and that those that are gone have none any more. */
export interface Told {
  readonly values: ReadonlyMap<AttributeName, readonly string[]>
  readonly gone: Names
  /** Of these alone it may be told besides that they have no value (CSP 8.3.2.1). */
  readonly mayBeEmpty: Names
  /** Whether it is told even if it says nothing. */
  readonly isFirst: boolean
}

/** One client that watches the publisher, and nobody else. */
export const newWatcher = (user: string, version: Version) => ({
  ...{ user, version },
  /** Subscribed to by User-ID, by contact list as that was then, and by contact list as it is. */
  by: { user: [] as Names, listAsItWas: [] as Names, list: [] as Names },
  /** Whether the publisher is on the contact list by which that goes. */
  hasOnList: false,
  /** To be told as far as it may be seen then: what was changed or newly authorized, and what was newly subscribed to. */
  due: [] as Names,
  initial: undefined as Names | undefined,
  /** What it was told a value of, and not that this is gone. */
  holds: [] as Names,
})

type Watcher = ReturnType<typeof newWatcher>

const subscribed = ({ by, hasOnList }: Watcher): Names => [
  ...new Set([...by.user, ...by.listAsItWas, ...(hasOnList ? by.list : [])]),
]

/** What the watchers of one publisher are told (CSP 8.2.2, 8.2.4, 8.3.2.1), from event to event. */
export const watchedModel = (policy: () => Policy, published: PublishedModel, watchers: readonly Watcher[]) => {
  const visible = ({ user }: Watcher, names: Names): Names => {
    const authorized = authorizedNames(policy(), user)
    return names.filter(name => authorized?.has(name) ?? true)
  }
  const valuesOf = (names: Names, { version }: Watcher) =>
    new Map(names.map(name => [name, published.shown(name, version)] as const).filter(([, all]) => all.length > 0))
  /** `notified` are the values of PA_notif (figure 37). */
  const seenBy = (watcher: Watcher) => {
    const names = visible(watcher, subscribed(watcher))
    const notified = new Map(names.map(name => [name, published.shown(name, watcher.version).join()]))
    return { subscribed: subscribed(watcher), notified }
  }

  return {
    /** Anything that happens: who is to be told of it follows from how things were before and are after. */
    change(happen: () => void) {
      const before = watchers.map(seenBy)
      happen()
      for (const [index, watcher] of watchers.entries()) {
        const [was, is] = [before[index]!, seenBy(watcher)]
        const come = is.subscribed.filter(name => !was.subscribed.includes(name))
        if (come.length > 0) watcher.initial = [...(watcher.initial ?? []), ...come]
        watcher.holds = watcher.holds.filter(name => is.subscribed.includes(name))
        if (is.subscribed.length === 0) Object.assign(watcher, { due: [], initial: undefined })
        const news = [...is.notified].flatMap(([name, value]) => (was.notified.get(name) === value ? [] : name))
        watcher.due = [...watcher.due, ...news]
      }
    },

    /** Nobody knows any more what the watchers were told. */
    restart() {
      for (const watcher of watchers)
        if (subscribed(watcher).length > 0) watcher.initial = watcher.due = subscribed(watcher)
    },

    /** What a watcher hears now. */
    hear(watcher: Watcher): Told {
      const { due, initial, holds } = watcher
      const notified = visible(watcher, subscribed(watcher))
      const changed = notified.filter(name => due.includes(name))
      const values = valuesOf([...changed, ...notified.filter(name => initial?.includes(name))], watcher)
      const gone = changed.filter(name => holds.includes(name) && !values.has(name))
      const kept = holds.filter(name => !gone.includes(name))
      Object.assign(watcher, { due: [], initial: undefined, holds: [...kept, ...values.keys()] })
      return { values, gone, mayBeEmpty: changed, isFirst: initial !== undefined }
    },

    /** Of what is asked for all that has a value and may be seen (CSP 8.3.3.1). */
    get: (watcher: Watcher, names: Names): Told => ({
      values: valuesOf(visible(watcher, names), watcher),
      gone: [],
      mayBeEmpty: [],
      isFirst: true,
    }),
  }
}
