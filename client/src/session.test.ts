import { catalogue, versions } from '@village/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { failure, newMessage, password, ScriptedServer } from '../test/scripted-server.ts'
import { connect } from './connection.ts'
import { RequestFailed, SessionEnded, TransportFailed } from './failures.ts'
import { answeredByStatusOnce } from './requests.ts'
import { Session } from './session.ts'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

const options = (server: ScriptedServer) => ({
  url: 'http://village.test/imps',
  fetch: server.fetch,
  answerMilliseconds: 150,
})

async function login(server: ScriptedServer, more = {}) {
  const connection = connect({ ...options(server), ...more })
  const session = await connection.login({ userId: 'wv:alice@village.local', password })
  sessions.push(session)
  return session
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))
const requestIds = (server: ScriptedServer) =>
  server.seen.filter(({ mode }) => mode === 'Request').map(({ id }) => Number(id))

describe('a request', () => {
  it('resolves to its answer; ids count up', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    server.on('GetListRequest', () => ({ name: 'GetListResponse', body: { contactLists: ['wv:alice/friends'] } }))
    const { contactLists } = await session.request('GetListRequest', {})
    expect(contactLists).toEqual(['wv:alice/friends'])
    await session.request('KeepAliveRequest', {})
    expect(requestIds(server)).toEqual([1, 1, 2, 3])
    expect(server.messages.at(-1)?.sessionId).toBe(server.sessionId)
  })

  it('rejects with the status, and resolves where it was done in part', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    server.on('GetListRequest', () => ({
      name: 'Status',
      body: { result: { code: 900, details: [{ code: 531, userIds: ['wv:zoe'] }] } },
    }))
    const failed = session.request('GetListRequest', {})
    await expect(failed).rejects.toBeInstanceOf(RequestFailed)
    await expect(failed).rejects.toMatchObject({
      code: 900,
      name: 'MultipleErrors',
      description: 'Multiple errors',
      details: [{ code: 531, userIds: ['wv:zoe'] }],
      answer: { name: 'Status' },
    })
    server.on('DeleteListRequest', () => failure(201))
    await expect(session.request('DeleteListRequest', { contactList: 'wv:alice/x' })).resolves.toMatchObject({
      result: { code: 201 },
    })
  })

  it('is sent again under its id while answers get lost, a bounded number of times', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    let tries = 0
    server.on('DeleteListRequest', () => (++tries < 3 ? 'lost' : failure(200)))
    await session.request('DeleteListRequest', { contactList: 'wv:alice/x' })
    expect(requestIds(server).slice(2)).toEqual([2, 2, 2])

    server.on('DeleteListRequest', () => 'lost')
    const hopeless = session.request('DeleteListRequest', { contactList: 'wv:alice/x' })
    await expect(hopeless).rejects.toBeInstanceOf(TransportFailed)
    expect(requestIds(server).slice(5)).toEqual([3, 3, 3])
  })

  it('is not sent again where that cannot help', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    server.on('DeleteListRequest', () => 404)
    const failed = session.request('DeleteListRequest', { contactList: 'wv:alice/x' })
    await expect(failed).rejects.toMatchObject({ name: 'TransportFailed', httpStatus: 404 })
    expect(requestIds(server)).toHaveLength(3)
  })

  it('is sent again when nothing comes back in time', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    let tries = 0
    server.on('DeleteListRequest', () => (++tries === 1 ? new Promise<never>(() => {}) : failure(200)))
    await session.request('DeleteListRequest', { contactList: 'wv:alice/x' })
    expect(requestIds(server).slice(2)).toEqual([2, 2])
  })

  it('waits on after a 1xx, and takes the answer from a poll', async () => {
    const server = new ScriptedServer()
    const session = await login(server, { answerMilliseconds: 400 })
    let asked: string | undefined
    server.on('DeleteListRequest', (_, { id }) => {
      asked = id
      const primitive = failure(101)
      return { transactions: [{ mode: 'Response', id, primitive }], poll: true }
    })
    server.on('PollingRequest', () => ({
      transactions: [{ mode: 'Response', id: asked!, primitive: failure(200) }],
      poll: false,
    }))
    session.negotiate().catch(() => {})
    const answer = await session.request('DeleteListRequest', { contactList: 'wv:alice/x' })
    expect(answer.result.code).toBe(200)
    expect(server.namesSeen().filter(name => name === 'DeleteListRequest')).toHaveLength(1)
  })

  it('waits its turn beyond MultiTrans', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    let [open, most] = [0, 0]
    server.on('DeleteListRequest', async () => {
      most = Math.max(most, ++open)
      await pause(20)
      open--
      return failure(200)
    })
    const burst = () =>
      Promise.all(Array.from({ length: 9 }, () => session.request('DeleteListRequest', { contactList: 'wv:a/x' })))
    await burst()
    expect(most).toBe(1)
    server.agreed = { multiTrans: 3 }
    await session.negotiate()
    await burst()
    expect(most).toBe(3)
  })

  it('does not compile when it is wrong', async () => {
    const session = await login(new ScriptedServer())
    const never = () => [
      // @ts-expect-error no primitive of that name
      session.request('SendMassageRequest', {}),
      // @ts-expect-error only servers send this
      session.request('NewMessage', {}),
      // @ts-expect-error the session polls by itself
      session.request('PollingRequest', {}),
      // @ts-expect-error contactList is missing
      session.request('DeleteListRequest', {}),
      // @ts-expect-error a User-ID is a text
      session.request('SendMessageRequest', { messageInfo: { recipient: { users: [{ userId: 1 }] }, sender: {} } }),
      // @ts-expect-error a Status has no Message-ID
      session.request('DeleteListRequest', { contactList: 'x' }).then(({ messageId }) => messageId),
      session.request('SendMessageRequest', { messageInfo: { recipient: {}, sender: {} } }).then(a => a.messageId),
    ]
    expect(never).toBeTypeOf('function')
  })

  it('may be answered by a Status where only 1.3 knows another answer', () => {
    const late = Object.entries(catalogue).filter(([, entry]) => {
      const { answer, since } = entry as { answer?: keyof typeof catalogue; since?: string }
      return answer && (catalogue[answer].since ?? '1.1') > (since ?? '1.1')
    })
    expect(late.map(([name]) => name)).toEqual([...answeredByStatusOnce])
  })
})

