import { clientKey, type PresenceSubList, type Version } from '@village/protocol'
import type { AttributeList } from '../../store/attribute-lists.ts'
import type { PublishedValue } from '../../store/publications.ts'
import type { SessionRecord } from '../../store/session-records.ts'
import type { Store } from '../../store/store.ts'
import { readAgreement } from '../access/agreement.ts'
import type { PresenceDue } from '../news.ts'
import { type Attributes, attributesIn, listOf, noAttributes, only, valuesIn } from './attributes.ts'
import { type Authorization, type Contacts, compileAuthorization } from './authorization.ts'
import { changedBetween, presenceDocument, withUnset } from './document.ts'

/** What a user's presence is made of. */
export interface Sources {
  readonly published: readonly PublishedValue[]
  readonly open: readonly SessionRecord[]
  readonly lists: readonly AttributeList[]
  /** Who is on the contact lists that have attribute lists. */
  readonly contacts: readonly Contacts[]
}

/** So many clients that have gone offline while others stayed are told of as such. */
const mostGone = 8

/** A user as others may see it (CSP 8.2, 8.3). It does not change: a change makes another. */
export class Publisher {
  readonly userId: string
  readonly sources: Sources
  readonly document: PresenceSubList
  readonly authorization: Authorization
  /** What has a value, or had one before: a watcher who was not told that it is gone may still show it. */
  readonly known: Attributes
  /** Clients that have gone offline while others stayed. */
  readonly #gone: readonly string[]
  readonly #told = new Map<string, PresenceSubList>()

  /** @param before the same user as it was */
  constructor(userId: string, sources: Sources, before?: Publisher) {
    this.userId = userId
    this.sources = sources
    const clients = sources.open.map(record => ({ ...record, agreement: readAgreement(record.agreement) }))
    const made = { published: sources.published, clients, userAddress: userId }
    const document = presenceDocument(made)
    const here = onlineIn(document)
    const left = before === undefined ? [] : [...before.#gone, ...onlineIn(before.document)]
    this.#gone = here.length === 0 ? [] : left.filter(key => !here.includes(key)).slice(-mostGone)
    this.document = this.#gone.length === 0 ? document : presenceDocument({ ...made, gone: this.#gone })
    this.known = attributesIn(this.document) | (before?.known ?? 0)
    const isUnchanged = before?.sources.lists === sources.lists && before.sources.contacts === sources.contacts
    this.authorization = isUnchanged
      ? before.authorization
      : compileAuthorization(userId, sources.lists, sources.contacts)
  }

  with(change: Partial<Sources>): Publisher {
    return new Publisher(this.userId, { ...this.sources, ...change }, this)
  }

  /** What is told of it. Who is told the same is given the same list, frozen, so that it is written once for all. */
  tell({ changed, initial = 0 }: PresenceDue): PresenceSubList {
    const key = `${changed} ${initial}`
    let told = this.#told.get(key)
    if (told === undefined) {
      // That a value is gone is told also to whom has subscribed to it again meanwhile.
      const available = only(this.document, initial & ~changed)
      told = changed === 0 ? available : joined(withUnset(this.document, changed), available)
      this.#told.set(key, Object.freeze(told))
    }
    return told
  }
}

const joined = (one: PresenceSubList, other: PresenceSubList) =>
  listOf(attribute => [...valuesIn(one, attribute), ...valuesIn(other, attribute)])

const onlineIn = ({ onlineStatuses }: PresenceSubList): string[] =>
  onlineStatuses.flatMap(({ presenceValue, clientId }) =>
    presenceValue === 'T' && clientId ? clientKey(clientId) : [],
  )

/**
 * What a watcher may be told now that a user has changed (CSP 8.2.2): changes that can be seen in its version, and what may
 * be seen newly.
 * @param known what watchers may hold a value of; that it is gone has to be told to those who may see it again (CSP 8.2.4)
 */
export const newsBetween = (before: Publisher, after: Publisher, known = after.known) => {
  const changes = new Map<Version, Attributes>()
  const changedFor = (version: Version): Attributes => {
    if (before.document === after.document) return noAttributes
    const changed = changes.get(version) ?? changedBetween(before.document, after.document, version)
    changes.set(version, changed)
    return changed
  }
  return (watcher: string, version: Version): Attributes => {
    const authorized = after.authorization.authorized(watcher)
    const isNew = authorized & ~before.authorization.authorized(watcher)
    return (changedFor(version) & authorized) | (known & isNew)
  }
}

export async function readSources(userId: string, store: Store): Promise<Sources> {
  const [published, open, authorization] = await Promise.all([
    store.publications.of(userId),
    store.sessions.ofUser(userId),
    readAuthorization(userId, store),
  ])
  return { published, open, ...authorization }
}

/** Whom the user has authorized, and who is on the contact lists by which that goes. */
export async function readAuthorization(userId: string, store: Store): Promise<Pick<Sources, 'lists' | 'contacts'>> {
  const lists = await store.attributeLists.of(userId)
  const listIds = lists.filter(({ kind, attributes }) => kind === 'contactList' && attributes !== null)
  const contacts = await Promise.all(
    listIds.map(async ({ subject: listId }) => ({
      listId,
      members: (await store.contactLists.members(listId)).map(member => member.userId),
    })),
  )
  return { lists, contacts }
}
