import type { NewValue, PublishedValue } from '../../store/publications.ts'
import type { Store } from '../../store/store.ts'
import { Publisher, readAuthorization, readSources, type Sources } from './publisher.ts'

/** So many users are kept ready whom nobody watches, for those who look without watching. */
const mostUnwatched = 1000

export interface PublishersOptions {
  readonly store: Store
  readonly isWatched: (userId: string) => boolean
  /** Told of each change of a user who is kept ready. */
  readonly onChange: (before: Publisher, after: Publisher) => void
  /** Told of a change of a user who is watched and is not kept ready. */
  readonly onUnknown: (userId: string) => void
}

/**
 * Users as others see them, kept ready: all who are watched, and those who were looked at last. Whoever writes something
 * that a user's presence is made of tells so here before answering, so that nobody sees it as it was before.
 */
export class Publishers {
  readonly #options: PublishersOptions
  /** The one used last comes last. */
  readonly #slots = new Map<string, Promise<Publisher>>()

  constructor(options: PublishersOptions) {
    this.#options = options
  }

  /** @throws StoreUnavailable */
  of(userId: string): Promise<Publisher> {
    const { store } = this.#options
    const known = this.#slots.get(userId)
    const publisher = known ?? readSources(userId, store).then(sources => new Publisher(userId, sources))
    this.#keep(userId, publisher)
    if (known === undefined) this.#makeRoom()
    return publisher
  }

  /** These values are on disk. */
  publish(userId: string, values: readonly NewValue[], at: number) {
    return this.#change(userId, ({ published }) => ({ published: merged(published, values, at) }))
  }

  /** Other sessions of the user are open now, or have agreed on something else. */
  onSessions(userId: string) {
    return this.#change(userId, async () => ({ open: await this.#options.store.sessions.ofUser(userId) }))
  }

  /** The user has authorized others, or others are on a contact list by which that goes. */
  onAuthorization(userId: string) {
    return this.#change(userId, () => readAuthorization(userId, this.#options.store))
  }

  /** Nothing that is known of the user holds any more. */
  forget(userId: string) {
    this.#slots.delete(userId)
    if (this.#options.isWatched(userId)) this.#options.onUnknown(userId)
  }

  /** One change after the other. Where one cannot be read the user is forgotten, and read anew when somebody asks. */
  async #change(userId: string, change: (sources: Sources) => Partial<Sources> | Promise<Partial<Sources>>) {
    const { onChange, onUnknown, isWatched } = this.#options
    const known = this.#slots.get(userId)
    if (known === undefined) {
      if (isWatched(userId)) onUnknown(userId)
      return
    }
    const changed = known.then(async before => {
      const after = before.with(await change(before.sources))
      onChange(before, after)
      return after
    })
    this.#keep(userId, changed)
    await changed.then(
      () => {},
      () => onUnknown(userId),
    )
  }

  #keep(userId: string, publisher: Promise<Publisher>) {
    this.#slots.delete(userId)
    this.#slots.set(userId, publisher)
    publisher.catch(() => {
      if (this.#slots.get(userId) === publisher) this.#slots.delete(userId)
    })
  }

  #makeRoom() {
    // Two are enough, since one comes at a time; those who are watched go to the end of the line.
    for (let looked = 0; looked < 2 && this.#slots.size > mostUnwatched; looked++) {
      const [userId, publisher] = this.#slots.entries().next().value!
      this.#slots.delete(userId)
      if (this.#options.isWatched(userId)) this.#slots.set(userId, publisher)
    }
  }
}

/** What was published before, with these values in place of those they are about. */
function merged(before: readonly PublishedValue[], values: readonly NewValue[], publishedAt: number) {
  const isReplaced = (one: PublishedValue) =>
    values.some(other => other.clientKey === one.clientKey && other.attribute === one.attribute)
  const set = values.flatMap(({ value, ...rest }) => (value === null ? [] : { ...rest, value, publishedAt }))
  return [...set, ...before.filter(one => !isReplaced(one))]
}
