import { parseGroupId, refuse } from '@village/protocol'
import type { Agreement, DeliveryMethod } from '../access/agreement.ts'
import { type Context, done, type Handler } from '../context.ts'
import type { Group } from '../groups/groups.ts'

/** What must have been agreed for each method: a notification is of use only to those who can fetch (CSP 5.6.4.1). */
const needs: Readonly<Record<DeliveryMethod, readonly string[]>> = { P: ['NEWM'], N: ['NOTIF', 'GETM'] }

/**
 * Changes how messages come to this client from now on (CSP 9.1.2), all of them or those of one group, of which it may
 * limit the length; when it is by push, all that waits for it is pushed. IMPS-CSP-IMSE-S-001.
 */
export const setDeliveryMethod: Handler<'SetDeliveryMethodRequest'> = async (request, context) => {
  const { session, house } = context
  const { groupId, groupContentLimit: contentLimit } = request
  const deliveryMethod = request.deliveryMethod === 'N' ? 'N' : 'P'
  if (groupId === undefined && contentLimit !== undefined)
    refuse('BadRequest', { description: 'A limit is for the messages of a group: name one', path: 'GroupContentLimit' })
  const { agreement } = session
  const missing = needs[deliveryMethod].filter(service => !agreement.services.includes(service))
  if (missing.length > 0)
    refuse('RelatedServicesMissing', { description: `Agree on ${missing.join(' and ')} first, by a Service-Request` })
  const group = groupId === undefined ? undefined : await ownGroup(groupId, context)
  const change: Partial<Agreement> = group
    ? { groupDelivery: { ...agreement.groupDelivery, [group.groupId]: { deliveryMethod, contentLimit } } }
    : { deliveryMethod }
  await house.sessions.agree(session, { agreement: { ...agreement, ...change } })
  return done
}

/** A group whose messages the user may hear. */
async function ownGroup(groupId: string, { session, house }: Context): Promise<Group> {
  const key = parseGroupId(groupId, session.homeDomain)?.key
  const group = key === undefined ? undefined : await house.groups.find(key)
  if (group === undefined) return refuse('GroupDoesNotExist')
  const standing = await house.groups.memberOf(group.groupId, session.userId)
  if (standing === 'rejected') refuse('UserRejected')
  if (group.isRestricted && standing !== 'member') refuse('NotGroupMember')
  return group
}
