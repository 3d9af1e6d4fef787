import { type Body, type BodyInput, type ClientID, type Primitive, status } from '@village/protocol'
import { asClientId } from './client-id.ts'
import { type DigestSchema, digestBytes, digestSchemas, isDigestSchema } from './digest.ts'
import { demandsAnswers, RequestFailed, resultOf, UnexpectedAnswer } from './failures.ts'
import { type SystemMessage, type SystemMessageAnswer, systemMessagesIn, writeAnswer } from './system-messages.ts'
import type { Wire } from './wire.ts'

export interface LoginOptions {
  /** As in `wv:alice@example.com`. */
  readonly userId: string
  readonly password: string
  /** Sets this client apart from others of the same user (CSP 5.3.7): a URI; by default one nobody else has. */
  readonly clientId?: string | ClientID | undefined
  /**
   * `digest` (default) proves knowledge of the password without sending it, in two steps; `password` sends it, in one,
   * and goes on with a digest where the server wants that (CSP 6.4.1, 6.4.2).
   */
  readonly method?: 'digest' | 'password' | undefined
  /** Digests offered to the server: SHA, MD5 and MD4. */
  readonly schemas?: readonly DigestSchema[] | undefined
  /** Seconds without traffic after which the server may end the session: 3600. The server has the last word. */
  readonly timeToLive?: number | undefined
  /** Given back by the server when it calls the client from outside (CSP 5.1): random by default. No blanks. */
  readonly cookie?: string | undefined
  /**
   * Asked when the server wants System Messages to be answered first (436, or 903 before it makes an account; CSP 6.5,
   * 7.1), and again as long as it does. From CSP 1.3 on.
   * Undefined, and where nobody is asked, the login fails.
   */
  readonly onSystemMessages?:
    | ((messages: readonly SystemMessage[]) => Promise<readonly SystemMessageAnswer[] | undefined>)
    | undefined
  /** The Session-ID of an ended session, to be re-established with all that was agreed in it (CSP 6.4.4). */
  readonly resume?: string | undefined
}

/** The server has made an account for an unknown user (CSP 6.5). */
export interface Registered {
  /** To be used from now on, whatever the user has asked for. */
  readonly userId: string
  /** Where the server made one up: keep it, for it is told this once. */
  readonly password: string | undefined
}

export interface LoggedIn {
  readonly sessionId: string
  readonly clientId: ClientID
  readonly keepAliveSeconds: number | undefined
  readonly registered: Registered | undefined
}

type Request = BodyInput<'LoginRequest'>
type Response = Body<'LoginResponse'>

const random = () => globalThis.crypto.randomUUID()

/**
 * Logs in, in one step or in two (CSP 6.4). Both steps of a 4-way login share one Transaction-ID, and either of them
 * may be answered with the session. A login is never repeated on its own: the server may have opened a session already.
 * @throws RequestFailed InvalidPassword 409, UnknownUser 531, ClientIdNotUnique 608, SessionNotRecovered 502, ...;
 * SystemMessageResponseRequired 436 and RegistrationConfirmation 903 with `systemMessages` that nobody answered
 */
export async function login(
  wire: Wire,
  options: LoginOptions,
  ask: { readonly transactionId: string; readonly timeout: number },
): Promise<LoggedIn> {
  const { userId, password, method = 'digest', schemas = digestSchemas, timeToLive = 3600, resume } = options
  const clientId = asClientId(options.clientId ?? `urn:uuid:${random()}`)
  const who = { userId, clientId, sessionCookie: options.cookie ?? random(), sessionId: resume }
  const step = async (body: Request): Promise<Response> => {
    const answer = await exchange(wire, body, ask)
    const messages = systemMessagesIn(answer.result)
    // Others that come along hold nothing up.
    if (!isHeldUp(answer.result.code) || messages.length === 0) return answer
    const answers = await options.onSystemMessages?.(messages)
    // All elements of the request before, and the answers (CSP 6.4.1).
    return answers === undefined ? answer : step({ ...body, systemMessageResponses: answers.map(writeAnswer) })
  }
  const start = () => step({ ...who, digestSchemas: schemas })

  let response = method === 'digest' ? await start() : await step({ ...who, password, timeToLive })
  // Digest wanted, but not begun (CSP 6.4.1).
  if (response.result.code === 401 && response.nonce === undefined && method === 'password') response = await start()
  const { nonce, digestSchema, sessionId, result } = response
  const isInvited = sessionId === undefined && (result.code === 200 || result.code === 401)
  if (isInvited && nonce !== undefined && digestSchema !== undefined) {
    if (!isDigestSchema(digestSchema))
      throw new UnexpectedAnswer('LoginRequest', asPrimitive(response), `the unknown digest schema ${digestSchema}`)
    response = await step({ ...who, digestBytes: await digestBytes(digestSchema, nonce, password), timeToLive })
  }
  return loggedIn(response, clientId)
}

/** Also by what a newcomer has to agree to (CSP 6.5). */
const isHeldUp = (code: number) => demandsAnswers(code) || code === status.RegistrationConfirmation.code

function loggedIn(response: Response, clientId: ClientID): LoggedIn {
  const { sessionId, keepAliveTime, result, userId, password } = response
  if (sessionId === undefined) {
    if (result.code !== 200) throw new RequestFailed('LoginRequest', result, asPrimitive(response))
    throw new UnexpectedAnswer('LoginRequest', asPrimitive(response), 'a Login-Response without a Session-ID')
  }
  const registered = userId === undefined ? undefined : { userId, password }
  return { sessionId, clientId, keepAliveSeconds: keepAliveTime, registered }
}

const asPrimitive = (body: Response): Primitive => ({ name: 'LoginResponse', body })

/** Before 1.3 the session to be re-established can only be named by the envelope. */
async function exchange(
  wire: Wire,
  body: Request,
  { transactionId: id, timeout }: { readonly transactionId: string; readonly timeout: number },
): Promise<Response> {
  const sessionId = wire.version < '1.3' ? body.sessionId : undefined
  const transaction = { mode: 'Request', id, primitive: { name: 'LoginRequest', body } } as const
  const reply = await wire.exchange({ sessionId, transactions: [transaction] }, { timeout })
  const answer = reply?.transactions.find(({ primitive }) => primitive !== undefined)?.primitive
  if (answer?.name === 'LoginResponse') return answer.body
  const result = answer && resultOf(answer)
  if (answer?.name === 'Status' && result && result.code !== 200)
    throw new RequestFailed('LoginRequest', result, answer)
  throw new UnexpectedAnswer('LoginRequest', answer)
}
