import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../telemetry/log.ts'
import type { Phone, PhoneOptions } from '../../testing/phone.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'
import { createStcp, type StcpOptions } from './stcp.ts'

const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const stcp of opened.splice(0)) await stcp.close()
})

const listen = async (limits: StcpOptions['limits'] = {}, publicAddress?: string) => {
  const village = await openVillage()
  const port = await serve(village, limits, publicAddress)
  const ready = (user: string, more: PhoneOptions = {}) => village.ready(user, { cirMethods: ['STCP'], ...more })
  return { village, port, ready }
}

const serve = async (village: Village, limits: StcpOptions['limits'] = {}, publicAddress?: string) => {
  const stcp = createStcp({ cir: village.core.cir, log: silentLog(), limits, publicAddress })
  opened.push(stcp)
  stcp.server.listen(0, '127.0.0.1')
  await once(stcp.server, 'listening')
  return (stcp.server.address() as AddressInfo).port
}

/** A client's end of a channel, which hands out what the server says line by line. */
class Line {
  readonly socket: Socket
  readonly #lines: string[] = []
  #isClosed = false
  #look = () => {}
  #rest = ''

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('error', () => {})
    this.socket.on('data', octets => {
      const lines = (this.#rest + octets).split('\r\n')
      this.#rest = lines.pop()!
      this.#lines.push(...lines)
      this.#look()
    })
    this.socket.on('close', () => {
      this.#isClosed = true
      this.#look()
    })
  }

  say(text: string) {
    this.socket.write(text)
  }

