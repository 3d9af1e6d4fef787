import type {
  Body,
  BodyInput,
  ClientID,
  catalogue,
  PrimitiveInput,
  PrimitiveName,
  Syntax,
  Version,
} from '@village/protocol'
import type { Bus } from '../cluster/bus.ts'
import type { Logo } from '../config/logo-file.ts'
import type { Config } from '../config/options.ts'
import type { Credentials } from '../credentials/credentials.ts'
import type { Throttle } from '../credentials/throttle.ts'
import type { ClientRecord } from '../store/client-settings.ts'
import type { Unit } from '../store/database.ts'
import type { MailItem } from '../store/mailboxes.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import type { World } from '../world.ts'
import type { Agreement } from './access/agreement.ts'
import type { OnlineHandling } from './access/etem-handling.ts'
import type { LockOuts } from './access/lock-outs.ts'
import type { Nonces } from './access/nonces.ts'
import type { OfflineBearers } from './access/offline-bearers.ts'
import type { RegistrationQuota } from './access/registration-quota.ts'
import type { Segments } from './access/segments.ts'
import type { WakeMethods } from './access/wake-method.ts'
import type { AddressForm } from './address-form.ts'
import type { Groups } from './groups/groups.ts'
import type { Pictures } from './messaging/pictures.ts'
import type { Refusable, Routed } from './messaging/routing.ts'
import type { RulesCache } from './messaging/rules-cache.ts'
import type { News } from './news.ts'
import type { ListDesk } from './presence/list-desk.ts'
import type { PresenceDesk } from './presence/presence-desk.ts'
import type { WatcherHistory } from './presence/watcher-history.ts'

/** What services are made of, put together once in main.ts. */
export interface House {
  readonly world: World
  readonly config: Config
  readonly store: Store
  readonly bus: Bus
  readonly credentials: Credentials
  readonly throttle: Throttle
  readonly nonces: Nonces
  readonly lockOuts: LockOuts
  readonly registrations: RegistrationQuota
  readonly segments: Segments
  readonly sessions: SessionDesk
  readonly outboxes: Outboxes
  readonly pictures: Pictures
  readonly wakeMethods: WakeMethods
  readonly offlineBearers: OfflineBearers
  /** Whom each user hears (CSP 9.3). */
  readonly accessRules: RulesCache
  readonly presence: PresenceDesk
  readonly listDesk: ListDesk
  readonly watcherHistory: WatcherHistory
  readonly groups: Groups
  /** Picture of the service provider (CSP 6.8). */
  readonly logo: Logo | undefined
  /** For what fails when the request it belongs to has succeeded; all else is thrown, and dispatch logs it. */
  readonly log: Log
}

/** A session as services see it: who is there, and what was agreed (CSP 5.1.1). */
export interface SessionView {
  /** SHA-256 of the Session-ID in base64url. */
  readonly idDigest: string
  /** Key of the user's address. */
  readonly userId: string
  /** The domain that local addresses belong to: that of the address the client logged in with (CSP 5.3.2). */
  readonly homeDomain: string
  /** How that address was written. */
  readonly addressForm: AddressForm
  readonly clientKey: string
  readonly applicationId: string | undefined
  readonly version: Version
  readonly syntax: Syntax
  /** By which the client knows that it is meant when it is woken. */
  readonly cookie: string
  readonly loginEpoch: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly agreement: Agreement
  /** What the user wants for messages that are meant for no client in particular (CSP 6.9.1). */
  readonly onlineHandling: OnlineHandling
  /** Seconds; null for no limit. */
  readonly keepAliveSeconds: number | null
  /** Its client wants to be taken for offline (OnlineStatus F, CSP 8): others get messages first. */
  isHidden: boolean
  /** What its client is to be told that is in no mailbox; `wake` after adding to it. */
  readonly news: News
  /** Something may be there to be fetched. */
  wake(): void
  /** Goes first in every unit of the session: what a node that lost it writes, fails. */
  hold(): Unit
}

export interface LoginDetails {
  readonly userId: string
  readonly addressForm: AddressForm
  readonly clientId: ClientID
  readonly applicationId: string | undefined
  readonly version: Version
  readonly syntax: Syntax
  readonly cookie: string
  /** Where the client is: that of the connection the login came by. */
  readonly peerAddress: string
  readonly keepAliveSeconds: number
  /** What was negotiated together with the login (CSP 6.4). */
  readonly agreement: Agreement
  /** What the user settled before. */
  readonly onlineHandling: OnlineHandling
  /** What is remembered of the client, where it was looked up and holds. */
  readonly known: ClientRecord | undefined
}

