import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type RequestOptions, type Server } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Inbound } from '../../csp/engine.ts'
import type { Receive } from '../../csp/receive.ts'
import { StoreUnavailable } from '../../store/database.ts'
import { createLog, silentLog } from '../../telemetry/log.ts'
import { certificate } from '../../testing/certificate.ts'
import { openVillage } from '../../testing/village.ts'
import { createHttpListener, type HttpOptions } from './listener.ts'

const xml = 'application/vnd.wv.csp.xml'
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  }
})

const listen = async (receive: Receive, more: Partial<HttpOptions> = {}) => {
  const server = createHttpListener({ receive, log: silentLog(), maxBodyBytes: 1000, ...more })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/** Answers every request with its own body, and keeps what came. */
const echo = () => {
  const came: Inbound[] = []
  const receive: Receive = async inbound => {
    came.push(inbound)
    return { status: 200, contentType: inbound.contentType, body: inbound.body }
  }
  return { came, receive }
}

const post = async (port: number, body: string | Buffer, options: RequestOptions = {}) => {
  const send = options.protocol === 'https:' ? httpsRequest : httpRequest
  const request = send({ port, host: '127.0.0.1', method: 'POST', path: '/imps', agent: false, ...options })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }
}

/** Writes octets on a bare socket; resolves to all that came back once the server has closed it. */
const raw = async (port: number, ...parts: string[]) => {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.on('data', chunk => {
    received += chunk
  })
  socket.on('error', () => {})
  for (const part of parts) socket.write(part)
  await once(socket, 'close')
  return received
}

const withType = (type: string) => ({ headers: { 'content-type': type } })

