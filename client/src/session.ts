import type { BodyInput, ClientID, Message, Primitive, Syntax, Version } from '@village/protocol'
import { AccessLists } from './access-lists.ts'
import { Authorizations } from './authorizations.ts'
import { ContactLists } from './contact-lists.ts'
import { Contacts } from './contacts.ts'
import { CutRequests } from './cut-requests.ts'
import { type EndReason, endsSession, RequestFailed, resultOf, SessionEnded } from './failures.ts'
import { GeneralNotifications } from './general-notifications.ts'
import { Inbox, type Originated, type ServerPrimitive } from './inbox.ts'
import { keepAlive } from './keep-alive.ts'
import { Link } from './link.ts'
import type { Registered } from './login.ts'
import { Messaging } from './messaging.ts'
import { type Agreed, isAgreed, negotiate, type Wishes } from './negotiation.ts'
import { heldTimeout, Poller } from './poller.ts'
import { Presence } from './presence.ts'
import { makeReceive } from './receive.ts'
import { type Answer, type RequestName, type RequestOptions, Requests, type Send, type Watch } from './requests.ts'
import { Responses } from './responses.ts'
import { SystemMessages } from './system-messages.ts'
import type { Ticket } from './ticket.ts'
import { listenForWakeUps } from './wake-ups.ts'
import type { Wire } from './wire.ts'

export interface SessionOptions extends RequestOptions {
  readonly wire: Wire
  readonly registered?: Registered | undefined
}

/**
 * A session with a server (CSP 5.1): asks, listens, polls and keeps itself alive until one of both sides ends it.
 * Made by `connection.login`, or by `connection.resume` from the ticket of an earlier run.
 */
export class Session {
  readonly userId: string
  readonly clientId: ClientID
  readonly sessionId: string
  /** The account that the login has made, where it has. */
  readonly registered: Registered | undefined
  /** Instant messages (CSP 9). */
  readonly messaging: Messaging
  /** Who may reach the user (CSP 9.3). */
  readonly accessLists: AccessLists
  /** Who is there, and how the user is (CSP 8.3). */
  readonly presence: Presence
  /** Who may see that (CSP 8.2). */
  readonly authorizations: Authorizations
  /** Contact lists as the server keeps them (CSP 8.1). */
  readonly contactLists: ContactLists
  /** The same, live: with the presence of who is on them. */
  readonly contacts: Contacts
  /** What happens to the user's affairs elsewhere (CSP 7.2). */
  readonly generalNotifications: GeneralNotifications
  /** What the operator has to say (CSP 7.1). */
  readonly systemMessages: SystemMessages
  /** Resolves when the session is over, to why. */
  readonly ended: Promise<SessionEnded>
  readonly #options: SessionOptions
  readonly #over = new AbortController()
  #listening = new AbortController()
  readonly #link: Link
  readonly #cuts: CutRequests
  readonly #requests: Requests
  readonly #inbox: Inbox
  readonly #poller: Poller
  readonly #responses: Responses
  readonly #take: ReturnType<typeof makeReceive>
  #keepAliveSeconds: number | undefined
  #agreed: Agreed | undefined
  #isLeaving = false
  #end: SessionEnded | undefined
  #tellEnd!: (end: SessionEnded) => void

  /**
   * Goes on with a session that was opened before, without logging in; nothing is sent until there is something to
   * say or to fetch. If the server has dropped the session meanwhile, the first request fails and the session ends.
   */
  static resume({ connection, ...ticket }: Ticket & { readonly connection: { resume(ticket: Ticket): Session } }) {
    return connection.resume(ticket)
  }

