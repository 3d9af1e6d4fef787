import { cir } from './access/cir.ts'
import { cirDatagrams } from './access/cir-datagrams.ts'
import { cutRequests } from './access/cut-requests.ts'
import { discovery } from './access/discovery.ts'
import { extensions } from './access/extensions.ts'
import { keepAlive } from './access/keep-alive.ts'
import { login } from './access/login.ts'
import { loginPolicies } from './access/login-policies.ts'
import { logout } from './access/logout.ts'
import { negotiation } from './access/negotiation.ts'
import { notifications } from './access/notifications.ts'
import { polling } from './access/polling.ts'
import { provider } from './access/provider.ts'
import { registration } from './access/registration.ts'
import { remembered } from './access/remembered.ts'
import { segments } from './access/segments.ts'
import { sessions } from './access/sessions.ts'
import { systemMessages } from './access/system-messages.ts'
import { addresses } from './envelope/addresses.ts'
import { badInput } from './envelope/bad-input.ts'
import { connections } from './envelope/connections.ts'
import { http } from './envelope/http.ts'
import { session } from './envelope/session.ts'
import { transactions } from './envelope/transactions.ts'
import { wholeRun } from './envelope/whole-run.ts'
import { accessControl } from './messaging/access-control.ts'
import { content } from './messaging/content.ts'
import { forwarding } from './messaging/forwarding.ts'
import { handlings } from './messaging/handling.ts'
import { lists } from './messaging/lists.ts'
import { messageIds } from './messaging/message-ids.ts'
import { messages } from './messaging/messages.ts'
import { notified } from './messaging/notified.ts'
import { octets } from './messaging/octets.ts'
import { offlineNotices } from './messaging/offline-notices.ts'
import { recipients } from './messaging/recipients.ts'
import { refusals } from './messaging/refusals.ts'
import { reports } from './messaging/reports.ts'
import { routing } from './messaging/routing.ts'
import { attributeListRefusals } from './presence/attribute-list-refusals.ts'
import { attributeLists } from './presence/attribute-lists.ts'
import { authorization } from './presence/authorization.ts'
import { authorizationNeeded } from './presence/authorization-needed.ts'
import { clientStatus } from './presence/client-status.ts'
import { contactLists } from './presence/contact-lists.ts'
import { contacts } from './presence/contacts.ts'
import { getPresence } from './presence/get-presence.ts'
import { listChanges } from './presence/list-changes.ts'
import { listSubscriptions } from './presence/list-subscriptions.ts'
import { onlineStatus } from './presence/online-status.ts'
import { presenceContent } from './presence/presence-content.ts'
import { presenceNotifications } from './presence/presence-notifications.ts'
import { presenceSizes } from './presence/presence-sizes.ts'
import { reactiveAuthorization } from './presence/reactive-authorization.ts'
import { subscriptionEnds } from './presence/subscription-ends.ts'
import { subscriptions } from './presence/subscriptions.ts'
import { updatePresence } from './presence/update-presence.ts'
import { watcherList } from './presence/watcher-list.ts'
import type { Scenario } from './scenario.ts'
import { stories } from './stories.ts'

/** Everything a server is asked to show, in the order of the specification. */
export const scenarios = (): readonly Scenario[] =>
  [
    ...[session, addresses, transactions, connections, badInput, http],
    ...[discovery, login, loginPolicies, registration, sessions, logout, keepAlive, provider, negotiation, remembered],
    ...[polling, cir, cirDatagrams],
    ...[systemMessages, notifications, extensions, segments, cutRequests],
    ...[contactLists, contacts, listChanges],
    ...[attributeLists, attributeListRefusals, authorization, authorizationNeeded, reactiveAuthorization],
    ...[subscriptions, subscriptionEnds, listSubscriptions, presenceNotifications],
    ...[presenceContent, presenceSizes],
    ...[getPresence, updatePresence, onlineStatus, clientStatus, watcherList],
    ...[messages, refusals, recipients, octets, content, routing, handlings],
    ...[notified, lists, forwarding, messageIds, reports, offlineNotices, accessControl],
    stories(),
    wholeRun,
  ].flat()
