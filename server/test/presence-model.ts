/** Who may see what, formula by formula as CSP 8.2.2 and 8.2.3 have them: what the service does is compared with this. */
export interface Policy {
  readonly publisher: string
  readonly lists: readonly ModelList[]
  readonly contacts: readonly { readonly listId: string; readonly members: readonly string[] }[]
}

export interface ModelList {
  readonly kind: 'default' | 'user' | 'contactList'
  readonly subject: string
  /** Null where only a wish to be notified was stored. */
  readonly names: readonly string[] | null
  readonly notify: boolean | undefined
}

/** PA_individual (figure 38): undefined where no attribute list is assigned to the watcher. */
const individual = ({ lists }: Policy, watcher: string) =>
  lists.find(list => list.kind === 'user' && list.subject === watcher && list.names !== null)

/** PA_list of each contact list with an attribute list that the watcher is on (figure 39). */
const onLists = ({ lists, contacts }: Policy, watcher: string) =>
  lists.filter(list => {
    const members = contacts.find(({ listId }) => listId === list.subject)?.members ?? []
    return list.kind === 'contactList' && list.names !== null && members.includes(watcher)
  })

/** PA_default (figure 40): not present is the same as empty. */
const byDefault = ({ lists }: Policy) => lists.find(list => list.kind === 'default')

/** PA_authorize; undefined for all, which is what publishers see of themselves. */
export const authorizedNames = (policy: Policy, watcher: string): ReadonlySet<string> | undefined => {
  if (watcher === policy.publisher) return undefined
  const own = individual(policy, watcher)
  if (own) return new Set(own.names)
  const lists = onLists(policy, watcher)
  return new Set(lists.length > 0 ? lists.flatMap(({ names }) => names ?? []) : byDefault(policy)?.names)
}

const missingNames = (policy: Policy, watcher: string, requested: readonly string[]) => {
  const authorized = authorizedNames(policy, watcher)
  return authorized === undefined ? [] : requested.filter(name => !authorized.has(name))
}

/** Of what the publisher is notified (CSP 8.2.3), and by which of the flags of table 70. */
export const neededNames = (policy: Policy, watcher: string, requested: readonly string[]) => {
  const missing = missingNames(policy, watcher, requested)
  if (missing.length === 0) return undefined
  const own = individual(policy, watcher)
  if (own) return own.notify ? { missing, ask: 'user' as const } : undefined
  const lists = onLists(policy, watcher)
  const contactLists = lists.filter(({ notify }) => notify).map(({ subject }) => subject)
  if (lists.length > 0) return contactLists.length > 0 ? { missing, ask: { contactLists } } : undefined
  return byDefault(policy)?.notify ? { missing, ask: 'default' as const } : undefined
}

/** Whether there is an attribute list for the watcher in particular. */
export const isDecidedOn = (policy: Policy, watcher: string): boolean =>
  individual(policy, watcher) !== undefined || onLists(policy, watcher).length > 0

/** Whether nothing was decided about the watcher, and what everybody may see is not enough. */
export const isPendingNames = (policy: Policy, watcher: string, requested: readonly string[]): boolean =>
  missingNames(policy, watcher, requested).length > 0 && !isDecidedOn(policy, watcher)
