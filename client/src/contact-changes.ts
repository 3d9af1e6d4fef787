import type { Contact } from './contact-roster.ts'

/** What has become of a contact since the listener was last told. */
export interface ContactChange {
  /** Undefined for somebody who was on no list. */
  readonly before: Contact | undefined
  /** Undefined for somebody who is on no list any more. */
  readonly now: Contact | undefined
}

interface Listener {
  /** By key, what was known of those who have changed since: at most everybody on the lists, however slow one listens. */
  readonly changed: Map<string, Contact | undefined>
  wake(): void
}

/** Tells any number of listeners what changes, to each its own: what changed twice meanwhile is one change. */
export class ContactChanges {
  readonly #look: (key: string) => Contact | undefined
  readonly #listeners = new Set<Listener>()
  #end: { readonly failure: unknown } | undefined

  /** @param look what is known of a contact now */
  constructor(look: (key: string) => Contact | undefined) {
    this.#look = look
  }

  tell(key: string, before: Contact | undefined) {
    for (const { changed, wake } of this.#listeners) {
      if (!changed.has(key)) changed.set(key, before)
      wake()
    }
  }

  /** @param failure what the loops of listeners end with, if anything */
  end(failure?: unknown) {
    this.#end = { failure }
    for (const { wake } of this.#listeners) wake()
  }

  /** Begins to listen at once, even if the first change is asked for later. */
  listen(): AsyncIterableIterator<ContactChange> {
    let wake: () => void = () => {}
    let isOver = false
    const listener: Listener = { changed: new Map(), wake: () => wake() }
    this.#listeners.add(listener)
    const leave = (): IteratorReturnResult<undefined> => {
      isOver = true
      this.#listeners.delete(listener)
      wake()
      return { done: true, value: undefined }
    }
    return {
      next: async () => {
        for (;;) {
          const value = this.#next(listener)
          if (value) return { done: false, value }
          const end = this.#end
          if (isOver || end) {
            const isNews = !isOver
            const left = leave()
            if (isNews && end?.failure !== undefined) throw end.failure
            return left
          }
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
      },
      return: async () => leave(),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  #next({ changed }: Listener): ContactChange | undefined {
    for (const [key, before] of changed) {
      changed.delete(key)
      const now = this.#look(key)
      if (!isSame(before, now)) return { before, now }
    }
    return undefined
  }
}

/** Contacts are plain data, made in one place with their parts in one order. */
const isSame = (one: Contact | undefined, other: Contact | undefined) => JSON.stringify(one) === JSON.stringify(other)
