import type { Capabilities, Phone } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { clear, client } from './clients.ts'
import { acceptedId, messageTo } from './send.ts'
import { confirm, getMessage, receiveNotification } from './waiting.ts'

/** A client of Juliet's with limits, and Romeo; nothing waits for either. */
async function limited(stage: Stage, capabilities: Partial<Capabilities>) {
  await clear(stage, 'juliet')
  const romeo = await stage.phone().online()
  return { romeo, juliet: await client(stage, 'juliet', { capabilities }) }
}

/** The answer to a message with content of some type and length; what is not text is octets, or BASE64 in XML. */
const send = (romeo: Phone, { accounts }: Stage, contentType: string, length: number, contentSize = length) => {
  const text = 'QUJD'.repeat(length / 4)
  const contentEncoding = contentType !== 'text/plain' && romeo.syntax === 'xml' ? 'BASE64' : undefined
  const info = { contentType, contentEncoding, contentSize }
  const request = messageTo([accounts.juliet.userId], romeo, text, { info })
  if (contentType === 'text/plain' || romeo.syntax === 'xml') return romeo.ask(request)
  return romeo.ask({ ...request, body: { ...request.body, contentData: new TextEncoder().encode(text) } })
}

const idOf = async (sending: ReturnType<typeof send>) => acceptedId(await sending)

/** What of a message has come to a phone, and how. */
async function arrivals(phone: Phone, messageId: string): Promise<(string | undefined)[]> {
  await phone.fetchAll()
  const isIt = (it: Phone['inbox'][number]) =>
    (it.name === 'NewMessage' || it.name === 'MessageNotification') &&
    it.as(it.name).messageInfo.messageId === messageId
  return phone.inbox.filter(isIt).map(({ name }) => name)
}

/** Nothing comes to the client with limits, and everything to one without that comes after it. */
async function waitsForAnother(stage: Stage, juliet: Phone, messageId: string) {
  stage.expect(await arrivals(juliet, messageId), 'what the client with limits gets').is([])
  const other = await stage.phone('juliet').online()
  stage.expect(await arrivals(other, messageId), 'what a client without them gets').is(['NewMessage'])
}

const policy = (limit: number): Partial<Capabilities> => ({
  anyContent: undefined,
  acceptedContentTypes: [
    { contentType: 'image/gif', acceptedRichContentLength: 8, contentPolicy: 'R', contentPolicyLimit: limit },
  ],
})

