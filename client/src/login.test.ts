import { type Syntax, type Version, versions } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { failure, password, ScriptedServer } from '../test/scripted-server.ts'
import { connect } from './connection.ts'
import { RequestFailed, TransportFailed, UnexpectedAnswer } from './failures.ts'

const userId = 'wv:alice@village.local'
const open = (server: ScriptedServer, version: Version = '1.3', syntax: Syntax = 'wbxml') =>
  connect({ url: 'http://village.test/imps', version, syntax, fetch: server.fetch, answerMilliseconds: 500 })

const combinations = versions.flatMap(version => (['xml', 'wbxml'] as const).map(syntax => [version, syntax] as const))

describe('logging in (CSP 6.4)', () => {
  it.each(combinations)('with the password, in %s %s', async (version, syntax) => {
    const server = new ScriptedServer()
    const session = await open(server, version, syntax).login({ userId, password, method: 'password' })
    expect(session.sessionId).toBe(server.sessionId)
    expect(session.ticket.keepAliveSeconds).toBe(3600)
    expect(server.messages[0]).toMatchObject({ version, syntax, sessionId: undefined })
    expect(server.seen).toHaveLength(1)
    expect(server.seen[0]?.primitive?.body).toMatchObject({ password, timeToLive: 3600 })
    session.close()
  })

  it.each(combinations.flatMap(c => ['SHA', 'MD5', 'MD4'].map(schema => [...c, schema] as const)))(
    'with a digest, in %s %s %s',
    async (version, syntax, schema) => {
      const server = new ScriptedServer()
      server.digestSchema = schema
      const session = await open(server, version, syntax).login({ userId, password })
      expect(session.sessionId).toBe(server.sessionId)
      const [first, second] = server.seen
      expect(second?.id).toBe(first?.id)
      expect(JSON.stringify(server.seen.map(({ primitive }) => primitive))).not.toContain('secret')
      session.close()
    },
  )

  it('goes on with a digest where the password is not taken, started by the server or not', async () => {
    for (const start of [{}, { nonce: 'nonce-1', digestSchema: 'MD5' }]) {
      const server = new ScriptedServer()
      server.digestSchema = 'MD5'
      const usual = server.scriptFor('LoginRequest')
      server.on('LoginRequest', (body, ...rest) =>
        body.password === undefined
          ? usual(body, ...rest)
          : { name: 'LoginResponse', body: { clientId: body.clientId, result: { code: 401 }, ...start } },
      )
      const session = await open(server).login({ userId, password, method: 'password' })
      expect(session.sessionId).toBe(server.sessionId)
      expect(server.seen).toHaveLength('nonce' in start ? 2 : 3)
      session.close()
    }
  })

  it('takes a session given after the first step (CSP 6.4.3)', async () => {
    const server = new ScriptedServer()
    server.on('LoginRequest', ({ clientId }) => ({
      name: 'LoginResponse',
      body: { clientId, result: { code: 200 }, sessionId: 'known-by-number', keepAliveTime: 60 },
    }))
    const session = await open(server).login({ userId, password })
    expect(session.sessionId).toBe('known-by-number')
    session.close()
  })

  it('takes the User-ID and the password it is given with a new account (CSP 6.5)', async () => {
    const server = new ScriptedServer()
    const made = { userId: 'wv:alice7@village.local', password: 'made-up' }
    const opened = { sessionId: server.sessionId, keepAliveTime: 60, capabilityRequest: true }
    server.on('LoginRequest', ({ clientId }) => ({
      name: 'LoginResponse',
      body: { clientId, result: { code: 200 }, ...made, ...opened },
    }))
    const session = await open(server).login({ userId, password, method: 'password' })
    expect(session.registered).toEqual(made)
    expect(session.userId).toBe(made.userId)
    expect(JSON.stringify(session.ticket)).not.toContain('made-up')
    session.close()
  })

  it('names the session to be re-established where each version has it', async () => {
    for (const version of versions) {
      const server = new ScriptedServer()
      const session = await open(server, version).login({ userId, password, resume: 'old' })
      expect(server.messages[0]?.sessionId).toBe(version === '1.3' ? undefined : 'old')
      const body = server.seen[0]?.primitive?.body
      expect(body && 'sessionId' in body ? body.sessionId : undefined).toBe(version === '1.3' ? 'old' : undefined)
      session.close()
    }
  })
})

describe('a login that fails', () => {
  it('says why', async () => {
    const server = new ScriptedServer()
    const login = open(server).login({ userId, password: 'wrong' })
    await expect(login).rejects.toBeInstanceOf(RequestFailed)
    await expect(login).rejects.toMatchObject({ name: 'InvalidPassword', code: 409, request: 'LoginRequest' })
  })

  it.each([436, 903])('hands on what is to be answered first (%s)', async code => {
    const server = new ScriptedServer()
    const systemMessages = [{ systemMessageId: 'terms', requiresResponse: true, systemMessageText: 'Be kind' }]
    server.on('LoginRequest', ({ clientId }) => ({
      name: 'LoginResponse',
      body: { clientId, result: { code, systemMessages } },
    }))
    const asked = { id: 'terms', text: 'Be kind', isAnswerRequired: true }
    await expect(open(server).login({ userId, password })).rejects.toMatchObject({ code, systemMessages: [asked] })
  })

  it.each([436, 903])('asks whoever can answer what stands in its way, and tells the server (%s)', async code => {
    for (const method of ['digest', 'password'] as const) {
      const server = new ScriptedServer()
      const usual = server.scriptFor('LoginRequest')
      const systemMessages = [{ systemMessageId: 'terms', systemMessageText: 'Be kind' }]
      server.on('LoginRequest', (body, ...rest) =>
        body.systemMessageResponses === undefined
          ? { name: 'LoginResponse', body: { clientId: body.clientId, result: { code, systemMessages } } }
          : usual(body, ...rest),
      )
      const onSystemMessages = async () => [{ id: 'terms', option: 1 }]
      const session = await open(server).login({ userId, password, method, onSystemMessages })
      expect(server.seen[1]?.primitive?.body).toMatchObject({
        systemMessageResponses: [{ systemMessageId: 'terms', chosenOptionId: 1 }],
      })
      session.close()
    }
  })

  it('is told by a Status as well', async () => {
    const server = new ScriptedServer()
    server.on('LoginRequest', () => failure(505))
    await expect(open(server).login({ userId, password })).rejects.toMatchObject({ name: 'VersionNotSupported' })
  })

  it('is not repeated when the answer is lost', async () => {
    const server = new ScriptedServer()
    server.on('LoginRequest', () => 'lost')
    await expect(open(server).login({ userId, password })).rejects.toBeInstanceOf(TransportFailed)
    expect(server.seen).toHaveLength(1)
  })

  it('does not send the password to a server that asks for it instead of a digest', async () => {
    const server = new ScriptedServer()
    server.on('LoginRequest', ({ clientId }) => ({
      name: 'LoginResponse',
      body: { clientId, result: { code: 200 }, nonce: 'n', digestSchema: 'PWD' },
    }))
    await expect(open(server).login({ userId, password })).rejects.toBeInstanceOf(UnexpectedAnswer)
    expect(server.seen).toHaveLength(1)
  })

  it('reports a server that is none', async () => {
    const fetch = async () => new Response('<html></html>', { status: 200 })
    const login = connect({ url: 'http://x.test/', fetch }).login({ userId, password })
    await expect(login).rejects.toMatchObject({ name: 'TransportFailed', isPassing: false })
  })
})
