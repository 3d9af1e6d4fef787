import type { Contact } from '../../store/contact-lists.ts'
import type { Confirmed, PendingChange } from '../../store/list-syncs.ts'

type Kind = 'added' | 'removed'

/** Who was removed has no nickname any more. */
type Member = Pick<Contact, 'userId' | 'address'> & Partial<Contact>

/** What goes into one transaction. */
export interface ListPart {
  readonly telling: Telling
  readonly kind: Kind
  readonly members: readonly Member[]
}

/** How many members, from the first, fit into a transaction; at least one. */
export type CutList = (change: PendingChange, kind: Kind, members: readonly Member[]) => number

/** One list that the client is being told of. */
interface Telling {
  readonly change: PendingChange
  /** What was not handed out yet. */
  readonly left: Map<Kind, readonly Member[]>
  readonly declined: Set<Kind>
  /** How many transactions the client is answering. */
  open: number
  /** Something was changed since: when this is answered there may be more to tell. */
  isOutdated: boolean
}

/** What there was to tell, and how much had been heard by then. */
interface Look {
  readonly turn: number
  readonly closed: number
}

/**
 * What one client is to be told of its user's contact lists: those that wait, those that it is answering, which are not
 * told again meanwhile, and those that it does not take, which are not told again before they say something else.
 */
export class ListNews {
  #waiting: PendingChange[] = []
  readonly #told = new Map<string, Telling>()
  /** By list: what of it was declined. */
  readonly #declined = new Map<string, string>()
  #looks = 0
  #closed = 0

  /** Whether anybody has looked at what there is to tell. */
  get isKnown(): boolean {
    return this.#looks > 0
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0 || this.#begun() !== undefined
  }

  /** Somebody begins to read what there is to tell. */
  beginLook(): Look {
    return { turn: ++this.#looks, closed: this.#closed }
  }

  /**
   * What waits is what was found, but for what is being told. False where some of that has been told to its end since
   * the look began, so that it may be among what was found: then somebody has to look again.
   */
  endLook({ turn, closed }: Look, found: readonly PendingChange[]): boolean {
    // Whoever began later sees more.
    if (turn !== this.#looks) return true
    if (closed !== this.#closed) return false
    for (const telling of this.#told.values()) telling.isOutdated = true
    this.#waiting = found.filter(change => !this.#told.has(change.listId) && !this.#isDeclined(change))
    return true
  }

  /** What is handed out next: a list is told of to its end before the next one begins. */
  take(cut: CutList): ListPart | undefined {
    const telling = this.#begun() ?? this.#begin()
    const next = telling?.left.entries().next().value
    if (telling === undefined || next === undefined) return undefined
    const [kind, left] = next
    const count = cut(telling.change, kind, left)
    if (count < left.length) telling.left.set(kind, left.slice(count))
    else telling.left.delete(kind)
    telling.open++
    return { telling, kind, members: left.slice(0, count) }
  }

  /** The client has answered; what it has heard of the list by that, once it has answered all there was to tell. */
  answer({ telling, kind }: ListPart, isTaken: boolean): Confirmed | undefined {
    const { change, left, declined } = telling
    if (this.#told.get(change.listId) !== telling) return undefined
    telling.open--
    if (!isTaken) {
      declined.add(kind)
      left.delete(kind)
    }
    if (telling.open > 0 || left.size > 0) return undefined
    const heard = (of: Kind) => (declined.has(of) || change[of].length === 0 ? undefined : change.revision)
    return { added: heard('added'), removed: heard('removed') }
  }

  /** What the client has heard of the list is on disk, or cannot be kept. */
  close({ change, declined }: Telling) {
    this.#closed++
    this.#told.delete(change.listId)
    const added = declined.has('added') ? change.added : []
    const removed = declined.has('removed') ? change.removed : []
    if (declined.size === 0) this.#declined.delete(change.listId)
    else this.#declined.set(change.listId, contentOf({ added, removed }))
  }

  /** It did not reach the client: the list has to be looked at and told anew. */
  lose({ telling }: ListPart) {
    const { listId } = telling.change
    if (this.#told.get(listId) === telling) this.#told.delete(listId)
  }

  #begun(): Telling | undefined {
    for (const telling of this.#told.values()) if (telling.left.size > 0) return telling
    return undefined
  }

  #begin(): Telling | undefined {
    const change = this.#waiting.shift()
    if (change === undefined) return undefined
    const kinds: readonly Kind[] = ['added', 'removed']
    const left = new Map(kinds.filter(kind => change[kind].length > 0).map(kind => [kind, change[kind]]))
    const telling: Telling = { change, left, declined: new Set(), open: 0, isOutdated: false }
    this.#told.set(change.listId, telling)
    return telling
  }

  #isDeclined(change: PendingChange): boolean {
    return this.#declined.get(change.listId) === contentOf(change)
  }
}

const contentOf = ({ added, removed }: Pick<PendingChange, Kind>) => JSON.stringify([added, removed])
