import { split } from '@village/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { newMessage, password, ScriptedServer } from '../test/scripted-server.ts'
import { connect } from './connection.ts'
import type { Session } from './session.ts'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

async function ready(server: ScriptedServer, multiTrans = 4, syntax: 'xml' | 'wbxml' = 'wbxml', serverPollMin = 1) {
  server.agreed = { multiTrans, serverPollMin }
  const connection = connect({ url: 'http://village.test/', syntax, fetch: server.fetch, answerMilliseconds: 150 })
  const session = await connection.login({ userId: 'wv:alice@village.local', password })
  sessions.push(session)
  await session.negotiate()
  return session
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))
const answers = (server: ScriptedServer) =>
  server.seen
    .filter(({ mode }) => mode === 'Response')
    .map(({ id, primitive }) => `${id} ${primitive?.name} ${JSON.stringify(primitive?.body)}`)
const delivered = (id: string, messageId: string) => `${id} MessageDelivered {"messageId":"${messageId}"}`
const ok = (id: string) => expect.stringMatching(new RegExp(`^${id} Status .*"code":200`))

describe('messages (CSP 9.1.5)', () => {
  it.each([1, 4])('arrive in order, and are confirmed as the next is asked for; MultiTrans %i', async multiTrans => {
    const server = new ScriptedServer()
    for (const n of [1, 2, 3]) server.push(newMessage(`m${n}`, `text ${n}`), `s${n}`)
    const session = await ready(server, multiTrans)
    const messages = session.messaging.messages()
    const texts: (string | undefined)[] = []
    for (const n of [1, 2, 3]) {
      const { value } = await messages.next()
      texts.push(value.text)
      expect(answers(server)).toHaveLength(n - 1)
    }
    expect(texts).toEqual(['text 1', 'text 2', 'text 3'])
    void messages.next()
    await pause(20)
    expect(answers(server)).toEqual([1, 2, 3].map(n => delivered(`s${n}`, `m${n}`)))
  })

  it('are whole', async () => {
    const server = new ScriptedServer()
    const session = await ready(server, 4, 'xml')
    const image = newMessage('m1', 'AQID')
    const { messageInfo } = image.body
    server.push({
      name: 'NewMessage',
      body: {
        messageInfo: { ...messageInfo, contentType: 'image/png', contentEncoding: 'BASE64' },
        contentData: 'AQID',
      },
    })
    const { value } = await session.messaging.messages().next()
    expect(value).toMatchObject({
      id: 'm1',
      from: 'wv:bob@village.local',
      text: undefined,
      bytes: new Uint8Array([1, 2, 3]),
      sentAt: new Date('2026-01-02T03:04:05Z'),
    })
  })

  it('come again to the next listener when a loop is left before they are confirmed', async () => {
    const server = new ScriptedServer()
    const session = await ready(server)
    server.push(newMessage('m1', 'first'), 's1')
    server.push(newMessage('m2', 'second'), 's2')
    for await (const { text } of session.messaging.messages()) {
      expect(text).toBe('first')
      break
    }
    const again: (string | undefined)[] = []
    for await (const { text, confirm } of session.messaging.messages()) {
      again.push(text)
      await confirm()
      if (again.length === 2) break
    }
    expect(again).toEqual(['first', 'second'])
    expect(answers(server)).toEqual([delivered('s1', 'm1'), delivered('s2', 'm2')])
    const late = await Promise.race([session.messaging.messages().next(), pause(50)])
    expect(late).toBeUndefined()
  })

  it('handed out twice are confirmed twice and given out once', async () => {
    const server = new ScriptedServer()
    const session = await ready(server)
    const messages = session.messaging.messages()
    server.push(newMessage('m1', 'once'), 's1')
    await messages.next()
    const next = messages.next()
    // The answer was lost, and the server has forgotten the id it gave.
    server.push(newMessage('m1', 'once'), 's7')
    server.push(newMessage('m2', 'another'), 's8')
    expect((await next).value.id).toBe('m2')
    await pause(20)
    expect(answers(server)).toEqual([delivered('s1', 'm1'), delivered('s7', 'm1')])
  })

  it('are confirmed under the id they had last', async () => {
    const server = new ScriptedServer()
    const session = await ready(server)
    const messages = session.messaging.messages()
    server.push(newMessage('m1', 'slowly read'), 's1')
    const { value } = await messages.next()
    server.push(newMessage('m1', 'slowly read'), 's2')
    await pause(50)
    await value.confirm()
    expect(answers(server)).toEqual([delivered('s2', 'm1')])
  })

  it('are not fetched beyond what was agreed while nobody takes them', async () => {
    const server = new ScriptedServer()
    const session = await ready(server, 2)
    for (let n = 0; n < 5; n++) server.push(newMessage(`m${n}`, 'x'))
    await pause(100)
    expect(server.waiting).toBe(3)
    let count = 0
    for await (const _ of session.messaging.messages()) if (++count === 5) break
    expect(server.waiting).toBe(0)
  })

  it('are sent to several, and who fails is named', async () => {
    const server = new ScriptedServer()
    const session = await ready(server)
    server.on('SendMessageRequest', () => ({
      name: 'SendMessageResponse',
      body: {
        result: { code: 201, details: [{ code: 531, userIds: ['wv:zoe@village.local'] }] },
        messageId: 'm9',
      },
    }))
    const sent = await session.messaging.send({ to: ['wv:bob@village.local', 'wv:zoe@village.local'], text: 'grüß 👋' })
    expect(sent).toMatchObject({
      messageId: 'm9',
      failed: [{ to: 'wv:zoe@village.local', code: 531, name: 'UnknownUser', description: 'Unknown user' }],
    })
    const request = server.seen.at(-1)?.primitive
    expect(request?.body).toMatchObject({
      contentData: 'grüß 👋',
      deliveryReport: false,
      messageInfo: { contentSize: 6, sender: { user: { userId: 'wv:alice@village.local' } } },
    })
  })
})

