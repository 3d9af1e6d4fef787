import { done, type Handler } from '../context.ts'

/**
 * From the answer on this client is notified of these events no more; without types, of none (CSP 7.2.1). What was not
 * subscribed to, or is no type at all, it is not notified of either, so there is nothing to refuse. IMPS-CSP-SAP-S-018.
 */
export const unsubscribeNotification: Handler<'UnsubscribeNotificationRequest'> = async (
  { notificationTypes = [] },
  { session, house },
) => {
  const { agreement } = session
  const isOver = (type: string) => notificationTypes.length === 0 || notificationTypes.includes(type)
  const notifications = agreement.notifications.filter(type => !isOver(type))
  await house.sessions.agree(session, { agreement: { ...agreement, notifications } })
  return done
}
