import type { AttributeList } from '../../store/attribute-lists.ts'
import { type Attributes, allAttributes, noAttributes, readAttributes } from './attributes.ts'

/** Which attributes a publisher shows to a user, to a contact list, or to everybody else (CSP 8.2.2). */
export type Shown = Omit<AttributeList, 'name'>

/** A contact list as it is now. */
export interface Contacts {
  readonly listId: string
  readonly members: readonly string[]
}

/** What a publisher is to be told (CSP 8.2.3): what was requested in vain, and which authorization that was held against. */
export interface Need {
  readonly missing: Attributes
  readonly ask: 'user' | 'default' | { readonly contactLists: readonly string[] }
}

/** Who may see what of one publisher, made ready for being asked often. Watchers go by their keys. */
export interface Authorization {
  authorized(watcherKey: string): Attributes
  /** Whether there is a list that is meant for the watcher, and not for everybody (CSP 8.2.2). */
  isDecided(watcherKey: string): boolean
  /** What the publisher wants to be told about a request; undefined where it is all granted, or not asked for. */
  needed(watcherKey: string, requested: Attributes): Need | undefined
  /** For clients before 1.3, which have no wishes: nothing was decided about this watcher, and the default is not enough. */
  isPending(watcherKey: string, requested: Attributes): boolean
}

/** What holds for a watcher. */
interface Grant extends Pick<Need, 'ask'> {
  readonly attributes: Attributes
  readonly isAsked: boolean
}

/** @param contacts the publisher's contact lists, at least those with attribute lists */
export function compileAuthorization(
  publisherKey: string,
  lists: readonly Shown[],
  contacts: readonly Contacts[],
): Authorization {
  const individual = new Map<string, Grant>()
  const byList = new Map<string, Grant>()
  // Without a default list nothing is shown by default; the publisher may want to know of who asks nevertheless.
  let byDefault: Grant = { attributes: noAttributes, isAsked: false, ask: 'default' }
  for (const list of lists) {
    const isAsked = list.notify === true
    const attributes = readAttributes(list.attributes ?? '')
    if (list.kind === 'default') byDefault = { attributes, isAsked, ask: 'default' }
    else if (list.attributes === null) continue
    else if (list.kind === 'user') individual.set(list.subject, { attributes, isAsked, ask: 'user' })
    else for (const member of membersOf(list.subject, contacts)) join(byList, member, list.subject, attributes, isAsked)
  }
  const grantOf = (watcherKey: string): Grant => individual.get(watcherKey) ?? byList.get(watcherKey) ?? byDefault
  const missing = (watcherKey: string, requested: Attributes): Attributes =>
    watcherKey === publisherKey ? noAttributes : requested & ~grantOf(watcherKey).attributes
  return {
    authorized: watcherKey => (watcherKey === publisherKey ? allAttributes : grantOf(watcherKey).attributes),
    needed: (watcherKey, requested) => {
      const { isAsked, ask } = grantOf(watcherKey)
      const lacking = missing(watcherKey, requested)
      return isAsked && lacking !== noAttributes ? { missing: lacking, ask } : undefined
    },
    isDecided: watcherKey => grantOf(watcherKey) !== byDefault,
    isPending: (watcherKey, requested) =>
      grantOf(watcherKey) === byDefault && missing(watcherKey, requested) !== noAttributes,
  }
}

const membersOf = (listId: string, contacts: readonly Contacts[]): ReadonlySet<string> =>
  new Set(contacts.filter(it => it.listId === listId).flatMap(({ members }) => members))

/** Who is on several contact lists may see what any of them may (figure 39); those that want to be asked are asked. */
function join(byList: Map<string, Grant>, member: string, listId: string, attributes: Attributes, isAsked: boolean) {
  const other = byList.get(member)
  const asked = other !== undefined && typeof other.ask === 'object' ? other.ask.contactLists : []
  byList.set(member, {
    attributes: (other?.attributes ?? noAttributes) | attributes,
    isAsked: isAsked || (other?.isAsked ?? false),
    ask: { contactLists: isAsked ? [...asked, listId] : asked },
  })
}
