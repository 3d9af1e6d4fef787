import type { BodyInput, PrimitiveInput, Syntax, TransactionMode } from '@village/protocol'
import { type Finder, finder, mark, template } from './template.ts'

/** Characters of every text sent. */
export const textLength = 100

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

/** Everything that a phone of the benchmarks can say and understand, in one syntax. */
export const languageOf = (syntax: Syntax) => {
  const newMessage = of('Request', transaction, {
    name: 'NewMessage',
    body: { messageInfo: infoOf(message), contentData: text },
  })
  const answered = of('Response', '1', {
    name: 'LoginResponse',
    body: { clientId, result, nonce, digestSchema: 'SHA', sessionId: session },
  })
  const found = {
    transactionId: finder(syntax, transaction, newMessage),
    messageId: finder(syntax, message, newMessage),
    text: finder(syntax, text, newMessage),
    nonce: finder(syntax, nonce, answered),
    // The last of them: the envelope of a sample names a session, too.
    sessionId: finder(syntax, session, answered),
    ok: okOf(syntax),
  }
  return {
    syntax,
    loginStart: template(
      syntax,
      [user],
      of('Request', '1', {
        name: 'LoginRequest',
        body: { userId: user, clientId, digestSchemas: ['SHA'], timeToLive: 7200, ...cookie },
      }),
    ),
    loginFinish: template(
      syntax,
      [user, digest],
      of('Request', '1', {
        name: 'LoginRequest',
        body: { userId: user, clientId, digestBytes: digest, timeToLive: 7200, ...cookie },
      }),
    ),
    loginInOneStep: template(
      syntax,
      [user],
      of('Request', '1', {
        name: 'LoginRequest',
        body: { userId: user, clientId, password, timeToLive: 7200, ...cookie },
      }),
    ),
    capabilities: (multiTrans: number, wakeMethods: readonly WakeMethod[] = []) =>
      template(
        syntax,
        [session],
        of('Request', '2', { name: 'ClientCapabilityRequest', body: capabilitiesOf(syntax, multiTrans, wakeMethods) }),
      ),
    services: template(
      syntax,
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
    logout: template(syntax, [session], of('Request', '4', { name: 'LogoutRequest', body: {} })),
    poll: template(syntax, [session], of('Request', undefined, { name: 'PollingRequest', body: {} })),
    send: template(
      syntax,
      [session, transaction, user, sender, text],
      of('Request', transaction, {
        name: 'SendMessageRequest',
        body: { deliveryReport: false, messageInfo: infoOf(undefined), contentData: text },
      }),
    ),
    delivered: template(
      syntax,
      [session, transaction, message],
      of('Response', transaction, { name: 'MessageDelivered', body: { messageId: message } }),
    ),
    isOk: (answer: string) => answer.includes(found.ok),
    nonceIn: (answer: string) => found.nonce(answer)?.text,
    sessionIdIn: (answer: string) => found.sessionId(answer)?.text,
    originatedIn: (answer: string) => originatedIn(answer, found),
  }
}

export type Language = ReturnType<typeof languageOf>

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
