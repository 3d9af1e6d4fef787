/**
 * Client for IMPS (Wireless Village) servers, for Node and browsers: CSP 1.1 to 1.3 in XML or WBXML over HTTP.
 *
 * ```ts
 * import { connect } from '@village/client'
 *
 * const connection = connect({ url: 'http://127.0.0.1:8080/imps' })
 * const session = await connection.login({ userId: 'wv:alice@village.local', password: 'secret' })
 * await session.negotiate()
 *
 * const { messageId } = await session.messaging.send({ to: 'wv:bob@village.local', text: 'Hello!', report: true })
 * for await (const { from, text } of session.messaging.messages()) {
 *   console.log(`${from}: ${text}`)
 *   if (text === 'bye') break
 * }
 * await session.logout()
 * ```
 *
 * Anything but text goes as octets, is announced first where that was negotiated, and has its reports to itself:
 *
 * ```ts
 * const sent = await session.messaging.send({ to, bytes, contentType: 'image/png', name: 'holiday.png', report: true })
 * for (const { to, description } of sent.failed) console.log(`${to} does not get it: ${description}`)
 * for await (const { to, fate } of sent.reports()) console.log(`${to}: ${fate}`)
 *
 * await session.negotiate({ delivery: 'notify' })
 * for await (const message of session.messaging.messages({ fetch: ({ contentSize = 0 }) => contentSize < 50_000 })) ...
 * for (const { id } of (await session.messaging.listMessages()).messages) await session.messaging.rejectMessages(id!)
 *
 * await session.messaging.send({ to: { contactList: 'wv:alice/friends@village.local' }, text, font: { color: 'Navy' } })
 * await session.messaging.send({ to: { userId: to, clientId: 'urn:phone' }, uri: 'http://village.local/holiday.png' })
 *
 * await session.accessLists.block('wv:mallory@village.local')
 * ```
 *
 * Who is there, on contact lists that stay up to date, and who may see that of oneself:
 *
 * ```ts
 * await session.negotiate({ presence: 'live' })
 * await session.presence.setStatus({ availability: 'away', text: 'Back at five' })
 * await session.contacts.open()
 * for await (const { now } of session.contacts.changes()) if (now) console.log(now.nickname, now.isOnline, now.text)
 *
 * await session.authorizations.beAsked()
 * for await (const requests of session.authorizations.requests()) for (const request of requests) await request.allow()
 * ```
 *
 * A message counts as taken when the loop asks for the next one: the one it is left at comes again to the next listener.
 *
 * Whatever the protocol can say is one typed call away: `session.request('GetListRequest', {})`. A server that says no
 * rejects with {@link RequestFailed}; one that is not there, with {@link TransportFailed}.
 */
export type { AccessListState, AccessLists, Entities } from './access-lists.ts'
export type { AuthorizationRequest } from './authorization-requests.ts'
export type { Audience, Authorizations, Permission, Permissions } from './authorizations.ts'
export { type Connection, type ConnectOptions, connect } from './connection.ts'
export type { ContactChange } from './contact-changes.ts'
export type { ContactList, ContactLists, ListChange, ListedContact, ListProperties } from './contact-lists.ts'
export type { Contact, LiveContactList } from './contact-roster.ts'
export type { Contacts } from './contacts.ts'
export type { OnProgress } from './cut-requests.ts'
export type { DeliveryReport, Fate } from './delivery-reports.ts'
export { type DigestSchema, digestBytes, digestSchemas } from './digest.ts'
export {
  type EndReason,
  RequestFailed,
  RequestTooLarge,
  SessionEnded,
  TransportFailed,
  UnexpectedAnswer,
} from './failures.ts'
export type { GeneralNotification, GeneralNotifications, NotificationType } from './general-notifications.ts'
export type { Originated, ServerPrimitive } from './inbox.ts'
export type { AnnouncedMessage, IncomingMessage, Notification } from './incoming.ts'
export type { LoginOptions, Registered } from './login.ts'
export type { MessagesOptions } from './messaging.ts'
export type { Agreed, Capabilities, Services, Wishes } from './negotiation.ts'
export type { Extension, FailedRecipient, Font, OutgoingContent, OutgoingMessage, Sent } from './outgoing.ts'
export type { People, Presence, SubscribeOptions, UserPresence, Watcher } from './presence.ts'
export { type AttributeList, type AttributeName, attributeNames } from './presence-attributes.ts'
export type { Availability, Mood, OwnStatus, Picture, PresenceStatus } from './presence-status.ts'
export type { To, ToContactList, ToUser } from './recipients.ts'
export type { Answer, RequestName, Watch } from './requests.ts'
export { Session } from './session.ts'
export type { SystemMessage, SystemMessageAnswer, SystemMessages } from './system-messages.ts'
export type { Ticket } from './ticket.ts'
