import type { AccessEntry, AccessList, ListChange, ListChanges, UserAccess } from '../../store/access-lists.ts'
import type { Notification } from '../access/notify.ts'

/**
 * What a change of block and grant list is to the other clients of the user (CSP 7.2.1, 9.3.1.1): each list that has
 * other entries now, and each that is newly in use or newly not. Adding what is there changes nothing.
 */
export const accessEvents = (before: UserAccess, { block, grant }: ListChanges): Notification[] => {
  const events: (Notification | false)[] = [
    hasOtherEntries(before.block, block) && { notificationType: 'BLC' },
    hasOtherUse(before.block, block) && { notificationType: 'BLUC', blockListInUse: block?.isInUse },
    hasOtherEntries(before.grant, grant) && { notificationType: 'GLC' },
    hasOtherUse(before.grant, grant) && { notificationType: 'GLUC', grantListInUse: grant?.isInUse },
  ]
  return events.filter(event => event !== false)
}

const idOf = ({ kind, key }: AccessEntry) => JSON.stringify([kind, key])

/** What is removed and added by one change stays. */
function hasOtherEntries({ entries }: AccessList, change: ListChange | undefined): boolean {
  if (change === undefined) return false
  const current = new Set(entries.map(idOf))
  const added = new Set(change.add.map(idOf))
  const isGone = (id: string) => current.has(id) && !added.has(id)
  return change.remove.map(idOf).some(isGone) || [...added].some(id => !current.has(id))
}

const hasOtherUse = ({ isInUse }: AccessList, change: ListChange | undefined): boolean =>
  change?.isInUse !== undefined && change.isInUse !== isInUse
