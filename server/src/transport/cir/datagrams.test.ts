import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Store } from '../../store/store.ts'
import { silentLog } from '../../telemetry/log.ts'
import type { PhoneOptions } from '../../testing/phone.ts'
import { openVillage, type VillageOptions } from '../../testing/village.ts'
import { createDatagrams, wapPush } from './datagrams.ts'

const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A phone's own port. */
class Port {
  readonly socket: Socket = createSocket('udp4')
  readonly #came: string[] = []
  #look = () => {}

  async open() {
    this.socket.on('message', octets => {
      this.#came.push(octets.toString())
      this.#look()
    })
    this.socket.bind(0, '127.0.0.1')
    await once(this.socket, 'listening')
    undo.push(() => this.socket.close())
    return this
  }

  get number() {
    return this.socket.address().port
  }

  async next(): Promise<string> {
    while (this.#came.length === 0)
      await new Promise<void>(resolve => {
        this.#look = resolve
      })
    return this.#came.shift()!
  }
}

const open = async (options: VillageOptions = {}) => {
  const village = await openVillage(options)
  const { cir } = village.core
  const datagrams = await createDatagrams({ cir, log: silentLog(), host: '127.0.0.1', port: 0 })
  undo.push(() => datagrams.close())
  const phone = await new Port().open()
  const alice = await village.ready('alice')
  const ready = (more: PhoneOptions) => village.ready('bob', { address: '127.0.0.1', cirMethods: ['SUDP'], ...more })
  const hello = (text: string) => phone.socket.send(text, datagrams.port, '127.0.0.1')
  return { village, datagrams, phone, alice, ready, hello }
}

describe('SUDP', () => {
  it('sends one datagram to the port that was asked for, where the client negotiated from', async () => {
    const { phone, alice, ready } = await open()
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1']) {
      const bob = await ready({ udpPort: phone.number, address, version: '1.1' })
      expect(bob.agreed).toMatchObject({ supportedCirMethods: ['SUDP'] })
      await alice.send('bob', 'hello')
      expect(await phone.next()).toBe('WVCI 1.1 cookie-of-bob')
      await bob.texts()
    }
  })

  it('learns from a HELO where a client behind a router is, and tells it at once of what waits', async () => {
    const { datagrams, phone, alice, ready, hello } = await open()
    const bob = await ready({ udpPort: 0, version: '1.3' })
    expect(bob.agreed).toMatchObject({ udpAddress: 'im.example.com', udpPort: datagrams.port })
    await alice.send('bob', 'early')
    hello(`HELO ${bob.sessionId}\r\n`)
    expect([await phone.next(), await phone.next()]).toEqual(['OK', 'WVCI 1.3 cookie-of-bob'])
  })

  it('is silent to wrong ids, to anything else, and to who repeats itself too fast', async () => {
    const { village, phone, alice, ready, hello } = await open()
    const bob = await ready({ udpPort: 0, version: '1.3' })
    const fixed = await village.ready('carol', { cirMethods: ['SUDP'], udpPort: 9, version: '1.3' })
    const noise = ['HELO nobody', 'PING', '', `HELO ${fixed.sessionId}`, `HELO ${bob.sessionId} ${'x'.repeat(600)}`]
    for (const text of noise) hello(text)
    for (let i = 0; i < 5; i++) hello(`HELO ${bob.sessionId}`)
    expect(await phone.next()).toBe('OK')
    await alice.send('bob', 'hello')
    expect(await phone.next()).toBe('WVCI 1.3 cookie-of-bob')
  })

  it('goes nowhere before the HELO, so that another way can be used', async () => {
    const { village, ready } = await open()
    await ready({ udpPort: 0, version: '1.3' })
    const session = village.core.sessions.ofUser('wv:bob@example.com')[0]!
    expect(village.core.cir.methods.get('SUDP')?.knock(session, 'WVCI 1.3 x')).toBe(false)
  })

  it('looks up so many Session-IDs at a time, wherever they seem to come from, and hears others after that', async () => {
    let looks = 0
    let go = () => {}
    const held = new Promise<void>(resolve => (go = resolve))
    const around = (store: Store): Store => ({
      ...store,
      sessions: {
        ...store.sessions,
        find: async idDigest => {
          if (looks++ < 64) await held
          return store.sessions.find(idDigest)
        },
      },
    })
    const { phone, ready, hello } = await open({ around })
    const bob = await ready({ version: '1.3', udpPort: 0 })
    looks = 0
    for (let n = 0; n < 300; n++) hello(`HELO guess-${n}`)
    while (looks < 64) await setTimeout(5)
    hello(`HELO ${bob.sessionId}`)
    await setTimeout(50)
    expect(looks).toBe(64)
    go()
    const heard = phone.next()
    while ((await Promise.race([heard, setTimeout(20)])) === undefined) hello(`HELO ${bob.sessionId}`)
    expect(await heard).toBe('OK')
  })

  it('is agreed on only with a port it can be sent to', async () => {
    const { ready } = await open()
    const methods = async (more: PhoneOptions) => (await ready(more)).agreed?.supportedCirMethods
    expect(await methods({ udpPort: 0, version: '1.2' })).toEqual([]) // nobody could tell it where to say HELO
    expect(await methods({ udpPort: 70_000, version: '1.2' })).toEqual([])
    expect(await methods({ version: '1.2' })).toEqual(['SUDP'])
  })
})

describe('WAPUDP', () => {
  it('is agreed on and sent', async () => {
    const { village, ready } = await open()
    const bob = await ready({ cirMethods: ['WAPUDP'], version: '1.2' })
    expect(bob.agreed?.supportedCirMethods).toEqual(['WAPUDP'])
    const session = village.core.sessions.ofUser('wv:bob@example.com')[0]!
    expect(village.core.cir.methods.get('WAPUDP')?.knock(session, 'WVCI 1.2 x')).toBe(true)
  })

  it('is a WSP push of the type and application of CIR', () => {
    expect(Buffer.from(wapPush(7, 'WVCI 1.2 x')).toString('hex')).toBe('070603c6af8a5756434920312e322078')
  })
})
