import { authorizedNames, byDefault, individual, onLists, type Policy } from './presence-model.ts'

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