describe('The HTTP binding', () => {
  it('hands over the body with where it came from, and answers in the media type of the request', async () => {
    const { came, receive } = echo()
    const { port } = await listen(receive)
    const type = 'application/vnd.wv.csp.xml; charset=utf-8'
    const answer = await post(port, 'hello', withType(type))
    expect(answer).toMatchObject({ status: 200, body: 'hello' })
    expect(answer.headers).toMatchObject({ 'content-type': type, 'content-length': '5' })
    expect(came[0]).toMatchObject({ contentType: type, peer: { address: '127.0.0.1', isSecure: false } })
  })

  it.each(['/', '/imps', '/?x=1', '/imps?x=1', 'http://imps.example.com/imps', 'http://imps.example.com'])(
    'is heard on %s',
    async path => {
      const { port } = await listen(echo().receive)
      expect(await post(port, 'hello', { path, ...withType(xml) })).toMatchObject({ status: 200 })
    },
  )

  it('404 on other paths, 405 for other methods', async () => {
    const { port } = await listen(echo().receive)
    expect(await post(port, 'hello', { path: '/other', ...withType(xml) })).toMatchObject({ status: 404, body: '' })
    const got = await post(port, '', { method: 'GET' })
    expect(got).toMatchObject({ status: 405, body: '', headers: { allow: 'POST', 'content-length': '0' } })
  })

  it.each([
    'application/vnd.wv.csp.xml',
    'application/vnd.wv.csp+wbxml; charset=UTF-8',
    'APPLICATION/VND.WV.CSP.WBXML',
    'text/xml',
    'application/octet-stream',
    'text/plain',
  ])('takes the type %s', async type => {
    const { port } = await listen(echo().receive)
    expect(await post(port, 'hello', withType(type))).toMatchObject({ status: 200, headers: { 'content-type': type } })
  })

  it('takes a body without a type, and 415 for what is surely something else', async () => {
    const { port } = await listen(echo().receive)
    expect(await post(port, 'hello')).toMatchObject({ status: 200 })
    expect(await post(port, 'hello', withType('image/png'))).toMatchObject({ status: 415, body: '' })
  })

  it('states the length of an empty body, and no type for it', async () => {
    const { port } = await listen(async () => ({ status: 200, contentType: xml, body: '' }))
    const { status, headers } = await post(port, 'hello', withType(xml))
    expect(status).toBe(200)
    expect(headers['content-length']).toBe('0')
    expect(headers).not.toHaveProperty('transfer-encoding')
    expect(headers).not.toHaveProperty('content-type')
  })

  it('413 for a body that is announced as too long, before it is sent', async () => {
    const { came, receive } = echo()
    const { port } = await listen(receive)
    const answer = await raw(
      port,
      `POST /imps HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\nContent-Length: 1001\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(answer).toMatch(/Connection: close/i)
    expect(came).toEqual([])
  })

  it('413 for a body in chunks that turns out too long; 1000 octets are not', async () => {
    const { came, receive } = echo()
    const { port } = await listen(receive)
    const head = `POST /imps HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\nTransfer-Encoding: chunked\r\n\r\n`
    const answer = await raw(port, head, `1f4\r\n${'x'.repeat(500)}\r\n1f5\r\n${'x'.repeat(501)}\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(came).toEqual([])
    expect(await post(port, 'x'.repeat(1000), withType(xml))).toMatchObject({ status: 200 })
  })

  it('sends 100 Continue to those who wait for it', async () => {
    const { port } = await listen(echo().receive)
    const request = httpRequest({
      port,
      method: 'POST',
      path: '/',
      headers: { 'content-type': xml, expect: '100-continue' },
    })
    request.flushHeaders()
    await once(request, 'continue')
    request.end('hello')
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(200)
    response.resume()
  })

  it('speaks HTTP/1.0, and closes where it is asked to', async () => {
    const { port } = await listen(echo().receive)
    const head = `Content-Type: ${xml}\r\nContent-Length: 5\r\n`
    const old = await raw(port, `POST / HTTP/1.0\r\n${head}\r\nhello`)
    expect(old).toMatch(/^HTTP\/1.1 200 [\s\S]*Content-Length: 5\r\n[\s\S]*\r\n\r\nhello$/)
    const closing = await raw(port, `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${head}\r\nhello`)
    expect(closing).toMatch(/Connection: close[\s\S]*\r\n\r\nhello$/)
  })

  it('answers several requests on one connection, in their order', async () => {
    const { port } = await listen(echo().receive)
    const one = (text: string, more = '') =>
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\n${more}Content-Length: 3\r\n\r\n${text}`
    const answer = await raw(port, one('one') + one('two', 'Connection: close\r\n'))
    expect(answer).toMatch(/one[\s\S]*two$/)
  })

  it.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n'],
    ['the same length twice', 'Content-Length: 5\r\nContent-Length: 5\r\n'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
    ['a length that is no number', 'Content-Length: five\r\n'],
  ])('400 for %s', async (_, lengths) => {
    const { came, receive } = echo()
    const { port } = await listen(receive)
    const answer = await raw(port, `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\n${lengths}\r\nhello`)
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(came).toEqual([])
  })

  it('500 for what nobody expected, without a word about it but in the log', async () => {
    let logged = ''
    const log = createLog({ level: 'error', to: { write: (line: string) => void (logged += line) } })
    const failing: Receive = async () => {
      throw new Error('the secret is plover')
    }
    const { port } = await listen(failing, { log })
    expect(await post(port, 'hello', withType(xml))).toMatchObject({ status: 500, body: '' })
    expect(logged).toContain('could not be answered')
    expect(logged).not.toContain('plover')
  })

  it('503 while the store is away', async () => {
    const { port } = await listen(async () => {
      throw new StoreUnavailable('no disk')
    })
    expect(await post(port, 'hello', withType(xml))).toMatchObject({ status: 503, body: '' })
  })
})

describe('Slow and broken clients', () => {
  const limits = { headers: 150, request: 300, idle: 100, look: 50 }

  it('are closed while their headers do not come', async () => {
    const { port } = await listen(echo().receive, { limits })
    expect(await raw(port, 'POST / HTTP/1.1\r\nHost:')).toMatch(/^HTTP\/1.1 408 |^$/)
  })

  it('are closed while their body does not come', async () => {
    const { came, receive } = echo()
    const { port } = await listen(receive, { limits })
    const answer = await raw(port, `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\nContent-Length: 9\r\n\r\nhel`)
    expect(answer).toMatch(/^HTTP\/1.1 408 |^$/)
    expect(came).toEqual([])
  })

  it('are closed when they do not read what they asked for', async () => {
    const body = 'x'.repeat(16_000_000)
    const happened: string[] = []
    const receive: Receive = async () => ({
      status: 200,
      contentType: xml,
      body,
      onLost: () => void happened.push('lost'),
    })
    const { port } = await listen(receive, { limits: { ...limits, still: 300 } })
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\nContent-Length: 5\r\n\r\nhello`)
    socket.pause()
    while (happened.length === 0) await new Promise(resolve => setTimeout(resolve, 20))
    socket.destroy()
  })

  it('have so many connections, and others when those are gone', async () => {
    const { port } = await listen(echo().receive, { limits: { connections: 2 } })
    const held = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
    await Promise.all(held.map(socket => once(socket, 'connect')))
    await expect(post(port, 'hello', withType(xml))).rejects.toThrow()
    const gone = once(held[0]!, 'close')
    held[0]!.destroy()
    await gone
    for (let status = 0; status !== 200; )
      status = (await post(port, 'hello', withType(xml)).catch(() => ({ status: 0 }))).status ?? 0
  })

  it('are closed when they have been idle', async () => {
    const { port } = await listen(echo().receive, { limits })
    const request = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\nContent-Length: 5\r\n\r\nhello`
    expect(await raw(port, request)).toMatch(/^HTTP\/1.1 200 /)
  })

  it('that hang up while they are served are known to be gone, and told lost what they did not get', async () => {
    const happened: string[] = []
    let finish = () => {}
    const { server, port } = await listen(async ({ onGone }) => {
      onGone?.(() => happened.push('gone'))
      await new Promise<void>(resolve => (finish = resolve))
      return { status: 200, contentType: xml, body: 'x', onLost: () => void happened.push('lost') }
    })
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\nContent-Length: 5\r\n\r\nhello`)
    await once(server, 'request')
    await new Promise(resolve => setTimeout(resolve, 20))
    socket.destroy()
    await expect.poll(() => happened).toEqual(['gone'])
    finish()
    await expect.poll(() => happened).toEqual(['gone', 'lost'])
  })

  it('that got all of it lost nothing', async () => {
    const happened: string[] = []
    const { port } = await listen(async ({ onGone }) => {
      onGone?.(() => happened.push('gone'))
      return {
        ...{ status: 200, contentType: xml, body: 'x' },
        onLost: () => void happened.push('lost'),
        onSent: () => void happened.push('sent'),
      }
    })
    await post(port, 'hello', withType(xml))
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(happened).toEqual(['sent'])
  })

  it('that hang up before their login is answered can log in again at once', async () => {
    const village = await openVillage()
    let begun = () => {}
    let finish = () => {}
    const isBegun = new Promise<void>(resolve => (begun = resolve))
    const isFinished = new Promise<void>(resolve => (finish = resolve))
    const { port } = await listen(async inbound => {
      const outbound = await village.core.receive(inbound)
      begun()
      await isFinished
      return outbound
    })
    const phone = village.phone('alice', { version: '1.3' })
    const primitive = { name: 'LoginRequest', body: phone.loginBody({ password: phone.password }) } as const
    const login = String(phone.write([{ mode: 'Request', id: '1', primitive }]))
    const socket = connect(port, '127.0.0.1')
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\nContent-Length: ${login.length}\r\n\r\n${login}`,
    )
    await isBegun
    expect(village.core.sessions.size).toBe(1)
    socket.destroy()
    await new Promise(resolve => setTimeout(resolve, 20))
    finish()
    await expect.poll(() => village.core.sessions.size).toBe(0)
    expect((await post(port, login, withType(xml))).body).toContain('<Code>200</Code>')
  })

  it('get the message that was lost with their connection from the next poll', async () => {
    const village = await openVillage({ config: { 'poll.holdSeconds': 18 } })
    const { port } = await listen(inbound => village.core.receive(inbound), { maxBodyBytes: 100_000 })
    const [alice, bob] = [await village.ready('alice', { version: '1.3', multiTrans: 2 }), await village.ready('bob')]
    const poll = String(alice.write([{ mode: 'Request', primitive: { name: 'PollingRequest', body: {} } }]))
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${xml}\r\nContent-Length: ${poll.length}\r\n\r\n${poll}`)
    await expect.poll(() => session?.releasePoll).toBeDefined()
    socket.destroy()
    await expect.poll(() => session?.releasePoll).toBeUndefined()
    await bob.send('alice', 'hello')
    expect((await post(port, poll, withType(xml))).body).toContain('hello')
  })
})

