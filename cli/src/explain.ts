import {
  type FailedRecipient,
  type Registered,
  RequestFailed,
  RequestTooLarge,
  SessionEnded,
  TransportFailed,
  UnexpectedAnswer,
} from '@village/client'
import { statusByCode } from '@village/protocol'
import { FileTrouble } from './chat-file.ts'
import { explainDemands } from './demands.ts'
import { printable } from './printable.ts'

interface Where {
  readonly url: string
  readonly user: string
}

type Advice = Partial<Record<string, string>>

/** What to do about a login that was refused, by the name of the status. */
const loginAdvice = (user: string): Advice => {
  const account = `check both, or set a new password with: village user set-password ${user}`
  return {
    InvalidPassword: `wrong user or password for ${user}: ${account}`,
    UnknownUser:
      `there is no user ${user}: make one with: village user add ${user}\n` +
      '  A server that registers who logs in wants --method password, mostly over https, and a password that is not ' +
      'among the first to be guessed.',
    Unauthorized: 'the server does not take passwords in clear: leave out --method password',
    NoMatchingDigestSchema: 'the server knows no digest that this client does: try --method password',
    VersionNotSupported: 'the server does not speak this version: try --csp 1.2 or --csp 1.1',
    SessionLimitReached: `${user} is logged in too often: log out somewhere else, or wait until old sessions run out`,
  }
}

const sendAdvice: Advice = {
  UnknownUser: 'no such user; check the address, and name another with /to or --to',
  RecipientBlocked: 'does not want messages from you',
  RecipientNotLoggedIn: 'is not logged in; try again later',
  MessageQueueFull: 'has too many messages waiting; try again later',
  DomainNotSupported: 'this server cannot reach that domain; check the part after the @',
  ContactListDoesNotExist: 'you have no such contact list; /contacts shows those there are',
  InvalidUserId: 'is no address; write it like wv:bob@village.local',
}

/** Why it was not possible to log in, and what to do. */
export const explainLogin = (failure: unknown, { url, user }: Where): string => {
  if (!(failure instanceof RequestFailed)) return explain(failure, url)
  if (failure.systemMessages.length > 0) return explainDemands(failure)
  return loginAdvice(user)[failure.name] ?? said(failure)
}

/** Under which name, and with which password, one is known from now on. */
export const explainRegistered = ({ userId, password }: Registered): string => {
  const made = password === undefined ? '' : `, with the password ${printable(password)}: keep it`
  return `You have been registered as ${printable(userId)}${made}`
}

/** Why somebody does not get a message, and what to do, in one line. */
export const explainRecipient = ({ to, name, description, code }: FailedRecipient): string =>
  `${printable(to)}: ${sendAdvice[name] ?? `${printable(description)} (${code})`}`

/** Why a message to one recipient was not taken, in one line. */
export const explainSend = (failure: unknown, to: string, url: string): string => {
  if (!(failure instanceof RequestFailed) || failure.systemMessages.length > 0) return explain(failure, url)
  // The overall status may only say that something failed; the detail then says what.
  const { code, description } = failure.details[0] ?? failure
  const status = statusByCode(code)
  return explainRecipient({
    to,
    code,
    name: status?.name ?? 'UnknownStatus',
    description: description || status?.description || failure.description,
  })
}

/** Any other failure in one line; rethrows what is a fault of this program. */
export const explain = (failure: unknown, url: string): string => {
  if (failure instanceof TransportFailed) return explainTransport(failure, url)
  if (failure instanceof SessionEnded)
    return failure.code === 600 || failure.code === 604
      ? 'the server no longer knows this session; start the chat again'
      : `the server ended the session: ${printable(failure.description)}`
  if (failure instanceof RequestFailed) return said(failure)
  if (failure instanceof RequestTooLarge) return failure.message
  if (failure instanceof FileTrouble) return failure.message
  if (failure instanceof UnexpectedAnswer)
    return `${printable(failure.message)}; it may speak another version: try --csp 1.2 or --csp 1.1`
  throw failure
}

export const noPresence = 'this server does not offer presence'

/** As {@link explain}; where the server has nothing of the kind, that is all there is to say. */
export const explainPresence = (failure: unknown, url: string): string =>
  failure instanceof RequestFailed &&
  ['ServiceNotSupported', 'NotImplemented', 'ServiceNotAgreed'].includes(failure.name)
    ? noPresence
    : explain(failure, url)

/** For what nobody asked for: says nothing of a failure, unless it is a fault of this program. */
export const quietly = (failure: unknown) => void explain(failure, '')

const said = ({ code, description }: RequestFailed) => `the server refused (${code}): ${printable(description)}`

const explainTransport = ({ httpStatus, isPassing, message, cause }: TransportFailed, url: string): string => {
  if (httpStatus === 404) return `there is no IMPS server at ${url}; its path is usually /imps`
  if (httpStatus === 413) return 'that is longer than the server reads; say less at a time'
  if (httpStatus !== undefined)
    return `${url} answered with HTTP status ${httpStatus}; is that the address of an IMPS server?`
  if (!isPassing) return `${printable(message)}; is that the address of an IMPS server?`
  const reason = reasonOf(cause)
  if (reason === 'ENOTFOUND') return `${url}: there is no such host; check the name`
  if (reason === 'ERR_SSL_WRONG_VERSION_NUMBER') return `${url}: the server speaks no TLS there; try http: instead`
  if (/CERT|SELF_SIGNED|TLS/.test(reason))
    return `${url}: the server's certificate is not trusted (${reason}); name it in NODE_EXTRA_CA_CERTS if you trust it`
  if (reason === 'UND_ERR_SOCKET') return `${url}: the connection was closed without an answer; does it speak https:?`
  return `cannot reach ${url}: is the server running? In a checkout one is started with: npm start`
}

/** The code of the system's error below what `fetch` makes of it. */
const reasonOf = (cause: unknown): string => {
  const { code, cause: below } = (cause ?? {}) as { code?: unknown; cause?: unknown }
  return typeof code === 'string' ? code : below === undefined ? '' : reasonOf(below)
}
