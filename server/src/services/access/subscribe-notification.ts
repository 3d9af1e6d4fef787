import { done, type Handler } from '../context.ts'
import { tellOpenRequests } from '../presence/reactive-authorization.ts'
import { allowedTypes, checkTypes } from './notification-types.ts'

/**
 * Subscribes this client, for as long as its session goes on, to notifications of events, in addition to those it has
 * subscribed to already (CSP 7.2.1). Without types: to all that the services it has agreed on allow. All that is asked,
 * or nothing. IMPS-CSP-SAP-S-018.
 */
export const subscribeNotification: Handler<'SubscribeNotificationRequest'> = async (request, { session, house }) => {
  const { notificationTypes = [] } = request
  const { agreement } = session
  checkTypes(notificationTypes, agreement.services)
  const wanted = notificationTypes.length > 0 ? notificationTypes : allowedTypes(agreement.services)
  const notifications = [...new Set([...agreement.notifications, ...wanted])]
  await house.sessions.agree(session, { agreement: { ...agreement, notifications } })
  await tellOpenRequests(session, house)
  return done
}
