import type { Answer } from '../answer.ts'
import { miss } from '../expect.ts'
import { type Phone, pause, textOf } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { clear, client, withNotified } from './clients.ts'
import { acceptedId, couple, messageTo, sendText } from './send.ts'
import { confirm, forward, getList, getMessage, listed, receiveNotification, reject } from './waiting.ts'

const reportsOn = (messageId: string, { inbox }: Phone) =>
  inbox.filter(
    it => it.name === 'DeliveryReportRequest' && it.as('DeliveryReportRequest').messageInfo.messageId === messageId,
  )

/** That a phone can do nothing with a message. */
async function isOutOfReach(messageId: string, phone: Phone, { expect, accounts }: Stage): Promise<void> {
  const tries: readonly [string, Promise<Answer>][] = [
    ['fetch', getMessage(phone, messageId)],
    ['confirm', confirm(phone, messageId)],
    ['reject', reject(phone, [messageId])],
    ['forward', forward(phone, messageId, [accounts.romeo.userId])],
  ]
  for (const [what, trying] of tries) expect((await trying).code, `the answer to who tries to ${what} it`).is(426)
}

/** Message-IDs that say nothing to whoever names them (CSP 9.1.3 to 9.1.5, 9.1.8, 9.1.10). */
export const messageIds: readonly Scenario[] = [
  scenario(
    'IMSE-S-006 IMSE-S-008 IMSE-S-010',
    '9.1.8.2',
    'A message whose time is over is in no list, and can be neither fetched nor forwarded: 426',
    async stage => {
      const { romeo, juliet } = await withNotified(stage, ['getlm', 'fwmsg'])
      const lasting = await sendText(romeo, juliet, stage.unique('For long'))
      const messageId = await sendText(romeo, juliet, stage.unique('For a moment'), { info: { validity: 1 } })
      await receiveNotification(juliet, messageId)
      await pause(1600)
      stage.expect((await getMessage(juliet, messageId)).code, 'the answer to a request for it').is(426)
      const forwarded = await forward(juliet, messageId, [romeo.account.userId])
      stage.expect(forwarded.code, 'the answer to forwarding it').is(426)
      stage.expect(listed(await getList(juliet)), 'the list').is([lasting])
      await confirm(juliet, lasting)
    },
  ),

  scenario(
    'IMSE-S-004 IMSE-S-006 IMSE-S-008 IMSE-S-010',
    '9.1.4.2',
    'Nobody does anything with the message of somebody else, be it the sender: 426',
    async stage => {
      const { romeo, juliet } = await withNotified(stage, ['fwmsg', 'rejcm'])
      await romeo.fetchAll()
      const text = stage.unique('For her alone')
      const messageId = await sendText(romeo, juliet, text, { report: true })
      const nurse = await stage.phone('romeo', { name: 'nurse', account: stage.third() }).online()
      for (const phone of [romeo, nurse]) await isOutOfReach(messageId, phone, stage)
      await romeo.fetchAll()
      stage.expect(reportsOn(messageId, romeo).length, 'the number of reports').is(0)
      stage.expect((await getMessage(juliet, messageId)).as('GetMessageResponse').contentData, 'the message').is(text)
      await confirm(juliet, messageId)
      stage.expect((await romeo.receiveReport(messageId)).code, 'the result').is(200)
    },
  ),

  scenario(
    'IMSE-S-004 IMSE-S-008 SERV-S-006',
    '9.1.3.1',
    'No client does anything with a message for another client of the user: 426',
    async stage => {
      await clear(stage, 'juliet')
      const romeo = await stage.phone().online()
      const notified = { initialDeliveryMethod: 'N' } as const
      const needs = ['notif', 'getm', 'rejcm', 'fwmsg'] as const
      const meant = await client(stage, 'juliet', { capabilities: notified, needs })
      const other = await client(stage, 'juliet', { capabilities: notified })
      const text = stage.unique('For this phone')
      const recipient = { users: [{ userId: meant.account.userId, clientId: meant.clientId }] }
      const messageId = acceptedId(await romeo.ask(messageTo([], romeo, text, { info: { recipient } })))
      await isOutOfReach(messageId, other, stage)
      await receiveNotification(meant, messageId)
      stage.expect((await getMessage(meant, messageId)).as('GetMessageResponse').contentData, 'the message').is(text)
      await confirm(meant, messageId)
    },
  ),

  scenario(
    'IMSE-S-006 IMSE-S-009',
    '9.1.5.1',
    "Who answers a message by confirming somebody else's has confirmed neither",
    async stage => {
      const { romeo, juliet } = await couple(stage)
      const [hers, his] = [stage.unique('For Juliet'), stage.unique('For Romeo')]
      await sendText(romeo, juliet, hers)
      const foreign = await sendText(juliet, romeo, his, { report: true })
      const asked = (await juliet.poll()).message?.transactions.find(it => it.primitive?.name === 'NewMessage')
      const id = asked?.id ?? miss('the message should come with the next poll')
      const primitive = { name: 'MessageDelivered', body: { messageId: foreign } } as const
      await juliet.send([{ mode: 'Response', id, primitive }])
      await juliet.fetchAll()
      stage.expect(reportsOn(foreign, juliet).length, 'the number of reports').is(0)
      await juliet.logout()
      const later = await stage.phone('juliet').online()
      if (!juliet.inbox.some(it => textOf(it) === hers)) await later.receiveMessage(hers)
      await romeo.receiveMessage(his)
      stage.expect((await later.receiveReport(foreign)).code, 'the result').is(200)
    },
  ),
]
