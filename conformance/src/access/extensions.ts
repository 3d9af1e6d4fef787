import { answersIn } from '../answer.ts'
import { miss } from '../expect.ts'
import { client, withNotified } from '../messaging/clients.ts'
import { sendText } from '../messaging/send.ts'
import { forward, getMessage } from '../messaging/waiting.ts'
import { type Scenario, scenario } from '../scenario.ts'

const markup = (name: string) => ({
  name,
  attributes: [['xmlns', 'http://nobody.example/extension']] as const,
  children: [{ name: 'Wave', attributes: [], children: ['twice'] }],
})

/** Older clients take every code but 200 for a failure. */
const ignoredIn = (version: string) => (version >= '1.3' ? [200, 203] : [200])
const since12 = { since: '1.2' } as const

/** What others have added to the protocol (CSP 12). */
export const extensions: readonly Scenario[] = [
  scenario(
    '',
    '12.1',
    'An unknown extension block is ignored, and the request carried out',
    async ({ phone, version, expect }) => {
      const romeo = await phone().online()
      const primitive = { name: 'KeepAliveRequest', body: {} } as const
      const reply = await romeo.send([
        { mode: 'Request', id: romeo.nextId(), primitive, extensions: [markup('ExtBlock')] },
      ])
      const answer = answersIn(reply, 'Response')[0] ?? miss('the request should be answered')
      expect(answer.name, 'the answer').is('KeepAliveResponse')
      expect(answer.code, 'the status code').isOneOf(ignoredIn(version))
    },
    since12,
  ),

  scenario(
    '',
    '12.2.1',
    'An extension block in a message is for its recipients, who get it pushed, fetched and forwarded',
    async stage => {
      const { romeo, juliet } = await withNotified(stage, ['fwmsg'])
      const text = stage.unique('With something added')
      const extBlockEtems = [markup('ExtBlockETEM')]
      const messageId = await sendText(romeo, juliet, text, { info: { extBlockEtems } })
      const fetched = (await getMessage(juliet, messageId)).as('GetMessageResponse')
      stage.expect(fetched.messageInfo.extBlockEtems, 'the blocks in the message that is fetched').is(extBlockEtems)
      await forward(juliet, messageId, [romeo.account.userId])
      const { messageInfo } = (await romeo.receiveMessage(text)).as('NewMessage')
      stage
        .expect(messageInfo.extBlockEtems, 'the blocks in the message that is forwarded and pushed')
        .is(extBlockEtems)
    },
    { since: '1.3' },
  ),

  scenario(
    '',
    '12.2.1',
    'A client of 1.2 gets a message without the extension block that it does not know',
    async stage => {
      const romeo = await stage.phone().online()
      const juliet = await client(stage, 'juliet', { spoken: { version: '1.2', syntax: stage.syntax } })
      const text = stage.unique('Without anything added')
      await sendText(romeo, juliet, text, { info: { extBlockEtems: [markup('ExtBlockETEM')] } })
      const came = await juliet.receiveMessage(text)
      const written = Buffer.from(came.reply.http.body).toString('latin1')
      stage.expect(/ExtBlock|twice/.test(written), 'that something of the block is in what comes').is(false)
    },
    { since: '1.3' },
  ),

  scenario(
    '',
    '12.2',
    'A request in an unknown namespace is ignored without an error',
    async ({ phone, version, expect }) => {
      const romeo = await phone().online()
      const answer = await romeo.ask({ name: 'ExtendedRequest', body: markup('Extended-Request') })
      if (answer.name === 'Status') expect(answer.code, 'the status code').isOneOf(ignoredIn(version))
      expect((await romeo.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer afterwards').is(200)
    },
    since12,
  ),
]