/** What the services of access ask of the session engine. */
export interface SessionDesk {
  /**
   * Opens a session; resolves when it is on disk.
   * @throws Refusal ClientIdNotUnique, SessionLimitReached
   */
  open(details: LoginDetails): Promise<{ sessionId: string; session: SessionView }>
  /**
   * Whether a session of that id can be taken up again, by whoever it belongs to.
   * @throws Refusal SessionNotRecovered, SomeServicesNotAvailable
   */
  checkRecoverable(sessionId: string): Promise<void>
  /**
   * Takes up a session again, open or ended, for the client that lost it (CSP 5.1.2, 6.4.4).
   * @throws Refusal SessionNotRecovered, SomeServicesNotAvailable, UserAndClientMismatch, SessionLimitReached
   */
  recover(sessionId: string, details: LoginDetails): Promise<SessionView>
  /** Ends a session with a status code of CSP 11; resolves when that is on disk. */
  end(session: SessionView, reason: number): Promise<void>
  /** Changes what was agreed; resolves when it is on disk. */
  agree(session: SessionView, change: Partial<Terms>): Promise<void>
  /** The open sessions of a user, those included that were not used since the server started. */
  openOf(userId: string): Promise<readonly SessionView[]>
  /** Another node has the session: this one lets go of it, and writes nothing. */
  drop(session: SessionView): void
}

/** What the services of messaging ask of the session engine. */
export interface Outboxes {
  /** A client is done with an item that may still be meant for others. */
  finish(session: SessionView, messageId: string): void
  /** Whether the client of this session may take an item: it is meant for no other, or for one that leaves it to others. */
  mayTake(item: MailItem, session: SessionView): Promise<boolean>
  /** Whether an item that the client of this session has had may be meant for other clients of the user besides. */
  isForSeveral(item: Routed, session: SessionView): boolean | Promise<boolean>
  /** What to note of an item that this client has had (`givenTo`); undefined where nobody else is to have it. */
  notedFor(item: MailItem, session: SessionView): Promise<string | undefined>
  /** Whether the clients of a user that are logged in have all agreed never to be given its like (CSP 5.6.3). */
  isRefusedByAll(userId: string, item: Refusable): boolean | Promise<boolean>
}

export interface Terms {
  readonly agreement: Agreement
  readonly keepAliveSeconds: number | null
}

/** Where a request came from. */
export interface Peer {
  readonly address: string
  /** Nobody on the way can read along: TLS. */
  readonly isSecure: boolean
  /** What the client calls this server, as in `http://im.example.com:8080`. */
  readonly origin?: string | undefined
  /** The number of the phone in international form (`+358401234567`), on the word of a gateway that is trusted. */
  readonly msisdn?: string | undefined
}

/** One request on its way through a handler. */
export interface OutbandContext {
  readonly house: House
  readonly peer: Peer
  readonly version: Version
  readonly syntax: Syntax
  /** The Session-ID of the message, if it had one: only a login may come with one that is no longer good. */
  readonly sessionId: string | undefined
}

export interface Context extends OutbandContext {
  readonly session: SessionView
  /**
   * What a repeat of this transaction is known by, across a crash: login, Transaction-ID, primitive and body.
   * Undefined where the client gave no Transaction-ID.
   */
  readonly origin: string | undefined
}

type Catalogue = typeof catalogue
type AnswerName<N extends PrimitiveName> = Catalogue[N] extends { readonly answer: infer A extends PrimitiveName }
  ? A
  : never

/** What a handler may answer with: the primitive's own response, or a Status. */
export type Answer<N extends PrimitiveName> = Shortenable &
  Extract<PrimitiveInput, { readonly name: AnswerName<N> | 'Status' }>

/** An answer to a request that has changed something: it is not refused for its size (432), or nobody would know. */
export interface Shortenable {
  /** The same without what a client that cannot read it all can do without. */
  readonly shorter?: PrimitiveInput | undefined
}

/** Handles one primitive inside a session. Throws a Refusal to say no. */
export type Handler<N extends PrimitiveName> = (request: Body<N>, context: Context) => Promise<Answer<N>>

/** Handles a primitive that needs no session. */
export type OutbandHandler<N extends PrimitiveName> = (request: Body<N>, context: OutbandContext) => Promise<Answer<N>>

export type ResultInput = BodyInput<'Status'>['result']

/** What is known about one primitive here; the erased form that dispatch works with. */
export interface Row {
  readonly handle: (request: any, context: any) => Promise<any>
  /** Works without a session. */
  readonly outband?: true | undefined
  /** How a refusal is told, where a Status will not do. */
  readonly refused?: ((request: any, result: ResultInput) => any) | undefined
  /** What operators want to read of it without asking for more: a fixed sentence, or undefined. */
  readonly noted?: ((answer: any) => string | undefined) | undefined
}

/** The table of handlers as dispatch sees it: a row by the name of a primitive. */
export type Rows = Readonly<Record<string, Row | undefined>>

/** Plain success. */
export const done: Extract<PrimitiveInput, { readonly name: 'Status' }> = {
  name: 'Status',
  body: { result: { code: 200 } },
}