describe('The listener with TLS', () => {
  it('knows that nobody can read along', async () => {
    const { came, receive } = echo()
    const { port } = await listen(receive, { tls: certificate })
    const options = { protocol: 'https:', rejectUnauthorized: false, ...withType(xml) } as RequestOptions
    expect(await post(port, 'hello', options)).toMatchObject({ status: 200, body: 'hello' })
    expect(came[0]?.peer.isSecure).toBe(true)
  })

  it('does not answer who speaks in clear', async () => {
    const { came, receive } = echo()
    const { port } = await listen(receive, { tls: certificate })
    await expect(post(port, 'hello', withType(xml))).rejects.toThrow()
    expect(came).toEqual([])
  })
})

describe('SHTTP and the name of the server', () => {
  const shttp = { ask: async (token: string) => (token === 'known' ? (200 as const) : (404 as const)) }

  it('answers a GET below /cir/ with a status alone', async () => {
    const { port } = await listen(echo().receive, { shttp })
    const answer = await post(port, '', { method: 'GET', path: '/cir/known?x=1' })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers).toMatchObject({ 'content-length': '0', 'cache-control': 'no-store' })
    expect((await post(port, '', { method: 'GET', path: '/cir/other' })).status).toBe(404)
    const wrong = await post(port, '', { path: '/cir/known' })
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET'])
  })

  it('tells how the client calls this server, and where it names nothing sound the address it reached', async () => {
    const { came, receive } = echo()
    const origins: unknown[] = []
    const { port } = await listen(inbound => {
      origins.push(inbound.peer.origin)
      return receive(inbound)
    })
    const headers = { 'Content-Type': xml }
    for (const host of ['im.example.com', '[::1]:90', 'evil.example/path', 'a b', 'x:99999'])
      await post(port, 'x', { headers: { ...headers, Host: host } })
    expect(origins).toEqual([
      'http://im.example.com',
      'http://[::1]:90',
      `http://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}`,
    ])
    // Whoever has hung up meanwhile is told of no address.
    expect(came.map(({ peer }) => peer.origin).slice(1, 3)).toEqual(['http://[::1]:90', undefined])
  })
})
