import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { client, withNotified } from './clients.ts'
import { acceptedId, messageTo, sendText } from './send.ts'
import { getList, getMessage, listed, receiveNotification, reject } from './waiting.ts'

/** Juliet, who can list and reject, and the Message-IDs of what waits for her, in no order. */
const withWaiting = async (stage: Stage, ...texts: [string, ...string[]]) => {
  const { romeo, juliet } = await withNotified(stage, ['getlm', 'rejcm'])
  const ids: string[] = []
  for (const text of texts) ids.push(await sendText(romeo, juliet, stage.unique(text), { report: true }))
  return { romeo, juliet, messageIds: ids.sort() as [string, ...string[]] }
}

/** Messages that wait are listed and rejected (CSP 9.1.3, 9.1.4). */
export const lists: readonly Scenario[] = [
  scenario('IMSE-S-003 GETLM-S-002', '9.1.3.1', 'All that waits is listed, announced or not', async stage => {
    const { romeo, juliet, messageIds } = await withWaiting(stage, 'One', 'Two')
    for (const messageId of messageIds) await receiveNotification(juliet, messageId)
    const further = await sendText(romeo, juliet, stage.unique('Three'))
    const all = [...messageIds, further].sort() as [string, ...string[]]
    stage.expect(listed(await getList(juliet)), 'the list').is(all)
    await reject(juliet, all)
  }),

  scenario('IMSE-S-003 IMSE-S-005', '9.1.3.1', 'A list tells of a message what Message-Info has to', async stage => {
    const { romeo, juliet, messageIds } = await withWaiting(stage, 'Listed')
    const [info] = (await getList(juliet)).as('GetMessageListResponse').messageInfos ?? []
    stage.expect(info?.sender.user?.userId.toLowerCase(), 'the sender').is(romeo.account.userId.toLowerCase())
    stage.expect(info?.recipient.users.length, 'the number of recipients').is(1)
    stage.expect(info?.contentSize, 'the content size').is(stage.unique('Listed').length)
    stage.expect(info?.dateTime, 'the date').isPresent()
    await reject(juliet, messageIds)
  }),

  scenario('IMSE-S-003', '9.1.3.1', 'Where nothing waits there is no list: 908', async stage => {
    const { juliet } = await withNotified(stage, ['getlm'])
    stage.expect((await getList(juliet)).code, 'the answer').is(908)
  }),

  scenario('IMSE-S-003', '9.1.3.1', 'No more is listed than was asked for, and then the total is told', async stage => {
    const { juliet, messageIds } = await withWaiting(stage, 'One', 'Two', 'Three')
    const some = await getList(juliet, 2)
    stage.expect(listed(some).length, 'the number of messages in the list').is(2)
    const total = some.as('GetMessageListResponse').messageTotalCount
    stage.expect(total, 'the total').is(stage.version === '1.3' ? 3 : undefined)
    const all = await getList(juliet, 3)
    stage.expect(listed(all), 'the list of all').is(messageIds)
    stage.expect(all.as('GetMessageListResponse').messageTotalCount, 'the total beside all of them').isAbsent()
    await reject(juliet, messageIds)
  }),

  scenario('IMSE-S-003', '9.1.3.1', 'A list of no messages cannot be asked for', async stage => {
    const { juliet, messageIds } = await withWaiting(stage, 'One')
    stage.expect((await getList(juliet, 0)).code, 'the answer').isOneOf([400, 539])
    await reject(juliet, messageIds)
  }),

  scenario('IMSE-S-003 SERV-S-006', '9.1.3.1', 'What is meant for another client is not listed', async stage => {
    const { romeo, juliet } = await withNotified(stage, ['getlm', 'rejcm'])
    const other = await client(stage, 'juliet', { capabilities: { initialDeliveryMethod: 'N' } })
    const recipient = { users: [{ userId: juliet.account.userId, clientId: juliet.clientId }] }
    const messageId = acceptedId(await romeo.ask(messageTo([], romeo, 'For one client', { info: { recipient } })))
    stage.expect((await getList(other)).code, 'the answer to the other client').is(908)
    stage.expect(listed(await getList(juliet)), 'the list of the client itself').is([messageId])
    await reject(juliet, [messageId])
  }),

  scenario('IMSE-S-004', '9.1.4.1', 'What was rejected is gone', async stage => {
    const { juliet, messageIds } = await withWaiting(stage, 'Rejected', 'Rejected too')
    stage.expect((await reject(juliet, messageIds)).code, 'the answer').is(200)
    stage.expect((await getMessage(juliet, messageIds[0])).code, 'the answer to a request for it').is(426)
    stage.expect((await getList(juliet)).code, 'the answer to a request for a list').is(908)
  }),

  scenario('IMSE-S-004 IMSE-S-009', '9.1.4.1', 'A sender who wants to know is told of the rejection', async stage => {
    const { romeo, juliet, messageIds } = await withWaiting(stage, 'Unwanted')
    await reject(juliet, messageIds)
    // CSP 11.4.21: the server may say that all went well, to conceal it.
    stage.expect((await romeo.receiveReport(messageIds[0])).code, 'the result').isOneOf([538, 200])
  }),

  scenario('IMSE-S-004', '9.1.4.2', 'Messages that do not exist cannot be rejected: 426', async stage => {
    const { juliet, messageIds } = await withWaiting(stage, 'There')
    const unknown = stage.unique('not-there')
    stage.expect((await reject(juliet, [unknown])).code, 'the answer for one that is not there').is(426)
    const both = await reject(juliet, [unknown, messageIds[0]])
    stage.expect(both.code, 'the answer for one that is there and one that is not').is(201)
    // 1.1 has no place for the Message-ID.
    const about = stage.version === '1.1' ? [] : [unknown]
    stage.expect(both.failures, 'what failed').is([{ code: 426, about }])
    stage.expect((await getList(juliet)).code, 'the answer to a request for a list').is(908)
  }),
]