describe('what the server says of its own accord', () => {
  const report = (messageId: string) => ({
    name: 'DeliveryReportRequest' as const,
    body: { result: { code: 200 }, messageInfo: newMessage(messageId, '').body.messageInfo },
  })

  it('is found in any reply, and answered as one likes', async () => {
    const server = new ScriptedServer()
    const session = await ready(server)
    const originated = session.originated()
    server.on('KeepAliveRequest', (_, { id }) => ({
      transactions: [
        { mode: 'Response', id, primitive: { name: 'KeepAliveResponse', body: { result: { code: 200 } } } },
        { mode: 'Request', id: 's1', primitive: report('m1') },
        { mode: 'Request', id: 's2', primitive: report('m2') },
      ],
    }))
    await session.request('KeepAliveRequest', {})
    const first = (await originated.next()).value
    expect(first.primitive.name).toBe('DeliveryReportRequest')
    await first.respond({ name: 'Status', body: { result: { code: 500 } } })
    await originated.next()
    void originated.next()
    await pause(20)
    expect(answers(server)).toEqual([expect.stringMatching(/^s1 Status .*500/), ok('s2')])
  })

  it('does not wait behind what nobody asks for', async () => {
    const server = new ScriptedServer()
    const session = await ready(server, 2)
    const messages = session.messaging.messages()
    for (const n of [1, 2, 3]) server.push(report(`m${n}`), `s${n}`)
    server.push(newMessage('m4', 'hello'), 's4')
    expect((await messages.next()).value.text).toBe('hello')
    expect(answers(server)).toEqual(['s1', 's2', 's3'].map(ok))
    const reports = session.messaging.reports()
    expect((await reports.next()).value).toMatchObject({ messageId: 'm1', isDelivered: true, code: 200 })
  })

  it('goes to the one who asked for it in particular', async () => {
    const server = new ScriptedServer()
    const session = await ready(server)
    const rest = session.originated().next()
    const messages = session.messaging.messages()
    server.push(newMessage('m1', 'hello'))
    server.push(report('m2'))
    expect((await rest).value.primitive.name).toBe('DeliveryReportRequest')
    expect((await messages.next()).value.id).toBe('m1')
  })

  it('is polled for again after the network failed', async () => {
    const server = new ScriptedServer()
    const usual = server.scriptFor('PollingRequest')
    let failures = 0
    server.on('PollingRequest', (...transaction) => (++failures < 3 ? 'lost' : usual(...transaction)))
    const session = await ready(server)
    server.push(newMessage('m1', 'late'))
    expect((await session.messaging.messages().next()).value.text).toBe('late')
  })

  it('is polled for at once when something else has got through after a failure', async () => {
    const server = new ScriptedServer()
    const usual = server.scriptFor('PollingRequest')
    let isLost = true
    let failures = 0
    server.on('PollingRequest', (...transaction) => {
      if (!isLost) return usual(...transaction)
      failures++
      return 'lost'
    })
    const session = await ready(server)
    while (failures < 3) await pause(50)
    // The next poll is two seconds away.
    isLost = false
    server.push(newMessage('m1', 'late'))
    const arrived = session.messaging.messages().next()
    await session.request('KeepAliveRequest', {})
    const isSoon = await Promise.race([arrived.then(() => true), pause(800).then(() => false)])
    expect(isSoon).toBe(true)
  })

  it('is polled for soon after Poll T, and else as rarely as agreed', async () => {
    const server = new ScriptedServer()
    server.holdMilliseconds = 0
    const session = await ready(server, 1, 'wbxml', 30)
    await pause(300)
    expect(server.polls).toBe(1)
    server.push(newMessage('m1', 'hello'))
    const message = session.messaging.messages().next()
    await pause(900)
    expect(server.polls).toBe(1)
    await session.request('KeepAliveRequest', {})
    expect((await message).value.text).toBe('hello')
    expect(server.polls).toBe(2)
  })

  it('is whole where it came in segments (CSP 6.10)', async () => {
    const server = new ScriptedServer()
    const session = await ready(server)
    const presences = Array.from({ length: 40 }, (_, n) => ({
      userId: `wv:user${n}@village.local`,
      presenceSubLists: [],
    }))
    const primitive = { name: 'PresenceNotificationRequest' as const, body: { presences } }
    const envelope = { version: '1.3', syntax: 'wbxml', sessionId: server.sessionId } as const
    const { first, segments } = split({ ...envelope, transactions: [{ mode: 'Request', id: 's1', primitive }] }, 700)!
    server.on('GetSegmentRequest', ({ segmentId }) => ({
      name: 'GetSegmentResponse',
      body: { segmentId, segmentContent: segments[segmentId.segmentReference]! },
    }))
    server.on('DropSegmentRequest', () => ({ name: 'Status', body: { result: { code: 200 } } }))
    const notifications = session.presence.notifications()
    server.on('KeepAliveRequest', (_, { id }) => ({
      transactions: [
        { mode: 'Response', id, primitive: { name: 'KeepAliveResponse', body: { result: { code: 200 } } } },
        first,
      ],
    }))
    await session.request('KeepAliveRequest', {})
    expect((await notifications.next()).value).toHaveLength(40)
    expect(answers(server)).toEqual([])
    void notifications.next()
    await pause(20)
    expect(answers(server)).toEqual([ok('s1')])
  })

  it('answers what it cannot do with 501', async () => {
    const server = new ScriptedServer()
    const session = await ready(server)
    const originated = session.originated()
    const markup = { name: 'Extended-Request', attributes: [], children: [] }
    server.push({ name: 'ExtendedRequest', body: markup }, 's1')
    await originated.next()
    void originated.next()
    await pause(20)
    expect(answers(server)).toEqual([expect.stringMatching(/^s1 Status .*501/)])
  })
})
