import { afterEach, describe, expect, it } from 'vitest'
import { newMessage, password, ScriptedServer } from '../test/scripted-server.ts'
import { connect } from './connection.ts'
import type { Session } from './session.ts'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

const tick = () => new Promise(resolve => setTimeout(resolve, 5))
const wakeUpUrl = 'http://village.test/cir/token'

/** A server that answers polls at once, and questions when it is told to. */
async function open(agreed: ScriptedServer['agreed'] = { supportedCirMethods: ['SHTTP'], cirHttpAddress: wakeUpUrl }) {
  const server = new ScriptedServer()
  server.holdMilliseconds = 0
  server.agreed = { serverPollMin: 3600, ...agreed }
  const order: string[] = []
  const asked: ((status: number) => void)[] = []
  const call = async (status: number) => {
    while (asked.length === 0) await tick()
    asked.shift()!(status)
  }
  const fetchBoth: typeof fetch = (url, init) => {
    if (url !== wakeUpUrl) return server.fetch(url, init)
    order.push('asked')
    return new Promise((resolve, reject) => {
      asked.push(status => resolve(new Response(null, { status })))
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  }
  const session = await connect({ url: 'http://village.test/imps', fetch: fetchBoth }).login({
    userId: 'wv:alice@village.local',
    password,
  })
  sessions.push(session)
  return { server, session, order, call }
}

const one = { capabilities: { multiTrans: 1 } }

describe('waking up over HTTP', () => {
  it('brings a message to a client that would not poll for a long time', async () => {
    const { server, session, call } = await open()
    const agreed = await session.negotiate(one)
    expect(agreed.wakeUpUrl).toBe(wakeUpUrl)
    while (server.polls === 0) await tick()
    server.push(newMessage('m1', 'hello'))
    await call(200)
    for await (const { text } of session.messaging.messages()) {
      expect(text).toBe('hello')
      break
    }
  })

  it('is asked for where polls cannot be held, and not otherwise unless it is wished for', async () => {
    const { server, session } = await open({})
    const wanted = () => {
      const primitive = server.seen.at(-2)?.primitive
      return primitive?.name === 'ClientCapabilityRequest' && primitive.body.capabilityList?.supportedCirMethods
    }
    await session.negotiate(one)
    expect(wanted()).toEqual(['SHTTP'])
    await session.negotiate()
    expect(wanted()).toEqual([])
    await session.negotiate({ capabilities: { supportedCirMethods: ['SHTTP'] } })
    expect(wanted()).toEqual(['SHTTP'])
  })

  it('asks nowhere but at an HTTP address that was agreed on', async () => {
    for (const agreed of [
      { cirHttpAddress: wakeUpUrl },
      { supportedCirMethods: ['SHTTP'], cirHttpAddress: 'file:///etc/passwd' },
      { supportedCirMethods: ['SHTTP'] },
    ]) {
      const { session, order } = await open(agreed)
      expect((await session.negotiate(one)).wakeUpUrl).toBeUndefined()
      expect(order).toEqual([])
    }
  })

  it('polls once when the server knows nothing of the session any more, to hear why', async () => {
    const { server, session, call } = await open()
    await session.negotiate(one)
    while (server.polls === 0) await tick()
    const before = server.polls
    server.on('PollingRequest', () => ({
      transactions: [{ mode: 'Request', id: 'd', primitive: { name: 'Disconnect', body: { result: { code: 600 } } } }],
    }))
    await call(404)
    expect((await session.ended).reason).toBe('disconnected')
    expect(server.polls).toBe(before + 1)
  })
})