  /** @param numbering how Transaction-IDs are made, so that none is used twice in a session (CSP 5.4) */
  constructor(ticket: Ticket, options: SessionOptions, numbering: { prefix: string; count: number }) {
    const { signal } = this.#over
    this.#options = options
    this.userId = ticket.userId
    this.clientId = ticket.clientId
    this.sessionId = ticket.sessionId
    this.registered = options.registered
    this.#keepAliveSeconds = ticket.keepAliveSeconds
    const { promise, resolve } = Promise.withResolvers<SessionEnded>()
    this.ended = promise
    this.#tellEnd = resolve
    this.messaging = new Messaging(this)
    this.accessLists = new AccessLists(this)
    this.presence = new Presence(this)
    this.authorizations = new Authorizations(this)
    this.contactLists = new ContactLists(this)
    this.contacts = new Contacts(this)
    this.generalNotifications = new GeneralNotifications(this)
    this.systemMessages = new SystemMessages(this)
    this.#link = new Link(options.wire, ticket.sessionId, message => this.#receive(message), signal)
    const { version, syntax } = options.wire
    this.#cuts = new CutRequests({ version, syntax, sessionId: ticket.sessionId })
    const send: Send = (transaction, timeout, onSent) => this.#link.send(transaction, timeout, onSent)
    this.#requests = new Requests(send, this.#cuts, options, numbering)
    this.#responses = new Responses((transaction, timeout) => this.#link.send(transaction, timeout), options, signal)
    this.#inbox = new Inbox(
      (id, answer) => this.#responses.bring(id, answer),
      () => this.#poller.look(),
    )
    const end = (said: Primitive) => this.#finish('disconnected', said)
    this.#take = makeReceive({ requests: this.#requests, responses: this.#responses, inbox: this.#inbox, end })
    this.#poller = new Poller(
      {
        poll: timeout => this.#link.poll(timeout),
        hasRoom: () => this.#requests.isOwed || this.#inbox.unanswered < (this.#agreed?.multiTrans ?? 1),
        sent: () => this.#link.sent,
        isAsking: () => this.#link.underWay > 0,
      },
      signal,
    )
    if (ticket.agreed) this.#adopt(ticket.agreed)
    void this.#poller.run()
    const host = {
      seconds: () => this.#keepAliveSeconds,
      lastAt: () => this.#link.lastAt,
      keepAlive: () => this.request('KeepAliveRequest', {}).then(() => {}),
    }
    void keepAlive(host, signal)
  }

  /** How messages are written. */
  get syntax(): Syntax {
    return this.#options.wire.syntax
  }

  /** Version of CSP, the same for the whole session (CSP 5.1). */
  get version(): Version {
    return this.#options.wire.version
  }

  /** What {@link negotiate} settled; undefined before. */
  get agreed(): Agreed | undefined {
    return this.#agreed
  }

  get ticket(): Ticket {
    const { sessionId, userId, clientId } = this
    return { sessionId, userId, clientId, keepAliveSeconds: this.#keepAliveSeconds, agreed: this.#agreed }
  }

  /** Whether a service was agreed, named by its way through the service tree: `isAgreed('imFeat', 'imAuthFunc')`. */
  isAgreed(...way: string[]): boolean {
    return this.#agreed !== undefined && isAgreed(this.#agreed, way)
  }

  /**
   * Agrees on capabilities and services (CSP 6.9), which a session needs before it can be used; the defaults suit a
   * program that sends and receives text. May be repeated; what was agreed last holds.
   * @throws RequestFailed
   */
  async negotiate(wishes: Wishes = {}): Promise<Agreed> {
    const { wire } = this.#options
    const { syntax, version, maxReplyBytes } = wire
    const agreed = await negotiate({ ...this.#asker(), syntax, version, maxReplyBytes }, wishes)
    this.#adopt(agreed)
    return agreed
  }

  /**
   * Sends a request and resolves to its answer. It is sent again while no answer comes (CSP 5.4), and waits its turn
   * while as many are open as was agreed (MultiTrans). One that is larger than was agreed (ParserSize) goes in segments,
   * if its lists can be cut and that was agreed as well (CSP 6.10).
   * @throws RequestFailed if the server says no, TransportFailed if it cannot be reached, RequestTooLarge, SessionEnded
   */
  async request<N extends RequestName>(name: N, body: BodyInput<N>, { onProgress }: Watch = {}): Promise<Answer<N>> {
    if (this.#end) throw this.#end
    this.#poller.stir()
    const answer = await this.#requests.ask(name, body, onProgress)
    if (name === 'KeepAliveRequest') {
      const { keepAliveTime } = answer as Answer<'KeepAliveRequest'>
      this.#keepAliveSeconds = keepAliveTime ?? this.#keepAliveSeconds
    }
    return answer
  }

  /**
   * What the server says of its own accord, in order (CSP 5.4). An item is answered when its `respond` or `confirm` is
   * called, else when the next one is asked for; an item that was not is given out again to whoever listens next. What
   * another listener asks for in particular, like `messaging.messages()`, goes there.
   * @throws SessionEnded from the loop when the server ends the session; after `logout` and `close` the loop just ends
   */
  originated(): AsyncIterableIterator<Originated> {
    return this.#inbox.consume((_: ServerPrimitive): _ is ServerPrimitive => true, 'all')
  }

  /** Listens to some primitives in particular: to those of a kind, or to those about one thing. */
  consume<P extends ServerPrimitive>(
    accepts: (primitive: ServerPrimitive) => primitive is P,
    breadth: 'kind' | 'one' = 'kind',
  ) {
    return this.#inbox.consume(accepts, breadth)
  }

  /**
   * Ends the session at the server (CSP 6.6), once all answers under way have arrived. Here it ends in any case.
   * @throws RequestFailed, TransportFailed if the server could not be told
   */
  async logout(): Promise<void> {
    if (this.#end) return
    await this.#responses.settled()
    this.#isLeaving = true
    try {
      await this.request('LogoutRequest', {})
    } catch (failure) {
      // COMPAT: some servers answer with Disconnect, which says the same; as does a session that is already gone.
      if (!(failure instanceof SessionEnded || (failure instanceof RequestFailed && endsSession(failure.code))))
        throw failure
    } finally {
      this.#finish('logout')
    }
  }

  /** Ends the session here only: the server keeps it until its time is up, and it can be resumed until then. */
  close(): void {
    this.#finish('closed')
  }

  #asker() {
    return {
      clientId: this.clientId,
      request: <N extends RequestName>(name: N, body: BodyInput<N>) => this.request(name, body),
    }
  }

  #adopt(agreed: Agreed) {
    this.#agreed = agreed
    this.#cuts.adopt(agreed)
    this.#requests.multiTrans = agreed.multiTrans
    this.#link.isParallel = agreed.multiTrans > 1
    this.#poller.isLong = agreed.multiTrans > 1
    this.#poller.pollMin = agreed.serverPollMinSeconds * 1000
    this.#poller.isIdling = true
    this.#poller.look()
    this.#listenAt(agreed.wakeUpUrl)
  }

  #listenAt(url: string | undefined) {
    this.#listening.abort()
    this.#listening = new AbortController()
    this.#poller.isCalled = false
    if (url === undefined) return
    const signal = AbortSignal.any([this.#over.signal, this.#listening.signal])
    const host = {
      ask: () => this.#options.wire.status(url, { timeout: heldTimeout, signal }),
      want: () => this.#poller.want(),
      rely: (isReliable: boolean) => {
        this.#poller.isCalled = isReliable
      },
    }
    void listenForWakeUps(host, signal)
  }

  /** Every reply can hold anything: answers, late answers, and what the server has to say (CSP Trans). */
  #receive({ transactions, poll }: Message) {
    this.#poller.reached()
    for (const transaction of transactions) this.#take(transaction)
    if (poll) this.#poller.want()
  }

  #finish(reason: EndReason, primitive?: Primitive) {
    if (this.#end) return
    this.#end = this.#isLeaving
      ? new SessionEnded('logout')
      : new SessionEnded(reason, primitive && resultOf(primitive))
    this.#requests.end(this.#end)
    this.#inbox.end(this.#end)
    this.#over.abort()
    this.#tellEnd(this.#end)
  }
}
