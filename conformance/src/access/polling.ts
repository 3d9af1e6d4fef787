import { answersIn } from '../answer.ts'
import { couple, sendText } from '../messaging/send.ts'
import { pause } from '../phone.ts'
import { type Scenario, scenario } from '../scenario.ts'

/** Polls (CSP 6.2) and the flag that calls for them. */
export const polling: readonly Scenario[] = [
  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2',
    'A poll with nothing waiting gets an empty 200 of stated length',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      await romeo.fetchAll()
      const { http } = await romeo.poll()
      expect(http.status, 'the HTTP status').is(200)
      expect(http.body.length, 'the length of the body').is(0)
      expect(http.headers['content-length'], 'Content-Length').is('0')
    },
  ),

  scenario('SAP-S-003 TRANSP-S-002', '6.2', 'A poll brings what waits, as a request of the server', async stage => {
    const { romeo, juliet } = await couple(stage)
    const text = stage.unique('Poll for me')
    await sendText(romeo, juliet, text)
    const came = await juliet.receiveMessage(text)
    stage.expect(came.transaction.mode, 'the mode').is('Request')
    stage.expect(came.id, 'the Transaction-ID').isPresent()
  }),

  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2',
    'A poll may have an empty or any Transaction-ID',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      await romeo.fetchAll()
      for (const id of ['', '77']) {
        const reply = await romeo.send([{ mode: 'Request', id, primitive: { name: 'PollingRequest', body: {} } }])
        expect(reply.http.status, 'the HTTP status').is(200)
        expect(reply.http.body.length, 'the length of the body').is(0)
      }
    },
  ),

  scenario('SAP-S-003 TRANSP-S-002', '6.2', 'The Poll flag says whether something waits', async stage => {
    const { expect } = stage
    const { romeo, juliet } = await couple(stage)
    const flag = async () => (await juliet.ask({ name: 'KeepAliveRequest', body: {} })).reply.message?.poll ?? false
    expect(await flag(), 'the flag while nothing waits').is(false)
    await sendText(romeo, juliet, stage.unique('First'))
    await sendText(romeo, juliet, stage.unique('Second'))
    for (let i = 0; i < 40 && !(await flag()); i++) await pause(50)
    expect(await flag(), 'the flag while two messages wait').is(true)
    const first = await juliet.poll()
    expect(first.message?.poll, 'the flag beside the first of two').is(true)
    for (const it of answersIn(first, 'Request')) await juliet.acknowledge(it)
    const second = await juliet.poll()
    expect(second.message?.poll ?? false, 'the flag beside the last').is(false)
    for (const it of answersIn(second, 'Request')) await juliet.acknowledge(it)
    expect(await flag(), 'the flag when all has been fetched').is(false)
  }),

  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2',
    'What a poll has brought is not brought again while its answer is out',
    async stage => {
      const { romeo, juliet } = await couple(stage)
      await sendText(romeo, juliet, stage.unique('Once'))
      const first = answersIn(await juliet.poll(), 'Request')
      stage.expect(first.length, 'the number of transactions the first poll brings').is(1)
      stage.expect(answersIn(await juliet.poll(), 'Request').length, 'what the second poll brings').is(0)
      await juliet.acknowledge(first[0]!)
    },
  ),

  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2 as AOSP clients need it',
    'The reply to an answer of the client is empty and of stated length',
    async stage => {
      const { romeo, juliet } = await couple(stage)
      await sendText(romeo, juliet, stage.unique('Acknowledge me'))
      const [came] = answersIn(await juliet.poll(), 'Request')
      const reply = await juliet.acknowledge(stage.expect(came, 'the message').isPresent())
      stage.expect(reply?.http.status, 'the HTTP status').is(200)
      stage.expect(reply?.http.body.length, 'the length of the body').is(0)
      stage.expect(reply?.http.headers['content-length'], 'Content-Length').is('0')
    },
  ),

  scenario('SAP-S-003 TRANSP-S-002', '6.2', 'A poll that is held open keeps no other request waiting', async stage => {
    const { romeo, juliet } = await couple(stage)
    await juliet.negotiate({ multiTrans: 2 })
    const held = juliet.poll()
    await pause(50)
    const begun = Date.now()
    const alive = await juliet.ask({ name: 'KeepAliveRequest', body: {} })
    stage.expect(alive.code, 'the answer beside an open poll').is(200)
    stage.expect(Date.now() - begun, 'the milliseconds it took').isBetween(0, 3000)
    const text = stage.unique('After a held poll')
    await held
    await sendText(romeo, juliet, text)
    await juliet.receiveMessage(text)
  }),
]
