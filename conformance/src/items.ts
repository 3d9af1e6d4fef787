/**
 * What a server has to be able to do, as CSP 1.3 lists it in appendix B: every server item, in words of ours. Where
 * the list misprints, the row says what is meant: ids without their prefix or cut short, conditions that name the
 * client's item of the same number, and the chapter of the messaging items, which is 9. The clause is the section that
 * describes the matter, also where the list names only its chapter. Two items need one of CSP Transport each, a
 * specification that is not public: what these ask is put together from the clauses of CSP that lean on them, and from
 * what clients and servers in the field do over HTTP. Their rows come last, and are no part of the list.
 */
export interface Item {
  readonly id: string
  readonly isMandatory: boolean
  readonly clause: string
  readonly requires: string
  /** Items that must hold as well: all of them, and one of each inner list. */
  readonly needs: readonly Need[]
  /** What of it no scenario looks at yet. */
  readonly unseen?: string | undefined
}

export type Need = string | readonly string[]

type Row = readonly [
  id: string,
  status: 'M' | 'O',
  clause: string,
  requires: string,
  needs?: readonly Need[],
  unseen?: string,
]

const negotiated: Need = ['SAP-S-014', 'SAP-S-015']
const searching: Need = ['SAP-S-023', 'SAP-S-024', 'SAP-S-025']

