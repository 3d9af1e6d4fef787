import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { addUsers, freePort, password, ServerProcess } from '../../server/test/process/server-process.ts'
import { connect } from './connection.ts'
import type { Session } from './session.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A real server, and what a `fetch` through it has met with: requests that failed, and questions of the channel. */
async function open() {
  const data = mkdtempSync(join(tmpdir(), 'village-restart-'))
  undo.push(() => rmSync(data, { recursive: true }))
  // Nobody polls by the clock, so that what comes has come by the channel.
  const settings = { data, port: await freePort(), settings: { 'poll.minSeconds': '3600' } }
  await addUsers(settings, ['wv:alice@example.com', 'wv:bob@example.com'])
  let server = await ServerProcess.start(settings)
  undo.push(() => server.end('SIGTERM'))
  const seen = { failed: 0, questions: 0 }
  const fetchAndCount: typeof fetch = async (input, init) => {
    const isQuestion = init?.method !== 'POST'
    if (isQuestion) seen.questions++
    try {
      return await fetch(input, init)
    } catch (error) {
      if (!isQuestion && !init?.signal?.aborted) seen.failed++
      throw error
    }
  }
  const login = async (name: string): Promise<Session> => {
    const url = `http://127.0.0.1:${settings.port}/imps`
    const session = await connect({ url, fetch: fetchAndCount }).login({ userId: `wv:${name}@example.com`, password })
    undo.push(() => session.close())
    // With one transaction at a time polls are not held: the channel is what the client listens on.
    await session.negotiate({ capabilities: { multiTrans: 1 } })
    return session
  }
  const restart = async () => {
    expect(await server.end('SIGTERM')).toBe(0)
    await pause(200)
    server = await ServerProcess.start(settings)
  }
  return { login, restart, seen }
}

describe('a session with a channel (SHTTP) whose server is stopped and started again', () => {
  it('goes on: one request fails at most, and a message comes by the channel', { timeout: 90_000 }, async () => {
    const { login, restart, seen } = await open()
    const [alice, bob] = [await login('alice'), await login('bob')]
    expect(bob.agreed?.wakeUpUrl).toBeDefined()
    const messages = bob.messaging.messages()[Symbol.asyncIterator]()
    const next = async () => (await messages.next()).value?.text
    await alice.messaging.send({ to: 'wv:bob@example.com', text: 'before' })
    expect(await next()).toBe('before')
    while (seen.questions < 3) await pause(20)
    await pause(1500)

    await restart()
    const asked = seen.questions
    await alice.messaging.send({ to: 'wv:bob@example.com', text: 'after' })
    expect(await next()).toBe('after')
    expect(seen.questions).toBeGreaterThan(asked)
    expect(seen.failed).toBeLessThanOrEqual(1)
    await bob.messaging.send({ to: 'wv:alice@example.com', text: 'still here' })
    expect(seen.failed).toBeLessThanOrEqual(1)
  })
})
