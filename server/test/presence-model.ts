/** Who may see what, formula by formula as CSP 8.2.2 has them: what the service does is compared with this. */
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
export const individual = ({ lists }: Policy, watcher: string) =>
  lists.find(list => list.kind === 'user' && list.subject === watcher && list.names !== null)

/** PA_list of each contact list with an attribute list that the watcher is on (figure 39). */
export const onLists = ({ lists, contacts }: Policy, watcher: string) =>
  lists.filter(list => {
    const members = contacts.find(({ listId }) => listId === list.subject)?.members ?? []
    return list.kind === 'contactList' && list.names !== null && members.includes(watcher)
  })

/** PA_default (figure 40): not present is the same as empty. */
export const byDefault = ({ lists }: Policy) => lists.find(list => list.kind === 'default')

/** PA_authorize; undefined for all, which is what publishers see of themselves. */
export const authorizedNames = (policy: Policy, watcher: string): ReadonlySet<string> | undefined => {
  if (watcher === policy.publisher) return undefined
  const own = individual(policy, watcher)
  if (own) return new Set(own.names)
  const lists = onLists(policy, watcher)
  return new Set(lists.length > 0 ? lists.flatMap(({ names }) => names ?? []) : byDefault(policy)?.names)
}
