import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { openVillage } from '../../server/src/testing/village.ts'
import { fetchFrom } from '../test/core-fetch.ts'
import { connect } from './connection.ts'
import type { LoginOptions } from './login.ts'
import type { Session } from './session.ts'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

const alice = 'wv:alice@example.com'
const terms = { text: 'New terms', requiresResponse: true, options: ['I agree', 'I do not'] }
const quiz = { ...terms, options: [], verification: { text: 'Which town is this?', key: 'Village' } }

async function open() {
  const village = await openVillage()
  let polls = 0
  const asking = fetchFrom(village)
  const counting: typeof fetch = async (input, init) => {
    if (String(init!.body).includes('Polling')) {
      polls++
      // A client that polled without pause would let nothing else happen here.
      await pause(5)
    }
    return asking(input, init)
  }
  const connection = connect({ url: 'http://village.test/imps', syntax: 'xml', fetch: counting })
  const login = async (more: Partial<LoginOptions> = {}) => {
    const session = await connection.login({ userId: alice, password: 'alice-secret', ...more })
    sessions.push(session)
    await session.negotiate()
    return session
  }
  return { village, login, polls: () => polls }
}

describe('System Messages (CSP 7.1)', () => {
  it.each(['digest', 'password'] as const)('at a login by %s are answered before it', async method => {
    const { village, login } = await open()
    const { id } = await village.core.announce(quiz, [alice])
    await expect(login({ method })).rejects.toMatchObject({
      code: 436,
      systemMessages: [
        { id, text: 'New terms', isAnswerRequired: true, verification: { text: 'Which town is this?' } },
      ],
    })
    await expect(login({ method, onSystemMessages: async () => undefined })).rejects.toMatchObject({ code: 436 })
    const keys = ['Prague', 'Village']
    const session = await login({
      method,
      onSystemMessages: async ([message]) => [{ id: message!.id, key: keys.shift() }],
    })
    expect(keys).toEqual([])
    await session.request('KeepAliveRequest', {})
  })

  it('that come later stand in the way until they are answered, and are not asked for without pause', async () => {
    const { village, login, polls } = await open()
    const session = await login()
    const arriving = session.systemMessages.arriving()
    const { id } = await village.core.announce(terms, [alice])
    const { value } = await arriving.next()
    const options = [
      { id: 1, text: 'I agree' },
      { id: 2, text: 'I do not' },
    ]
    expect(value).toMatchObject([{ id, text: 'New terms', isAnswerRequired: true, options }])
    void arriving.next()
    const blocked = session.messaging.send({ to: 'wv:bob@example.com', text: 'hello' })
    await expect(blocked).rejects.toMatchObject({ code: 436, systemMessages: [{ id, options }] })
    const before = polls()
    await pause(600)
    expect(polls() - before).toBeLessThan(4)
    await expect(session.systemMessages.answer([{ id, option: 9 }])).rejects.toMatchObject({ code: 436 })
    await session.systemMessages.answer([{ id, option: 2 }])
    expect((await session.messaging.send({ to: 'wv:bob@example.com', text: 'hello' })).failed).toEqual([])
  })
})
