import type { BodyInput, PrimitiveInput, Syntax, TransactionMode, Version } from '@village/protocol'
import { type Dialect, type Finder, finder, mark, template } from './template.ts'

/** Characters of every text sent. */
export const textLength = 100

/** Most transactions in one message of a phone. */
const mostTogether = 4

/** A message or report of the server's own, as far as it has to be known to be answered. */
export interface Originated {
  readonly transactionId: string
  readonly messageId: string
  readonly text: string
}

const { session, transaction, message, user, sender, digest, nonce, text } = mark
/** Ways of being woken that the benchmarks know. */
export type WakeMethod = 'STCP' | 'SHTTP'
/** The same for all accounts of the benchmarks, which exist only while one runs. */
export const password = 'as good as any other'

const clientId = { url: 'http://example.com/phone' }
const cookie = { sessionCookie: 'cookie' }

const of = (mode: TransactionMode, id: string | undefined, primitive: PrimitiveInput) => ({ mode, id, primitive })
const result = { code: 200 }

/** Everything that a phone of the benchmarks can say and understand, in one syntax; only from 1.3 on several at once. */
export const languageOf = (syntax: Syntax, version: Version = '1.2') => {
  const dialect = { syntax, version }
  const newMessage = of('Request', transaction, {
    name: 'NewMessage',
    body: { messageInfo: infoOf(message), contentData: text },
  })
  const answered = of('Response', '1', {
    name: 'LoginResponse',
    body: { clientId, result, nonce, digestSchema: 'SHA', sessionId: session },
  })
  const found = {
    transactionId: finder(dialect, transaction, newMessage),
    messageId: finder(dialect, message, newMessage),
    text: finder(dialect, text, newMessage),
    nonce: finder(dialect, nonce, answered),
    // The last of them: the envelope of a sample names a session, too.
    sessionId: finder(dialect, session, answered),
    ok: okOf(syntax),
  }
  return {
    syntax,
    loginStart: template(
      dialect,
      [user],
      of('Request', '1', {
        name: 'LoginRequest',
        body: { userId: user, clientId, digestSchemas: ['SHA'], timeToLive: 7200, ...cookie },
      }),
    ),
    loginFinish: template(
      dialect,
      [user, digest],
      of('Request', '1', {
        name: 'LoginRequest',
        body: { userId: user, clientId, digestBytes: digest, timeToLive: 7200, ...cookie },
      }),
    ),
    loginInOneStep: template(
      dialect,
      [user],
      of('Request', '1', {
        name: 'LoginRequest',
        body: { userId: user, clientId, password, timeToLive: 7200, ...cookie },
      }),
    ),
    capabilities: (multiTrans: number, wakeMethods: readonly WakeMethod[] = []) =>
      template(
        dialect,
        [session],
        of('Request', '2', { name: 'ClientCapabilityRequest', body: capabilitiesOf(syntax, multiTrans, wakeMethods) }),
      ),
    services: template(
      dialect,
      [session],
      of('Request', '3', {
        name: 'ServiceRequest',
        body: {
          clientId,
          functions: { imFeat: { imSendFunc: { mdeliv: true }, imReceiveFunc: { newm: true } } },
          allFunctionsRequest: false,
        },
      }),
    ),
    logout: template(dialect, [session], of('Request', '4', { name: 'LogoutRequest', body: {} })),
    poll: template(dialect, [session], of('Request', undefined, { name: 'PollingRequest', body: {} })),
    send: template(
      dialect,
      [session, transaction, user, sender, text],
      of('Request', transaction, {
        name: 'SendMessageRequest',
        body: { deliveryReport: false, messageInfo: infoOf(undefined), contentData: text },
      }),
    ),
    /** For one message, for two together, and so on. */
    delivered: Array.from({ length: mostTogether }, (_, n) => deliveredTemplate(dialect, n + 1)),
    isOk: (answer: string) => answer.includes(found.ok),
    nonceIn: (answer: string) => found.nonce(answer)?.text,
    sessionIdIn: (answer: string) => found.sessionId(answer)?.text,
    originatedIn: (answer: string) => originatedIn(answer, found),
  }
}

export type Language = ReturnType<typeof languageOf>

function deliveredTemplate(dialect: Dialect, count: number) {
  const one = of('Response', transaction, { name: 'MessageDelivered', body: { messageId: message } })
  const places = Array.from({ length: count }, () => [transaction, message])
  return template(dialect, [session, ...places.flat()], ...places.map(() => one))
}

const infoOf = (messageId: string | undefined): BodyInput<'NewMessage'>['messageInfo'] => ({
  messageId,
  contentType: 'text/plain',
  contentSize: textLength,
  recipient: { users: [{ userId: user }] },
  sender: { user: { userId: sender } },
})

const capabilitiesOf = (
  syntax: Syntax,
  multiTrans: number,
  wakeMethods: readonly WakeMethod[],
): BodyInput<'ClientCapabilityRequest'> => ({
  clientId,
  capabilityList: {
    clientType: 'MOBILE_PHONE',
    initialDeliveryMethod: 'P',
    anyContent: true,
    acceptedTransferEncodings: syntax === 'xml' ? ['BASE64'] : [],
    plainTextCharsets: [106],
    supportedBearers: ['HTTP'],
    supportedCirMethods: wakeMethods,
    multiTrans,
    multiTransPerMessage: multiTrans,
    serverPollMin: 5,
  },
})

/** How a successful result looks. */
const okOf = (syntax: Syntax) => (syntax === 'xml' ? '<Code>200</Code>' : '\xc3\x01\xc8')

function originatedIn(answer: string, found: Record<'transactionId' | 'messageId' | 'text', Finder>): Originated[] {
  const all: Originated[] = []
  for (let from = 0; ; ) {
    const transactionId = answer === '' ? undefined : found.transactionId(answer, from)
    const messageId = transactionId && found.messageId(answer, transactionId.end)
    const content = messageId && found.text(answer, messageId.end)
    if (content === undefined) return all
    all.push({ transactionId: transactionId!.text, messageId: messageId!.text, text: content.text })
    from = content.end
  }
}
