import { textOf } from '../phone.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { client, withNotified } from './clients.ts'
import { acceptedId, messageTo, sendText } from './send.ts'
import { confirm, getMessage, isAbout, receiveNotification, setMethod } from './waiting.ts'

/** Messages that are announced and fetched, and the method by which they come (CSP 9.1.2, 9.1.6, 9.1.8). */
export const notified: readonly Scenario[] = [
  scenario('IMSE-S-007', '9.1.6.1', 'Who wants notifications is told of a message, once', async stage => {
    const { expect, unique } = stage
    const { romeo, juliet } = await withNotified(stage)
    const text = unique('Knock')
    const messageId = await sendText(romeo, juliet, text)
    const { messageInfo } = (await receiveNotification(juliet, messageId)).as('MessageNotification')
    expect(messageInfo.contentType, 'the content type').is('text/plain')
    expect(messageInfo.contentSize, 'the content size').is(text.length)
    expect(messageInfo.sender.user?.userId.toLowerCase(), 'the sender').is(romeo.account.userId.toLowerCase())
    await juliet.fetchAll()
    const more = juliet.inbox.filter(it => isAbout(it, messageId) || textOf(it) === text)
    expect(more.length, 'what else comes of the message').is(0)
    await confirm(juliet, messageId)
  }),

  scenario('IMSE-S-008', '9.1.8.1', 'An announced message can be fetched until it is confirmed', async stage => {
    const { expect, unique } = stage
    const { romeo, juliet } = await withNotified(stage)
    const text = unique('Ask for me')
    const messageId = await sendText(romeo, juliet, text)
    await receiveNotification(juliet, messageId)
    for (const time of ['first', 'second']) {
      const { messageInfo, contentData } = (await getMessage(juliet, messageId)).as('GetMessageResponse')
      expect([messageInfo.messageId, contentData], `what the ${time} request brings`).is([messageId, text])
    }
    expect((await confirm(juliet, messageId)).code, 'the answer to the confirmation').is(200)
    expect((await getMessage(juliet, messageId)).code, 'the answer to a request after it').is(426)
  }),

  scenario(
    'IMSE-S-008 IMSE-S-009',
    '9.1.8.1',
    'The sender hears of a fetched message when it is confirmed',
    async stage => {
      const { expect, unique } = stage
      const { romeo, juliet } = await withNotified(stage, ['mdeliv'])
      const messageId = await sendText(romeo, juliet, unique('Signed for'), { report: true })
      await receiveNotification(juliet, messageId)
      ;(await getMessage(juliet, messageId)).as('GetMessageResponse')
      const reports = () => romeo.inbox.filter(it => it.name === 'DeliveryReportRequest')
      await romeo.fetchAll()
      const early = reports().some(it => it.as('DeliveryReportRequest').messageInfo.messageId === messageId)
      expect(early, 'that a report comes before the confirmation').is(false)
      await confirm(juliet, messageId)
      expect((await romeo.receiveReport(messageId)).code, 'the result').is(200)
    },
  ),

  scenario('IMSE-S-008', '9.1.8.2', 'A message that does not exist, or is for somebody else, gets 426', async stage => {
    const { expect, unique } = stage
    const { romeo, juliet } = await withNotified(stage)
    const text = unique('For her eyes only')
    const messageId = await sendText(romeo, juliet, text)
    expect((await getMessage(juliet, unique('no-message'))).code, 'the answer for an unknown message').is(426)
    expect((await getMessage(romeo, messageId)).code, 'the answer to somebody else').is(426)
    expect((await confirm(romeo, messageId)).code, 'the answer to the confirmation of somebody else').is(426)
    const { contentData } = (await getMessage(juliet, messageId)).as('GetMessageResponse')
    expect(contentData, 'the message afterwards').is(text)
    await confirm(juliet, messageId)
  }),

  scenario('GETM-S-001', '9.1.8.3', 'A fetched message can consist of a reference to its content', async stage => {
    const { romeo, juliet } = await withNotified(stage)
    const messageUri = `http://media.example/${encodeURIComponent(stage.unique('rose'))}`
    const { body } = messageTo([juliet.account.userId], romeo, '', { info: { messageUri } })
    const messageId = acceptedId(
      await romeo.ask({ name: 'SendMessageRequest', body: { ...body, contentData: undefined } }),
    )
    await receiveNotification(juliet, messageId)
    const { messageInfo, contentData } = (await getMessage(juliet, messageId)).as('GetMessageResponse')
    stage.expect(messageInfo.messageUri, 'the reference').is(messageUri)
    stage.expect(contentData, 'the content').isAbsent()
    await confirm(juliet, messageId)
  }),

  scenario('IMSE-S-007', '5.6.4.2', 'What was announced and not fetched waits for the next session', async stage => {
    const { romeo, juliet } = await withNotified(stage)
    const text = stage.unique('Later, perhaps')
    const messageId = await sendText(romeo, juliet, text)
    await receiveNotification(juliet, messageId)
    await juliet.logout()
    const later = await stage.phone('juliet').online()
    await later.receiveMessage(text)
  }),

  scenario('IMSE-S-001', '9.1.2.1', 'With push comes all that waits, announced or not', async stage => {
    const { expect, unique } = stage
    const { romeo, juliet } = await withNotified(stage, ['setd'])
    const texts = [unique('Announced'), unique('Not yet announced')] as const
    const announced = await sendText(romeo, juliet, texts[0])
    await receiveNotification(juliet, announced)
    await sendText(romeo, juliet, texts[1])
    expect((await setMethod(juliet, 'P')).code, 'the answer to the change').is(200)
    for (const text of texts) await juliet.receiveMessage(text)
  }),

  scenario('IMSE-S-001', '9.1.2.1', 'After a change to notifications nothing is pushed any more', async stage => {
    const { expect, unique } = stage
    const romeo = await stage.phone().online()
    const juliet = await client(stage, 'juliet', { needs: ['setd', 'notif', 'getm'] })
    await juliet.fetchAll()
    expect((await setMethod(juliet, 'N')).code, 'the answer to the change').is(200)
    const text = unique('Quietly')
    const messageId = await sendText(romeo, juliet, text)
    await receiveNotification(juliet, messageId)
    await juliet.fetchAll()
    expect(juliet.inbox.filter(it => textOf(it) === text).length, 'the number of pushed copies').is(0)
    await confirm(juliet, messageId)
  }),

  scenario('IMSE-S-001', '9.1.2.1', 'A method whose services were not agreed is refused: 509', async stage => {
    const { expect, unique } = stage
    const romeo = await stage.phone().online()
    const juliet = await client(stage, 'juliet', { needs: ['setd'] })
    await juliet.fetchAll()
    const functions = { imFeat: { imReceiveFunc: { setd: true, newm: true } } } as const
    await juliet.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
    expect((await setMethod(juliet, 'N')).code, 'the answer to the change').is(509)
    const text = unique('As before')
    await sendText(romeo, juliet, text)
    await juliet.receiveMessage(text)
  }),
]
