import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/phone.ts'
import { openVillage } from '../testing/village.ts'

const alive = { name: 'KeepAliveRequest', body: {} } as const

/** A server that counts looks for sessions, and somebody who guesses, from the address of an honest phone. */
const open = async () => {
  let looks = 0
  const village = await openVillage({
    around: store => ({
      ...store,
      sessions: {
        ...store.sessions,
        find: idDigest => {
          looks++
          return store.sessions.find(idDigest)
        },
      },
    }),
  })
  const phone = await village.ready('alice')
  const guesser = village.phone('bob')
  const guess = async (sessionId: string) => {
    const { outbound, message } = await guesser.exchange([{ mode: 'Request', id: '1', primitive: alive }], {
      sessionId,
    })
    return outbound.status === 200 ? codeOf(message?.transactions[0]?.primitive) : outbound.status
  }
  const storm = async () => {
    const answers = new Map<unknown, number>()
    for (let count = 0; count < 305; count++) {
      const answer = await guess(`guess-${count}`)
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
    }
    return Object.fromEntries(answers)
  }
  return { village, phone, guess, storm, looks: () => looks }
}

describe('Session-IDs that never were', () => {
  it('are 604, and from the 300th in a minute on HTTP 503 without a look into the store', async () => {
    const { village, phone, guess, storm, looks } = await open()
    const before = looks()
    expect(await storm()).toEqual({ 604: 300, 503: 5 })
    expect(looks() - before).toBe(300)
    expect(await phone.code(alive)).toBe(200)
    await village.world.pass(60)
    expect(await guess('another')).toBe(604)
  })

  it('are counted apart for each address', async () => {
    const { village, storm } = await open()
    await storm()
    const elsewhere = village.phone('carol', { address: '198.51.100.9' })
    const sessionId = 'never'
    const { message } = await elsewhere.exchange([{ mode: 'Request', id: '1', primitive: alive }], { sessionId })
    expect(codeOf(message?.transactions[0]?.primitive)).toBe(604)
  })

  it('are not those of phones that come back after a restart, or after their session has ended', async () => {
    const { village, phone, guess } = await open()
    const old = phone.sessionId!
    await phone.code({ name: 'LogoutRequest', body: {} })
    await phone.login()
    await phone.negotiate()
    village.restart()
    for (let count = 0; count < 310; count++) expect(await guess(old)).toBe(604)
    expect(await phone.code(alive)).toBe(200)
  })

  it('do not cost a phone its session that has not spoken since a restart: it finds it when it tries again', async () => {
    const { village, phone, storm } = await open()
    village.restart()
    await storm()
    const ask = () => phone.exchange([{ mode: 'Request', id: '9', primitive: alive }])
    expect((await ask()).outbound.status).toBe(503)
    await village.world.pass(60)
    expect(codeOf((await ask()).message?.transactions[0]?.primitive)).toBe(200)
  })
})