/** Only what a client has agreed to is delivered to it (CSP 5.6.3, 5.6.4). */
export const content: readonly Scenario[] = [
  scenario('SERV-S-007', '5.6.4', 'Text that is too long for a client waits for another', async stage => {
    const limits = { acceptedTextContentLength: 40, acceptedPullLength: 40, acceptedPushLength: 40 }
    const { romeo, juliet } = await limited(stage, limits)
    const short = await idOf(send(romeo, stage, 'text/plain', 40))
    stage.expect(await arrivals(juliet, short), 'what comes of text that is not').is(['NewMessage'])
    await waitsForAnother(stage, juliet, await idOf(send(romeo, stage, 'text/plain', 44)))
  }),

  scenario(
    'SERV-S-007 IMSE-S-005',
    '9.2',
    'The size of content is what it is, whatever its sender says',
    async stage => {
      const limits = { acceptedTextContentLength: 40, acceptedPullLength: 40, acceptedPushLength: 40 }
      const { romeo, juliet } = await limited(stage, limits)
      for (const contentSize of [0, 1, 41, 2_000_000_000]) {
        const within = await idOf(send(romeo, stage, 'text/plain', 40, contentSize))
        stage.expect(await arrivals(juliet, within), 'what comes of text that is not too long').is(['NewMessage'])
        const { messageInfo } = juliet.inbox.at(-1)!.as('NewMessage')
        stage.expect(messageInfo.contentSize, `the size that is told, where the sender said ${contentSize}`).is(40)
      }
      await waitsForAnother(stage, juliet, await idOf(send(romeo, stage, 'text/plain', 44, 4)))
    },
  ),

  scenario('SERV-S-007', '5.6.4', 'Content of another type than the client takes waits for another', async stage => {
    const limits = { anyContent: undefined, acceptedContentTypes: [{ contentType: 'image/gif' }] }
    const { romeo, juliet } = await limited(stage, limits)
    const taken = await idOf(send(romeo, stage, 'image/gif', 16))
    stage.expect(await arrivals(juliet, taken), 'what comes of a type it takes').is(['NewMessage'])
    await waitsForAnother(stage, juliet, await idOf(send(romeo, stage, 'image/png', 16)))
  }),

  scenario('SERV-S-007', '6.9.1', 'A client that takes no other content is sent text alone', async stage => {
    const { romeo, juliet } = await limited(stage, { anyContent: false })
    const text = await idOf(send(romeo, stage, 'text/plain', 16))
    stage.expect(await arrivals(juliet, text), 'what comes of text').is(['NewMessage'])
    await waitsForAnother(stage, juliet, await idOf(send(romeo, stage, 'image/gif', 16)))
  }),

  scenario(
    'SERV-S-007 IMSE-S-007',
    '5.6.4.1',
    'Content that is too long to be pushed is announced',
    async stage => {
      const { romeo, juliet } = await limited(stage, { acceptedPushLength: 40, acceptedPullLength: 80 })
      const short = await idOf(send(romeo, stage, 'image/gif', 40))
      stage.expect(await arrivals(juliet, short), 'what comes of content that is not').is(['NewMessage'])
      const long = await idOf(send(romeo, stage, 'image/gif', 80))
      stage.expect(await arrivals(juliet, long), 'what comes of it').is(['MessageNotification'])
      const { messageInfo } = (await getMessage(juliet, long)).as('GetMessageResponse')
      stage.expect(messageInfo.messageId, 'the message that is fetched').is(long)
      await confirm(juliet, long)
    },
    { since: '1.3' },
  ),

  scenario(
    'SERV-S-007 IMSE-S-008',
    '9.1.8.2',
    'Content that is too long to be fetched cannot be: 546',
    async stage => {
      const { romeo, juliet } = await limited(stage, { acceptedPushLength: 40, acceptedPullLength: 80 })
      const messageId = await idOf(send(romeo, stage, 'image/gif', 84))
      stage.expect((await getMessage(juliet, messageId)).code, 'the answer').is(546)
      await waitsForAnother(stage, juliet, messageId)
    },
    { since: '1.3' },
  ),

  scenario('SERV-S-007 IMSE-S-007', '5.6.4.1', 'Multimedia messages are announced, never pushed', async stage => {
    const { romeo, juliet } = await limited(stage, {})
    const messageId = await idOf(send(romeo, stage, 'application/vnd.wap.mms-message', 16))
    await receiveNotification(juliet, messageId)
    stage.expect(await arrivals(juliet, messageId), 'what else comes of it').is([])
    await confirm(juliet, messageId)
  }),

  scenario('SERV-S-007', '6.9.1', 'A text that just keeps to ParserSize is sent in no larger message', async stage => {
    const parserSize = 2048
    const { romeo, juliet } = await limited(stage, { parserSize })
    const messageId = await idOf(send(romeo, stage, 'text/plain', 2040))
    const came = await arrivals(juliet, messageId)
    stage.expect(came, 'what comes of it').isOneOf([[], ['MessageNotification']])
    for (const { reply } of juliet.inbox)
      stage.expect(reply.http.body.length, 'the octets of what comes').isBetween(0, parserSize)
    await juliet.negotiate()
    stage
      .expect(await arrivals(juliet, messageId), 'what comes when it can read more')
      .isOneOf([['NewMessage'], [...came, 'NewMessage']])
  }),

  scenario(
    'SERV-S-007',
    '5.6.3',
    'Content beyond the limit of policy R is rejected',
    async stage => {
      const { romeo, juliet } = await limited(stage, policy(32))
      const within = await idOf(send(romeo, stage, 'image/gif', 32))
      stage.expect(await arrivals(juliet, within), 'what comes of content within it').is(['NewMessage'])
      const answer = await send(romeo, stage, 'image/gif', 36)
      const { code } = answer
      if (code !== 200) return stage.expect(code, 'the answer').is(540)
      // A server that takes it first has to reject it afterwards.
      const messageId = acceptedId(answer)
      stage.expect(await arrivals(juliet, messageId), 'what comes of it').is([])
      stage.expect((await getMessage(juliet, messageId)).code, 'the answer to a request for it').isOneOf([426, 546])
    },
    { since: '1.3' },
  ),

  ...([410, 415] as const).map(code =>
    scenario(
      'IMSE-S-006 SERV-S-007',
      '9.1.5.2',
      `A message that a client does not take with ${code} is left for another`,
      async stage => {
        const { romeo, juliet } = await limited(stage, {})
        const messageId = await idOf(send(romeo, stage, 'image/gif', 16))
        const isIt = (name: string | undefined) => name === 'NewMessage'
        const asked = (await juliet.poll()).message?.transactions.find(({ primitive }) => isIt(primitive?.name))
        const refusal = { name: 'Status', body: { result: { code } } } as const
        await juliet.send([{ mode: 'Response', id: asked?.id, primitive: refusal }])
        await waitsForAnother(stage, juliet, messageId)
      },
    ),
  ),
]