// biome-ignore format: a table, one line an item
const rows: readonly Row[] = [
  // Services
  ['SERV-S-001', 'M', '5.1', 'A service access point: sessions and everything that belongs to them.', [
    ['SERV-S-002', 'SERV-S-003', 'SERV-S-004', 'SERV-S-005'], 'SAP-S-001', 'SAP-S-002', 'SAP-S-004', 'SAP-S-005', 'SAP-S-006', 'SAP-S-007',
    'SAP-S-009', 'SAP-S-010', 'SAP-S-011', 'SAP-S-013', 'SAP-S-014', 'SAP-S-015', 'SAP-S-017', 'SAP-S-018', 'SAP-S-019', 'SAP-S-020', 'SAP-S-021',
  ]],
  ['SERV-S-002', 'O', '5.1', 'Instant messaging.', ['IMSE-S-001', 'IMSE-S-002', 'IMSE-S-005', 'IMSE-S-006', 'IMSE-S-007', 'IMSE-S-008', 'IMSE-S-009', 'IMSE-S-010']],
  ['SERV-S-003', 'O', '5.1', 'Presence.', ['PRSE-S-005', 'PRSE-S-006', 'PRSE-S-007', 'PRSE-S-008', 'PRSE-S-010', 'PRSE-S-012']],
  ['SERV-S-004', 'O', '5.1', 'Groups.', ['GRSE-S-011', 'GRSE-S-012', 'GRSE-S-016']],
  ['SERV-S-005', 'O', '5.1', 'Content service.'],
  ['SERV-S-006', 'M', '5.5', 'Messages and invitations go where Recipient says, and answers where Sender says.', [], 'recipients that are groups; invitations'],
  ['SERV-S-007', 'M', '5.6', 'Content of any type is carried, text/plain always, within the limits the client has agreed.'],

  // Addresses
  ['ADDR-S-001', 'M', '5.3.2', 'An address without a domain is understood.'],
  ['ADDR-S-002', 'M', '5.3.2', 'An address with a domain is understood.'],
  ['ADDR-S-003', 'M', '5.3.1', 'Within a transaction addresses keep the form in which the client wrote them.'],
  ['ADDR-S-004', 'M', '5.3.7', 'A client of a user can be addressed by its Client-ID.'],
  ['ADDR-S-005', 'M', '5.3.5', 'A private contact list is out of reach for everybody but its owner.'],
  ['ADDR-S-006', 'M', '5.3.2', 'An address without a scheme is taken for one with wv:.'],
  ['ADDR-S-007', 'O', '5.3.2', 'Addresses of other schemes are understood.'],

  // Sessions
  ['SESSION-S-001', 'M', '5.1', 'Inside a session the session type is Inband.'],
  ['SESSION-S-002', 'M', '5.1', 'Inside a session the Session-ID is there.'],
  ['SESSION-S-003', 'M', '5.1', 'Outside of sessions the session type is Outband.'],
  ['SESSION-S-004', 'M', '5.1', 'Outside of sessions there is no Session-ID.'],
  ['SESSION-S-005', 'M', '5.1', 'An answer names the session of its request.'],
  ['SESSION-S-006', 'M', '6.7', 'No session is ended for idleness before the agreed keep-alive time is over.'],
  ['SESSION-S-007', 'M', '6.7', 'A request with a time to live is answered with the keep-alive time.'],
  ['SESSION-S-008', 'M', '6.4.6', 'The server decides the keep-alive time, also for clients that asked for no end.'],
  ['SESSION-S-009', 'M', '5.1', 'A session begun in binary stays binary.'],
  ['SESSION-S-010', 'O', '5.1', 'The protocol version of the login is accepted.'],

  // Transactions
  ['TRACT-S-001', 'M', '5.4', 'An answer has the Transaction-ID of its request.'],
  ['TRACT-S-002', 'M', '5.4', 'No Transaction-ID is used twice in a session.'],
  ['TRACT-S-003', 'M', '5.4', 'An error is told in a Status where the response has no Result.'],
  ['TRACT-S-004', 'M', '5.4', 'An error is told in the Result of the response, or in a Status.'],
  ['TRACT-S-005', 'M', '5.4', 'A Status in place of a response never means success.'],
  ['TRACT-S-006', 'M', '5.4', 'Mandatory parts are there.'],
  ['TRACT-S-007', 'M', '5.4', 'Conditional parts are there or missing as their condition says.'],
  ['TRACT-S-008', 'M', '6.1', 'A complete success is told without details.'],
  ['TRACT-S-009', 'M', '6.1', 'A partial success is not told as a complete one.'],
  ['TRACT-S-010', 'O', '6.1', 'A partial success names what was done.'],
  ['TRACT-S-011', 'M', '6.1', 'A partial success names what was not done.'],

  // Service access point
  ['SAP-S-001', 'O', '5.1', 'A session can be taken up again.', ['SERV-S-001']],
  ['SAP-S-002', 'O', '6.1', 'The Status primitive.', ['SERV-S-001']],
  ['SAP-S-003', 'O', '6.2', 'Polls, and the Communication Initiation Request that tells when to poll.', ['SERV-S-001', 'TRANSP-S-002']],
  ['SAP-S-004', 'O', '6.3', 'Version discovery.', ['SERV-S-001']],
  ['SAP-S-005', 'O', '5.1.3', 'Several sessions of one user at a time.', ['SERV-S-001']],
  ['SAP-S-006', 'O', '6.4.1', 'Login with the password, in one step.', ['SERV-S-001']],
  ['SAP-S-007', 'O', '6.4.2', 'Login with a digest, in two steps.', ['SERV-S-001']],
  ['SAP-S-008', 'O', '6.5', 'Unknown users are registered as they log in.', ['SERV-S-001']],
  ['SAP-S-009', 'O', '6.6', 'Logout.', ['SERV-S-001']],
  ['SAP-S-010', 'O', '6.6', 'The server can end a session and says so.', ['SERV-S-001']],
  ['SAP-S-011', 'O', '6.7', 'Keep-alive.', ['SERV-S-001']],
  ['SAP-S-012', 'O', '6.8', 'Information about the service provider.', ['SERV-S-001']],
  ['SAP-S-013', 'O', '6.9', 'Service negotiation.', ['SERV-S-001']],
  ['SAP-S-014', 'O', '6.9', 'Capability negotiation over SMS.', ['SERV-S-001', 'CCAPAB-S-002', 'CCAPAB-S-003'], 'whatever goes by SMS: requests, and Communication Initiation Requests (SSMS, WAPSMS)'],
  ['SAP-S-015', 'O', '6.9', 'Capability negotiation over everything but SMS.', ['SERV-S-001', 'CCAPAB-S-002', 'CCAPAB-S-003']],
  ['SAP-S-016', 'O', '6.10', 'Segmentation of what is too large for a client.', ['SERV-S-001']],
  ['SAP-S-017', 'O', '7.1', 'System messages.', ['SERV-S-001']],
  ['SAP-S-018', 'O', '7.2', 'General notifications.', ['SERV-S-001'], 'those of groups, invitations and public profiles'],
  ['SAP-S-019', 'O', '7.3', 'Public profiles can be read.', ['SERV-S-001']],
  ['SAP-S-020', 'O', '7.3', 'The own public profile can be changed and cleared.', ['SERV-S-001']],
  ['SAP-S-021', 'O', '5.3.1', 'Users are named with their Friendly Name.', ['SERV-S-001']],
  ['SAP-S-022', 'O', '7.3', 'Extension fields in public profiles.', ['SERV-S-001']],
  ['SAP-S-023', 'O', '7.4', 'Search by private profile.', ['SERV-S-001', 'SAP-S-026']],
  ['SAP-S-024', 'O', '7.4', 'Search by public profile.', ['SERV-S-001', 'SAP-S-026']],
  ['SAP-S-025', 'O', '7.4', 'Search by properties of groups.', ['SERV-S-001', 'SAP-S-026']],
  ['SAP-S-026', 'O', '7.4', 'A search can be stopped.', ['SERV-S-001', searching]],
  ['SAP-S-027', 'O', '7.5', 'Invitations.', ['SERV-S-001']],
  ['SAP-S-028', 'O', '7.6', 'Invitations can be taken back.', ['SERV-S-001']],
  ['SAP-S-029', 'O', '7.7', 'Maps.', ['SERV-S-001']],
  ['SAP-S-030', 'O', '7.8', 'Verification of addresses.', ['SERV-S-001']],
  ['SAP-S-031', 'O', '7.4', 'Advanced search.', ['SERV-S-001', 'SAP-S-026', searching]],
  ['LOGOUT-S-001', 'O', '6.6.1', 'A session whose time is over ends with a Disconnect.', ['SAP-S-010']],
  ['NOOP-S-001', 'O', '6.7.1', 'A time to live in a keep-alive changes the keep-alive time.', ['SAP-S-011']],
  ['GETSPI-S-001', 'O', '6.8.1', 'Provider information without a session.', ['SAP-S-012']],
  ['CCAPAB-S-001', 'O', '6.9.1', 'Capabilities are remembered from session to session.', [negotiated]],
  ['CCAPAB-S-002', 'O', '6.9.1', 'The phone number is remembered where offline bearers were agreed.', [negotiated, 'TRANSP-S-017']],
  ['CCAPAB-S-003', 'O', '6.9.1', 'The wish for messages to an offline client is remembered.', [negotiated]],

  // Presence
  ['PRSE-S-001', 'O', '8.1', 'The ids of the contact lists can be had.', ['SERV-S-003']],
  ['PRSE-S-002', 'O', '8.1', 'Contact lists can be created.', ['SERV-S-003']],
  ['PRSE-S-003', 'O', '8.1', 'Contact lists can be deleted.', ['SERV-S-003']],
  ['PRSE-S-004', 'O', '8.1', 'Contact lists can be read and changed.', ['SERV-S-003']],
  ['PRSE-S-005', 'O', '8.2', 'Attribute lists can be created.', ['SERV-S-003']],
  ['PRSE-S-006', 'O', '8.2', 'Attribute lists can be deleted.', ['SERV-S-003']],
  ['PRSE-S-007', 'O', '8.2', 'Attribute lists can be read.', ['SERV-S-003']],
  ['PRSE-S-008', 'O', '8.3.2', 'Presence can be subscribed to.', ['SERV-S-003']],
  ['PRSE-S-009', 'O', '8.3.2', 'A subscription to a list follows the list.', ['SERV-S-003']],
  ['PRSE-S-010', 'O', '8.3.2', 'Subscriptions can be ended.', ['SERV-S-003']],
  ['PRSE-S-011', 'O', '8.3.2', 'A user can see who watches.', ['SERV-S-003']],
  ['PRSE-S-012', 'O', '8.3.2', 'Subscribers are told of changes.', ['SERV-S-003']],
  ['PRSE-S-013', 'O', '8.3.3', 'Presence can be read once.', ['SERV-S-003']],
  ['PRSE-S-014', 'O', '8.3.4', 'The own presence can be published.', ['SERV-S-003']],
  ['CCLI-S-001', 'O', '8.1.2', 'A list is created even where some of its users or properties are not accepted.', ['PRSE-S-002']],
  ['GETWL-S-001', 'O', '8.3.1', 'The watcher list tells which period it covers.', ['PRSE-S-011']],

  // Messaging
  ['IMSE-S-001', 'O', '9.1.2', 'The delivery method can be set.', ['SERV-S-002']],
  ['IMSE-S-002', 'O', '9.1.1', 'Messages can be sent.', ['SERV-S-002'], 'messages to groups and screen names'],
  ['IMSE-S-003', 'O', '9.1.3', 'Waiting messages can be listed.', ['SERV-S-002']],
  ['IMSE-S-004', 'O', '9.1.4', 'Waiting messages can be rejected.', ['SERV-S-002']],
  ['IMSE-S-005', 'O', '9.2', 'Message-Info says what it must.', ['SERV-S-002']],
  ['IMSE-S-006', 'O', '9.1.5', 'Messages are pushed.', ['SERV-S-002']],
  ['IMSE-S-007', 'O', '9.1.6', 'Messages are announced.', ['SERV-S-002']],
  ['IMSE-S-008', 'O', '9.1.8', 'Announced messages can be fetched.', ['SERV-S-002']],
  ['IMSE-S-009', 'O', '9.1.9', 'Delivery is reported to senders who asked for it.', ['SERV-S-002'], 'reports on messages to groups'],
  ['IMSE-S-010', 'O', '9.1.10', 'Messages can be forwarded.', ['SERV-S-002'], 'forwarding to groups and screen names'],
  ['IMSE-S-011', 'O', '9.3.1', 'The block list can be read.', ['SERV-S-002']],
  ['IMSE-S-012', 'O', '9.3.1', 'Users and groups can be blocked.', ['SERV-S-002'], 'messages of groups and screen names, invitations'],
  ['SETD-S-001', 'O', '9.1.2', 'A delivery method set for a group holds for that group only.', ['IMSE-S-001']],
  ['GETLM-S-001', 'O', '9.1.3', 'A group\'s messages are listed where a group is named.', ['IMSE-S-003']],
  ['GETLM-S-002', 'O', '9.1.3', 'All undelivered messages are listed where none is.', ['IMSE-S-003']],
  ['NEWM-S-001', 'O', '9.1.5', 'A pushed message can tell the client it is from.', ['IMSE-S-006']],
  ['NEWM-S-002', 'O', '9.1.5', 'A pushed message can refer to its content by a URI.', ['IMSE-S-006']],
  ['GETM-S-001', 'O', '9.1.8', 'A fetched message can refer to its content by a URI.', ['IMSE-S-008']],

  // Groups
  ['GRSE-S-001', 'O', '10.2', 'Groups can be created.', ['SERV-S-004']],
  ['GRSE-S-002', 'O', '10.3', 'Groups can be deleted.', ['SERV-S-004']],
  ['GRSE-S-003', 'O', '10.7', 'Group properties can be read.', ['SERV-S-004']],
  ['GRSE-S-004', 'O', '10.7', 'Group properties can be changed.', ['SERV-S-004']],
  ['GRSE-S-005', 'O', '10.6', 'Members can be listed.', ['SERV-S-004']],
  ['GRSE-S-006', 'O', '10.6', 'Members can be added.', ['SERV-S-004']],
  ['GRSE-S-007', 'O', '10.6', 'Members can be removed.', ['SERV-S-004']],
  ['GRSE-S-008', 'O', '10.6', 'The rights of members can be changed.', ['SERV-S-004']],
  ['GRSE-S-009', 'O', '10.9', 'Change notices can be subscribed to.', ['SERV-S-004']],
  ['GRSE-S-010', 'O', '10.9', 'Change notices are sent.', ['SERV-S-004']],
  ['GRSE-S-011', 'O', '10.4', 'Groups can be joined.', ['SERV-S-004', 'JOING-S-001', 'JOING-S-002']],
  ['GRSE-S-012', 'O', '10.5', 'Groups can be left.', ['SERV-S-004']],
  ['GRSE-S-013', 'O', '10.8', 'Users can be kept out of a group.', ['SERV-S-004']],
  ['GRSE-S-014', 'O', '10.6', 'Joined users can be listed.', ['SERV-S-004']],
  ['GRSE-S-015', 'O', '10.1.5', 'Groups can have properties of their own.', ['SERV-S-004']],
  ['GRSE-S-016', 'O', '9.1.11', 'A conversation of two can be extended to more.', ['SERV-S-002', 'SERV-S-004', 'SAP-S-027', 'SAP-S-028', 'GRSE-S-010']],
  ['JOING-S-001', 'O', '10.4', 'A joining user gets the screen name it asked for.', ['GRSE-S-011']],
  ['JOING-S-002', 'O', '10.4', 'A joining user that asked for none is given one.', ['GRSE-S-011']],
  ['JOING-S-003', 'O', '10.4', 'The welcome note is in the answer to the joining user.', ['GRSE-S-011']],

  // Of CSP Transport
  ['TRANSP-S-002', 'O', '6.2', 'Over HTTP a client polls, and is told when to: by TCP, datagrams or a request that is held.'],
  ['TRANSP-S-017', 'O', '9.1.7', 'Users who are not logged in are told of messages over another bearer.'],
]

const full = (id: string) => `IMPS-CSP-${id}`

export const items: readonly Item[] = rows.map(([id, status, clause, requires, needs = [], unseen]) => ({
  id: full(id),
  isMandatory: status === 'M',
  clause,
  requires,
  needs: needs.map(need => (typeof need === 'string' ? full(need) : need.map(full))),
  unseen,
}))