describe('negotiation (CSP 6.9)', () => {
  it.each(versions)('is capabilities, then services, in %s', async version => {
    for (const syntax of ['xml', 'wbxml'] as const) {
      const server = new ScriptedServer()
      server.agreed = { serverPollMin: 7, supportedBearers: ['HTTP'], ...(version !== '1.2' && { multiTrans: 2 }) }
      server.on('ServiceRequest', () => ({
        name: 'ServiceResponse',
        body: { functions: { imFeat: { imSendFunc: { mdeliv: true } } } },
      }))
      const session = await login(server, { version, syntax })
      const agreed = await session.negotiate()
      expect(server.namesSeen().slice(2)).toEqual(['ClientCapabilityRequest', 'ServiceRequest'])
      expect(agreed).toMatchObject({
        serverPollMinSeconds: 7,
        multiTrans: version === '1.2' ? 4 : 2,
        multiTransPerMessage: 4,
        notAvailable: { imFeat: { imSendFunc: { mdeliv: true } } },
      })
      expect(session.isAgreed('imFeat', 'imReceiveFunc', 'newm')).toBe(true)
      expect(session.isAgreed('imFeat', 'imSendFunc', 'mdeliv')).toBe(false)
      const asked = server.seen[2]?.primitive?.body as { capabilityList: { acceptedTransferEncodings: string[] } }
      expect(asked.capabilityList.acceptedTransferEncodings).toEqual(syntax === 'xml' ? ['BASE64'] : [])
    }
  })
})

describe('what was agreed', () => {
  const imFeat = { imSendFunc: { mdeliv: true } } as const
  it.each([
    [{ imFeat }, undefined, true],
    [{ imFeat }, {}, true],
    [{ imFeat: {} }, {}, true],
    [{ imFeat: {} }, { imFeat }, false],
    [{ imFeat }, { imFeat: {} }, false],
    [{ imFeat: { imAuthFunc: {} } }, {}, false],
    [{ groupFeat: {} }, {}, false],
  ])('wanting %j, without %j: delivery reports are there: %s', async (services, functions, isThere) => {
    const server = new ScriptedServer()
    server.on('ServiceRequest', () => ({ name: 'ServiceResponse', body: { functions } }))
    const session = await login(server)
    await session.negotiate({ services })
    expect(session.isAgreed('imFeat', 'imSendFunc', 'mdeliv')).toBe(isThere)
  })
})

describe('the end of a session', () => {
  it('comes with logout', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    await session.negotiate()
    const reading = session.originated().next()
    await session.logout()
    expect(await reading).toEqual({ done: true, value: undefined })
    expect((await session.ended).reason).toBe('logout')
    await expect(session.request('GetListRequest', {})).rejects.toBeInstanceOf(SessionEnded)
    expect(server.namesSeen().at(-1)).toBe('LogoutRequest')
  })

  it('comes with Disconnect, which is not answered', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    await session.negotiate()
    const reading = session.originated().next()
    server.push({ name: 'Disconnect', body: { result: { code: 601 } } })
    await expect(reading).rejects.toMatchObject({ name: 'SessionEnded', reason: 'disconnected', code: 601 })
    await pause(20)
    expect(server.seen.filter(({ mode }) => mode === 'Response')).toEqual([])
  })

  it('comes with 604 in answer to anything', async () => {
    const server = new ScriptedServer()
    const session = await login(server)
    server.on('GetListRequest', () => failure(604))
    await expect(session.request('GetListRequest', {})).rejects.toMatchObject({ name: 'InvalidSession' })
    expect(await session.ended).toMatchObject({ reason: 'disconnected', code: 604 })
  })

  it('is not the end for who resumes', async () => {
    const server = new ScriptedServer()
    const first = await login(server)
    await first.negotiate()
    first.close()
    const ticket = JSON.parse(JSON.stringify(first.ticket))
    const session = Session.resume({ connection: connect(options(server)), ...ticket })
    sessions.push(session)
    server.push(newMessage('m1', 'still there'))
    for await (const { text } of session.messaging.messages()) {
      expect(text).toBe('still there')
      break
    }
    await session.request('KeepAliveRequest', {})
    expect(server.namesSeen().filter(name => name === 'LoginRequest')).toHaveLength(2)
    expect(requestIds(server)).not.toContain(Number(server.seen.at(-1)?.id))
    expect(server.messages.at(-1)?.sessionId).toBe(server.sessionId)
  })
})

describe('keeping alive (CSP 6.7)', () => {
  it('does not turn into a flood where the server says 0', async () => {
    const server = new ScriptedServer()
    server.keepAliveTime = 0
    await login(server)
    await pause(900)
    expect(server.namesSeen().filter(name => name === 'KeepAliveRequest').length).toBeLessThan(3)
  })

  it('happens before the time runs out', async () => {
    const server = new ScriptedServer()
    server.keepAliveTime = 1
    await login(server)
    await pause(900)
    expect(server.namesSeen()).toContain('KeepAliveRequest')
  })
})
