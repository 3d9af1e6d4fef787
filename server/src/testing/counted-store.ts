import type { Store } from '../store/store.ts'

/** How often a store was written to and read from. */
export interface StoreUse {
  commits: number
  reads: number
}

/** A store that counts: what its nouns promise is read, what they return at once is only the description of a write. */
export function countedStore(store: Store, use: StoreUse): Store {
  const counting = <T extends object>(noun: T): T =>
    new Proxy(noun, {
      get: (target, name) => {
        const method = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...given: unknown[]) => {
          const result = method.apply(target, given)
          if (result instanceof Promise) use.reads++
          return result
        }
      },
    })
  const nouns = Object.entries(store).map(([name, noun]) => [name, typeof noun === 'object' ? counting(noun) : noun])
  return {
    ...(Object.fromEntries(nouns) as Store),
    commit: (unit, lane) => {
      use.commits++
      return store.commit(unit, lane)
    },
  }
}
