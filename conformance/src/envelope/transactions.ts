import { type Answer, answersIn, theAnswer } from '../answer.ts'
import { miss } from '../expect.ts'
import { acceptedId, couple, messageTo, sendText } from '../messaging/send.ts'
import { pause, textOf } from '../phone.ts'
import { type Scenario, scenario } from '../scenario.ts'

const stranger = (userId: string) => userId.replace(/^wv:/i, 'wv:nobody-')

/** Requests and their answers (CSP 5.4, 6.1). */
export const transactions: readonly Scenario[] = [
  scenario(
    'TRACT-S-001',
    '5.4',
    'An answer has the Transaction-ID of its request, whatever it looks like',
    async stage => {
      const romeo = await stage.phone().online()
      for (const id of ['1000', 'nok1', 'IMApp01#12345@NOK5110', 'номер-№7']) {
        const answer = await romeo.ask({ name: 'KeepAliveRequest', body: {} }, id)
        stage.expect(answer.id, 'the Transaction-ID').is(id)
      }
    },
  ),

  scenario('TRACT-S-001', '5.4', 'A status of 1xx leaves a transaction of the server open', async stage => {
    const { romeo, juliet } = await couple(stage)
    const text = stage.unique('One moment')
    await sendText(romeo, juliet, text)
    let came: Answer | undefined
    for (let i = 0; i < 40 && came === undefined; i++) {
      came = answersIn(await juliet.poll(), 'Request').find(it => textOf(it) === text)
      if (came === undefined) await pause(50)
    }
    if (came === undefined) return miss('the message should arrive')
    await juliet.reply(came, { name: 'Status', body: { result: { code: 100 } } })
    await juliet.acknowledge(came)
    await juliet.fetchAll()
    stage.expect(juliet.inbox.filter(it => textOf(it) === text).length, 'the number of further copies').is(0)
  }),

  scenario('TRACT-S-002', '5.4', 'No two requests of the server share a Transaction-ID', async stage => {
    const { romeo, juliet } = await couple(stage)
    const texts = ['One', 'Two', 'Three'].map(stage.unique)
    for (const text of texts) await sendText(romeo, juliet, text)
    const ids: (string | undefined)[] = []
    for (const text of texts) ids.push((await juliet.receiveMessage(text)).id)
    stage.expect(new Set(ids).size, 'the number of different ids').is(texts.length)
  }),

  scenario(
    'TRACT-S-003 TRACT-S-005',
    '5.4',
    'Where a response has no Result, the error comes in a Status',
    async stage => {
      const romeo = await stage.phone().online()
      const answer = await romeo.ask({ name: 'ServiceRequest', body: { allFunctionsRequest: false } })
      answer.as('Status')
      stage.expect(answer.code, 'the status code').isBetween(400, 999)
    },
  ),

  scenario('TRACT-S-004', '6.1', 'Where a response has a Result, the error comes in it', async ({ phone, expect }) => {
    const answer = await phone().login({ password: 'not the password' })
    answer.as('LoginResponse')
    expect(answer.code, 'the status code').isBetween(400, 999)
  }),

  scenario('TRACT-S-004 TRACT-S-005', '9.1.1.1', 'A message that is rejected is answered by a Status', async stage => {
    const romeo = await stage.phone().online()
    const answer = await romeo.ask(messageTo([stranger(romeo.account.userId)], romeo, 'Hello?'))
    answer.as('Status')
    stage.expect(answer.code, 'the status code').isBetween(400, 999)
  }),

  scenario('TRACT-S-006', '5.4', 'Answers have all their mandatory parts', async stage => {
    const { expect } = stage
    const romeo = stage.phone()
    const login = (await romeo.login()).as('LoginResponse')
    for (const part of ['clientId', 'result', 'sessionId', 'keepAliveTime', 'capabilityRequest'] as const)
      expect(login[part], `${part} of a Login-Response`).isPresent()
    await romeo.negotiate()
    const text = stage.unique('Complete')
    const messageId = acceptedId(await romeo.ask(messageTo([romeo.account.userId], romeo, text)))
    const { messageInfo } = (await romeo.receiveMessage(text)).as('NewMessage')
    expect(messageInfo.messageId, 'the Message-ID').is(messageId)
    for (const part of ['contentSize', 'recipient', 'sender', 'dateTime'] as const)
      expect(messageInfo[part], `${part} of a Message-Info`).isPresent()
  }),

  scenario('TRACT-S-007', '5.4', 'Parts that a condition forbids are missing', async stage => {
    const { expect } = stage
    const refused = (await stage.phone().login({ password: 'not the password' })).as('LoginResponse')
    for (const part of ['sessionId', 'keepAliveTime', 'capabilityRequest', 'nonce', 'digestSchema'] as const)
      expect(refused[part], `${part} of a refused login`).isAbsent()
    const first = (await stage.phone().login({ password: undefined, digestSchemas: ['MD5'] })).as('LoginResponse')
    for (const part of ['sessionId', 'keepAliveTime', 'capabilityRequest'] as const)
      expect(first[part], `${part} of the first step of a login`).isAbsent()
  }),

  scenario('TRACT-S-008', '6.1', 'A complete success is told as 200 without details', async stage => {
    const { romeo, juliet } = await couple(stage)
    const answer = await romeo.ask(messageTo([juliet.account.userId], romeo, stage.unique('All well')))
    stage.expect(answer.code, 'the status code').is(200)
    stage.expect(answer.details, 'the details').is([])
    await juliet.fetchAll()
  }),

  scenario('TRACT-S-009 TRACT-S-011', '6.1', 'A partial success is told as 201 with what failed', async stage => {
    const { expect } = stage
    const { romeo, juliet } = await couple(stage)
    const unknown = stranger(juliet.account.userId)
    const text = stage.unique('To you and nobody')
    const answer = await romeo.ask(messageTo([juliet.account.userId, unknown], romeo, text))
    expect(answer.code, 'the status code').is(201)
    expect(answer.failures, 'what failed').is([{ code: 531, about: [unknown] }])
    await juliet.receiveMessage(text)
  }),

  scenario('TRACT-S-010', '6.1', 'A partial success names what succeeded', async stage => {
    const { romeo, juliet } = await couple(stage)
    const { userId } = juliet.account
    const answer = await romeo.ask(messageTo([userId, stranger(userId)], romeo, stage.unique('Half')))
    await juliet.fetchAll()
    const done = answer.details.filter(({ code }) => code === 200).flatMap(({ about }) => about)
    if (done.length === 0) stage.skip('the server leaves out what succeeded, as CSP 6.1 allows')
    stage.expect(done, 'what succeeded').is([userId])
  }),

  scenario(
    'SAP-S-002',
    '6.1',
    'Failures of different kinds and no success are told as 900 with all of them',
    async stage => {
      const romeo = await stage.phone().online()
      const [unknown, foreign] = [stranger(romeo.account.userId), 'wv:someone@nowhere.invalid']
      const answer = await romeo.ask(messageTo([unknown, foreign], romeo, 'Hello?'))
      answer.as('Status')
      stage.expect(answer.code, 'the status code').is(900)
      const about = answer.details.flatMap(detail => detail.about)
      for (const address of [unknown, foreign])
        stage.expect(about.includes(address), `the mention of ${address}`).is(true)
    },
  ),

  scenario('TRACT-S-001', '5.4', 'A request that is repeated is carried out once and answered alike', async stage => {
    const { romeo, juliet } = await couple(stage)
    const text = stage.unique('Only once')
    const message = romeo.write([
      { mode: 'Request', id: 'again', primitive: messageTo([juliet.account.userId], romeo, text) },
    ])
    const first = acceptedId(theAnswer(await romeo.post(message)))
    const second = acceptedId(theAnswer(await romeo.post(message)))
    stage.expect(second, 'the Message-ID of the repeat').is(first)
    await juliet.receiveMessage(text)
    await juliet.fetchAll()
    stage.expect(juliet.inbox.filter(it => textOf(it) === text).length, 'the number of further copies').is(0)
  }),

  scenario(
    'TRACT-S-001 SAP-S-015',
    '6.9.1',
    'Several requests in one message are answered in one message, in their order',
    async stage => {
      const romeo = await stage.phone().online()
      await romeo.negotiate({ multiTrans: 3, multiTransPerMessage: 3 })
      const primitive = { name: 'KeepAliveRequest', body: {} } as const
      const ids = ['x1', 'x2', 'x3']
      const reply = await romeo.send(ids.map(id => ({ mode: 'Request', id, primitive })))
      const answers = answersIn(reply, 'Response')
      stage
        .expect(
          answers.map(({ id }) => id),
          'the Transaction-IDs',
        )
        .is(ids)
      stage
        .expect(
          answers.map(({ code }) => code),
          'the status codes',
        )
        .is([200, 200, 200])
    },
    { since: '1.3' },
  ),
]
