import { InviteID, UnrecognizedUserID, ValidUserID } from './access.ts'
import {
  AcceptedContentTypeText,
  AcceptedTransferEncoding,
  DefaultLanguage,
  TCPAddress,
  UDPAddress,
} from './capabilities.ts'
import {
  ApplicationID,
  ClientID,
  ContactList,
  ContentEncoding,
  ContentType,
  Description,
  Domain,
  GroupID,
  MessageID,
  PropertyName,
  SystemMessageID,
  URL,
  UserID,
} from './common.ts'
import { PresenceAttributeNSName, SearchID, SessionNSName, TransactionNSName } from './discovery.ts'
import { TransactionID } from './envelope.ts'
import type { Element } from './kit.ts'
import { ExtendConversationID } from './messaging.ts'
import { DefaultContactList } from './presence.ts'

/**
 * What a message says that may be shown to whoever looks after the server. Text is shown only where it is in this
 * list: it names something, proves nothing, and is not what people say to each other or of themselves. A new element
 * stays hidden until somebody has asked whether it can hold a secret.
 */
const names: ReadonlySet<Element> = new Set<Element>([
  ...[UserID, GroupID, ContactList, DefaultContactList, ApplicationID, Domain, UnrecognizedUserID, ValidUserID],
  ...[MessageID, TransactionID, InviteID, SearchID, ExtendConversationID, SystemMessageID],
  ...[ContentType, ContentEncoding, AcceptedContentTypeText, AcceptedTransferEncoding, DefaultLanguage, PropertyName],
  ...[TCPAddress, UDPAddress, SessionNSName, TransactionNSName, PresenceAttributeNSName],
  // What goes with a status code. What it quotes of what was sent is taken out where it is shown.
  Description,
])

/**
 * Whether the text of an element may be shown, or its word where there is a vocabulary of them. A web address may carry a
 * key, as the one does that a client is woken at; only that of a client is its name.
 */
export const isHarmless = (element: Element, parent: Element): boolean =>
  element.values !== undefined || names.has(element) || (parent === ClientID && element === URL)
