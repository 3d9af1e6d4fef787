import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localBus } from '../src/cluster/local.ts'
import { loadConfig } from '../src/config/load.ts'
import { createCore } from '../src/core.ts'
import { createCredentials } from '../src/credentials/credentials.ts'
import { realWorld } from '../src/real-world.ts'
import { makeReady } from '../src/store/migrate.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import { storeOn } from '../src/store/store.ts'
import { silentLog } from '../src/telemetry/log.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'
import { createHttpListener } from '../src/transport/http/listener.ts'
import { HttpPhone } from './process/http-phone.ts'
import { addUsers, freePort, password, ServerProcess, type ServerSettings } from './process/server-process.ts'

const romeo = 'wv:romeo@example.com'
const juliet = 'wv:juliet@example.com'

let folder: string
let endings: (() => unknown)[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'village-faults-'))
  endings = [() => rmSync(folder, { recursive: true })]
})
afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

const texts = (phone: HttpPhone) => phone.received.map(({ text }) => text)

/** A server in this process, on a database whose size can be limited as a full disk would. */
const serverWithDisk = async () => {
  const database = openSqlite({ file: join(folder, 'village.db') })
  await makeReady(database, realWorld.now())
  const store = storeOn(database)
  const credentials = await createCredentials({ key: { id: 'k', bytes: new Uint8Array(32) } })
  for (const userId of [romeo, juliet]) {
    const credential = credentials.seal(userId, password)
    await store.commit(store.accounts.add({ userId, address: userId, createdAt: 0, credential }))
  }
  const { config } = loadConfig({ flags: { domains: 'example.com', 'poll.holdSeconds': '0' } })
  const [log, metrics] = [silentLog(), createMetrics()]
  const core = createCore({ world: realWorld, config, store, credentials, bus: localBus(), log, metrics, node: 'n1' })
  const http = createHttpListener({ receive: core.receive, log, maxBodyBytes: 262_144, tls: undefined })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  endings.push(async () => {
    http.closeAllConnections()
    http.close()
    metrics.close()
    await database.close()
  })
  const [{ page_count: pages } = { page_count: 0 }] = await database.read<{ page_count: number }>('PRAGMA page_count')
  const limitPages = (count: number) => database.read(`PRAGMA max_page_count = ${count}`)
  return { port: (http.address() as AddressInfo).port, pages, limitPages }
}

const phoneAt = async (port: number, user: string) => {
  const phone = new HttpPhone(user, port, '1.3', 'wbxml')
  endings.push(() => phone.close())
  await phone.logIn()
  return phone
}

describe('a full disk', () => {
  it('refuses what it cannot keep with 503, keeps what was accepted, and goes on when there is room', async () => {
    const { port, pages, limitPages } = await serverWithDisk()
    const sender = await phoneAt(port, romeo)
    const recipient = await phoneAt(port, juliet)
    await limitPages(pages + 20)
    const accepted: string[] = []
    const codes: number[] = []
    for (let count = 0; codes.length < 5; count++) {
      expect(count, 'the disk is never full').toBeLessThan(500)
      const text = `${count} ${'x'.repeat(2000)}`
      const answer = await sender.trySending(juliet, text)
      if (typeof answer === 'number') codes.push(answer)
      else if (answer.name === 'SendMessageResponse') accepted.push(text)
      else if (answer.name === 'Status') codes.push(answer.body.result.code)
    }
    expect(new Set(codes)).toEqual(new Set([503]))
    expect(accepted.length).toBeGreaterThan(5)

    await limitPages(pages + 10_000)
    const late = 'there is room again'
    expect(await sender.trySending(juliet, late)).toMatchObject({ name: 'SendMessageResponse' })
    while (await recipient.poll());
    expect(texts(recipient)).toEqual([...accepted, late])
  })
})

const settingsFor = async (settings?: Record<string, string>): Promise<ServerSettings> => {
  const found = { data: join(folder, 'data'), port: await freePort(), settings }
  await addUsers(found, [romeo, juliet])
  return found
}

const start = async (settings: ServerSettings) => {
  const server = await ServerProcess.start(settings)
  endings.push(() => server.end('SIGKILL'))
  return server
}

describe('a second server', () => {
  it('leaves a data folder alone that is in use, and says so', { timeout: 30_000 }, async () => {
    const settings = await settingsFor()
    await start(settings)
    const second = await start({ ...settings, port: await freePort() }).catch((error: Error) => error)
    expect(second).toBeInstanceOf(Error)
    const lines = (second as Error).message.trim().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(settings.data)
    expect(lines[0]).toMatch(/another|in use/)
  })
})

describe('SIGTERM', () => {
  it('answers held polls and what is under way, loses nothing, and ends with 0', { timeout: 30_000 }, async () => {
    const settings = await settingsFor()
    const server = await start(settings)
    const sender = await phoneAt(settings.port, romeo)
    const waiting = await phoneAt(settings.port, romeo.replace('romeo', 'juliet'))
    const held = waiting.hold()
    // To oneself, so that the poll of the other stays held.
    const accepted: string[] = []
    let isGoing = true
    const sending = [1, 2, 3, 4].map(async lane => {
      for (let count = 0; isGoing; count++) {
        const text = `${lane} ${count}`
        const answer = await sender.trySending(romeo, text)
        if (typeof answer === 'number') return
        if (answer.name === 'SendMessageResponse') accepted.push(text)
      }
    })
    await new Promise(done => setTimeout(done, 300))
    const begun = performance.now()
    const code = await server.end('SIGTERM')
    isGoing = false
    await Promise.all(sending)
    expect(code, server.output).toBe(0)
    expect(performance.now() - begun).toBeLessThan(4000)
    expect(await held).toEqual({ status: 200, message: undefined })
    expect(accepted.length).toBeGreaterThan(5)

    await start(settings)
    // A poll more than there is to fetch would be held until its time is over.
    for (let polls = 0; texts(sender).length < accepted.length && polls < 500; polls++) await sender.poll()
    expect(sender.sessionsLost).toBe(0)
    expect(accepted.filter(text => !texts(sender).includes(text))).toEqual([])
  })
})