  /** The next line; `closed` when there is none any more. */
  async next(): Promise<string> {
    while (this.#lines.length === 0 && !this.#isClosed)
      await new Promise<void>(resolve => {
        this.#look = resolve
      })
    return this.#lines.shift() ?? 'closed'
  }

  async hello(phone: Phone): Promise<string> {
    this.say(`HELO ${phone.sessionId}\r\n`)
    return this.next()
  }
}

describe('STCP', () => {
  it.each(dialects)('tells an idle client of $version $syntax of a message', async dialect => {
    const { village, port, ready } = await listen()
    const bob = await ready('bob', dialect)
    expect(bob.agreed).toMatchObject({ supportedCirMethods: ['STCP'], tcpAddress: 'im.example.com', tcpPort: port })
    const line = new Line(port)
    expect(await line.hello(bob)).toBe('OK')
    const alice = await village.ready('alice')
    await alice.send('bob', 'hello')
    expect(await line.next()).toBe(`WVCI ${dialect.version} cookie-of-bob`)
    expect(await bob.texts()).toEqual(['hello'])
  })

  it('answers PING in any spelling, lines with or without CR, and says OK to what it does not know', async () => {
    const { port, ready } = await listen()
    const line = new Line(port)
    line.say(`helo ${(await ready('bob')).sessionId} \nPI`)
    line.say('NG \r\nping\nWHAT\r\n')
    for (let i = 0; i < 4; i++) expect(await line.next()).toBe('OK')
  })

  it('knocks right after OK where something waits already', async () => {
    const { village, port, ready } = await listen()
    const bob = await ready('bob')
    await (await village.ready('alice')).send('bob', 'early')
    const line = new Line(port)
    expect(await line.hello(bob)).toBe('OK')
    expect(await line.next()).toBe('WVCI 1.2 cookie-of-bob')
  })

  it('serves several sessions on one connection, and closes it with the last of them', async () => {
    const { village, port, ready } = await listen()
    const [bob, carol] = [await ready('bob'), await ready('carol')]
    const line = new Line(port)
    expect([await line.hello(bob), await line.hello(carol), await line.hello(bob)]).toEqual(['OK', 'OK', 'OK'])
    const alice = await village.ready('alice')
    await alice.send('carol', 'one')
    expect(await line.next()).toBe('WVCI 1.2 cookie-of-carol')
    await bob.code({ name: 'LogoutRequest', body: {} })
    line.say('PING\r\n')
    expect(await line.next()).toBe('OK')
    await carol.code({ name: 'LogoutRequest', body: {} })
    expect(await line.next()).toBe('closed')
  })

  it('lets a second connection of a session take the place of the first', async () => {
    const { village, port, ready } = await listen()
    const bob = await ready('bob')
    const [first, second] = [new Line(port), new Line(port)]
    expect(await first.hello(bob)).toBe('OK')
    expect(await second.hello(bob)).toBe('OK')
    expect(await first.next()).toBe('closed')
    await (await village.ready('alice')).send('bob', 'hello')
    expect(await second.next()).toBe('WVCI 1.2 cookie-of-bob')
  })

  it('finds a session again after a restart', async () => {
    const { village, ready } = await listen()
    const bob = await ready('bob')
    village.restart()
    const line = new Line(await serve(village))
    expect(await line.hello(bob)).toBe('OK')
    await (await village.ready('alice')).send('bob', 'hello')
    expect(await line.next()).toBe('WVCI 1.2 cookie-of-bob')
  })

  it('tells the address that it was set to tell', async () => {
    const { port, ready } = await listen({}, '203.0.113.7')
    expect((await ready('bob')).agreed).toMatchObject({ tcpAddress: '203.0.113.7', tcpPort: port })
  })

  it('has room for a thousand idle clients', async () => {
    const { village, port } = await listen()
    const lines: Line[] = []
    const cookies: string[] = []
    for (let i = 0; i < 1000; i++) {
      const user = `u${i}`
      if (i % 125 === 0) await Promise.all([...Array(125).keys()].map(n => village.add(`u${i + n}`)))
      const phone = await village.ready(user, { cirMethods: ['STCP'] })
      const line = new Line(port)
      expect(await line.hello(phone)).toBe('OK')
      lines.push(line)
      cookies.push(`WVCI 1.2 cookie-of-${user}`)
    }
    const alice = await village.ready('alice')
    for (let i = 0; i < 1000; i++) if (i % 50 === 0) await alice.send(`u${i}`, 'hello')
    for (let i = 0; i < 1000; i++) if (i % 50 === 0) expect(await lines[i]!.next()).toBe(cookies[i])
  }, 60_000)
})

describe('STCP and those who mean no good', () => {
  it('closes without a word: for unknown ids, other first words, and sessions that did not agree to it', async () => {
    const { village, port } = await listen()
    const other = await village.ready('bob')
    for (const first of ['HELO nobody', 'HELO', 'PING', '', `HELO ${other.sessionId}`, 'GET / HTTP/1.1']) {
      const line = new Line(port)
      line.say(`${first}\r\n`)
      expect(await line.next(), first).toBe('closed')
    }
  })

  it('closes when a line is too long, whether it ends or not', async () => {
    const { port, ready } = await listen()
    const bob = await ready('bob')
    for (const end of ['', '\r\n']) {
      const line = new Line(port)
      await line.hello(bob)
      line.say('x'.repeat(600) + end)
      expect(await line.next()).toBe('closed')
    }
  })

  it('closes when nobody says HELO in time, however slowly they write', async () => {
    const { port } = await listen({ hello: 100 })
    const [silent, slow] = [new Line(port), new Line(port)]
    const drip = setInterval(() => slow.say('H'), 20)
    expect([await silent.next(), await slow.next()]).toEqual(['closed', 'closed'])
    clearInterval(drip)
  })

  it('takes so many strangers from one address, and again when they have gone or are known', async () => {
    const { port, ready } = await listen({ strangers: 2 })
    const [first, second] = [new Line(port), new Line(port)]
    await Promise.all([once(first.socket, 'connect'), once(second.socket, 'connect')])
    expect(await new Line(port).next()).toBe('closed')
    expect(await first.hello(await ready('bob'))).toBe('OK')
    const third = new Line(port)
    expect(await third.hello(await ready('carol'))).toBe('OK')
    expect(await second.hello(await ready('alice'))).toBe('OK')
  })

  it('does not listen to who has guessed too often', async () => {
    const { port, ready } = await listen({ wrongIdsPerMinute: 3 })
    const known = new Line(port)
    expect(await known.hello(await ready('bob'))).toBe('OK')
    for (let guess = 0; guess < 3; guess++) {
      const line = new Line(port)
      line.say(`HELO guess-${guess}\r\n`)
      expect(await line.next()).toBe('closed')
    }
    const late = new Line(port)
    expect(await late.hello(await ready('carol'))).toBe('closed')
    known.say('PING\r\n')
    expect(await known.next()).toBe('OK')
  })

  it('takes so many connections altogether', async () => {
    const { port, ready } = await listen({ connections: 1 })
    const line = new Line(port)
    expect(await line.hello(await ready('bob'))).toBe('OK')
    expect(await new Line(port).next()).toBe('closed')
  })

  it('closes on a flood of lines, and on more sessions than one connection may have', async () => {
    const { port, ready } = await listen({ sessions: 1 })
    const bob = await ready('bob')
    const flood = new Line(port)
    await flood.hello(bob)
    flood.say('PING\r\n'.repeat(2000))
    let last = ''
    while (last !== 'closed') last = await flood.next()
    const greedy = new Line(port)
    expect([await greedy.hello(bob), await greedy.hello(await ready('carol'))]).toEqual(['OK', 'closed'])
  })

  it('forgets a client that has gone, and uses another way', async () => {
    const { village, port, ready } = await listen()
    const bob = await ready('bob')
    const session = village.core.sessions.ofUser('wv:bob@example.com')[0]!
    const method = village.core.cir.methods.get('STCP')!
    const line = new Line(port)
    await line.hello(bob)
    expect(method.isConnected?.(session)).toBe(true)
    line.socket.resetAndDestroy()
    while (method.isConnected?.(session)) await new Promise(resolve => setTimeout(resolve, 5))
    expect(method.knock(session, 'WVCI 1.2 x')).toBe(false)
  })
})
