import { parseGroupId } from '@village/protocol'
import { infoOf, type Readable } from './mail.ts'

/** The key of the group that a message was sent to, or in; undefined for a message to users (CSP 9.2). */
export function groupOf(item: Readable): string | undefined {
  const [group] = infoOf(item).recipient.groups ?? []
  const groupId = group?.groupId ?? group?.screenName?.groupId
  // Addresses are stored qualified, so that there is no home domain to be added.
  return groupId === undefined ? undefined : parseGroupId(groupId, '')?.key
}
