import { miss } from '../expect.ts'
import { textOf } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { withNotified } from './clients.ts'
import { sendText } from './send.ts'
import { confirm, forward, getList, getMessage } from './waiting.ts'

/** A message of Romeo's that waits for Juliet, who can forward it; it goes back to him, for want of a third person. */
const withWaiting = async (stage: Stage, text: string, wishes?: Parameters<typeof sendText>[3]) => {
  const { romeo, juliet } = await withNotified(stage, ['fwmsg'])
  await romeo.fetchAll()
  return { romeo, juliet, original: await sendText(romeo, juliet, text, wishes) }
}

/** Messages that wait are forwarded (CSP 9.1.10). */
export const forwarding: readonly Scenario[] = [
  scenario('IMSE-S-010', '9.1.10.1', 'A forwarded message arrives as it was, from who forwards it', async stage => {
    const { expect, unique, version } = stage
    const text = unique('Pass it on')
    const { romeo, juliet, original } = await withWaiting(stage, text, { info: { validity: 3600 } })
    const answer = await forward(juliet, original, [romeo.account.userId])
    const { messageInfo } = (await romeo.receiveMessage(text)).as('NewMessage')
    expect(messageInfo.sender.user?.userId.toLowerCase(), 'the sender').is(juliet.account.userId.toLowerCase())
    expect(messageInfo.recipient.users.length, 'the number of recipients').is(1)
    expect(messageInfo.contentType, 'the content type').is('text/plain')
    expect(messageInfo.validity, 'the validity').is(3600)
    expect(messageInfo.messageId, 'the Message-ID').isNot(original)
    // Before 1.3 there is no response that could name it.
    if (version !== '1.3') expect(answer.code, 'the answer').is(200)
    else expect(answer.as('ForwardMessageResponse').messageId, 'the Message-ID told').is(messageInfo.messageId ?? '')
  }),

  scenario('IMSE-S-010', '9.1.10.1', 'A forwarded message waits no longer for who forwarded it', async stage => {
    const { expect, unique } = stage
    const { romeo, juliet, original } = await withWaiting(stage, unique('Out of my sight'))
    await forward(juliet, original, [romeo.account.userId])
    expect((await getMessage(juliet, original)).code, 'the answer to a request for it').is(426)
    expect((await forward(juliet, original, [romeo.account.userId])).code, 'the answer to a second time').is(426)
    expect((await getList(juliet)).code, 'the answer to a request for a list').isOneOf([908, 506, 405])
    await romeo.fetchAll()
  }),

  scenario(
    'IMSE-S-010',
    '9.1.10.1',
    'A message forwarded to several reaches each once, and names no other',
    async stage => {
      const { expect, unique } = stage
      const text = unique('To whom it may concern')
      const { romeo, juliet, original } = await withWaiting(stage, text)
      const addresses = [romeo.account.userId, juliet.account.userId]
      await forward(juliet, original, [...addresses, ...addresses.map(it => it.toUpperCase())])
      const { messageInfo } = (await romeo.receiveMessage(text)).as('NewMessage')
      expect(messageInfo.recipient.users.length, 'the number of recipients he sees').is(1)
      await romeo.fetchAll()
      expect(romeo.inbox.filter(it => textOf(it) === text).length, 'the number of further copies').is(0)
      const messageId = messageInfo.messageId ?? miss('the message should have a Message-ID')
      const { contentData } = (await getMessage(juliet, messageId)).as('GetMessageResponse')
      expect(contentData, 'what she has forwarded to herself').is(text)
      await confirm(juliet, messageId)
    },
  ),

  scenario(
    'IMSE-S-010 IMSE-S-009',
    '9.1.9.1',
    'A sender who wants to know may be told that it was forwarded',
    async stage => {
      const { romeo, juliet, original } = await withWaiting(stage, stage.unique('Do tell'), { report: true })
      await forward(juliet, original, [romeo.account.userId])
      await romeo.fetchAll()
      const report = romeo.inbox.find(it => it.name === 'DeliveryReportRequest')
      if (report === undefined) return stage.skip('the server does not report it, as CSP 9.1.9.1 allows')
      // CSP 11.4.24: the server may say that all went well, to conceal it.
      stage.expect(report.code, 'the result').isOneOf([541, 200])
      const { messageInfo } = report.as('DeliveryReportRequest')
      stage.expect(messageInfo.messageId, 'the message it is about').is(original)
    },
  ),

  scenario('IMSE-S-010', '9.1.10.2', 'What cannot be forwarded stays where it is: 426, 531', async stage => {
    const { expect, unique } = stage
    const text = unique('Nobody wants me')
    const { romeo, juliet, original } = await withWaiting(stage, text)
    const nobody = romeo.account.userId.replace(/^wv:/, 'wv:nobody-')
    const unknown = await forward(juliet, unique('no-message'), [romeo.account.userId])
    expect(unknown.code, 'the answer for an unknown message').is(426)
    expect((await forward(juliet, original, [nobody])).code, 'the answer for an unknown recipient').is(531)
    expect((await forward(romeo, original, [romeo.account.userId])).code, 'the answer to somebody else').is(426)
    expect((await getMessage(juliet, original)).as('GetMessageResponse').contentData, 'the message').is(text)
    await confirm(juliet, original)
  }),

  scenario(
    'IMSE-S-010 SERV-S-006',
    '9.1.10.1',
    'Nobody forwards in the name of somebody else: 427, 428, 451',
    async stage => {
      const { romeo, juliet, original } = await withWaiting(stage, stage.unique('In my name'))
      const { userId } = juliet.account
      const wrong = [
        [427, { userId: romeo.account.userId }],
        [428, { userId, clientId: romeo.clientId }],
        [451, { userId, applicationId: 'SomebodyElsesGame' }],
      ] as const
      for (const [code, user] of wrong) {
        const answer = await forward(juliet, original, [romeo.account.userId], { user })
        stage.expect(answer.code, 'the status code').is(code)
      }
      await confirm(juliet, original)
    },
    { since: '1.3' },
  ),
]
