import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TransactionInput } from '@village/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig, startServer } from '../../server/src/index.ts'
import { openVillage } from '../../server/src/testing/village.ts'
import { fetchFrom } from '../test/core-fetch.ts'
import { connect } from './connection.ts'
import { CutRequests } from './cut-requests.ts'
import { RequestTooLarge, TransportFailed } from './failures.ts'
import type { Wishes } from './negotiation.ts'
import type { Session } from './session.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const friends = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ userId: `wv:friend-${index}@example.com` }))
const listOf = (nickList: { userId: string }[]) => ({ contactList: 'wv:alice/friends@example.com', nickList })

interface Setting {
  wishes?: Wishes
  syntax?: 'xml' | 'wbxml'
  /** Whether the next reply gets lost. */
  lose?: () => boolean
}

/** A server that remembers the lists it was told to create, and a session with it. */
async function setting({ wishes = {}, syntax = 'wbxml', lose = () => false }: Setting = {}) {
  const created: { nickList: { userId: string }[] }[] = []
  const create = async (body: (typeof created)[0]) => {
    created.push(body)
    return { name: 'Status', body: { result: { code: 200 } } }
  }
  const village = await openVillage({ handlers: { CreateListRequest: { handle: create as never } } })
  const url = 'http://village.test/imps'
  const connection = connect({ url, syntax, fetch: fetchFrom(village, lose), answerMilliseconds: 500 })
  const session = await connection.login({ userId: 'wv:alice@example.com', password: 'alice-secret' })
  undo.push(() => session.close())
  const agreed = await session.negotiate(wishes)
  const open = village.core.sessions.ofUser('wv:alice@example.com')[0]!
  open.agreement = { ...open.agreement, services: [...open.agreement.services, 'CCLI'] }
  return { session, agreed, created }
}

const small: Wishes = { capabilities: { parserSize: 4000 } }

describe.each(['xml', 'wbxml'] as const)('CSP 6.10: a request that is too large, in %s', syntax => {
  it.each([1, 4])('goes in segments, with progress; MultiTrans %i', async multiTrans => {
    const wishes = { capabilities: { ...small.capabilities, multiTrans } }
    const { session, created } = await setting({ wishes, syntax })
    const told: [sent: number, total: number][] = []
    const nickList = friends(500)
    await session.request('CreateListRequest', listOf(nickList), { onProgress: (...now) => told.push(now) })
    expect(created.map(body => body.nickList.map(({ userId }) => userId))).toEqual([
      nickList.map(({ userId }) => userId),
    ])
    const total = told[0]![1]
    expect(told.length).toBeGreaterThan(3)
    expect(told.map(([sent]) => sent)).toEqual([...told.map(([sent]) => sent)].sort((a, b) => a - b))
    expect(told.every(now => now[1] === total)).toBe(true)
    expect(told[0]![0]).toBeLessThanOrEqual(4000)
    expect(told.at(-1)).toEqual([total, total])
  })

  it('is carried out once when replies get lost', async () => {
    let count = 0
    // Logging in and negotiating take four; of what follows every third is lost.
    const lose = () => ++count > 4 && count % 3 === 0
    const { session, created } = await setting({ wishes: small, syntax, lose })
    await session.request('CreateListRequest', listOf(friends(300)))
    expect(created.map(({ nickList }) => nickList.length)).toEqual([300])
  })
})

describe('A request', () => {
  it('that fits is told of once', async () => {
    const { session, created } = await setting()
    const told: number[][] = []
    await session.request('CreateListRequest', listOf(friends(3)), { onProgress: (...now) => told.push(now) })
    expect(created).toHaveLength(1)
    expect(told).toEqual([[told[0]![0], told[0]![0]]])
  })

  it('can have a megabyte in segments, as the server does not take more', async () => {
    const { session, agreed, created } = await setting()
    expect(agreed.capabilities.parserSize).toBe(262_144)
    expect(agreed.notAvailable.fundamentalFeat).toBeUndefined()
    await session.request('CreateListRequest', listOf(friends(25_000)))
    expect(created[0]!.nickList).toHaveLength(25_000)
    await expect(session.request('CreateListRequest', listOf(friends(45_000)))).rejects.toMatchObject({ code: 402 })
    expect(created).toHaveLength(1)
  })

  it('is not sent where segments were not agreed, or it has no lists', async () => {
    const wishes: Wishes = { ...small, services: { imFeat: {} } }
    const { session, created } = await setting({ wishes })
    const list = session.request('CreateListRequest', listOf(friends(500)))
    await expect(list).rejects.toThrow(/^CreateListRequest takes \d+ octets, and 4000 were agreed: negotiate .*SGMNT/)
    await expect(list).rejects.toBeInstanceOf(RequestTooLarge)
    const message = session.messaging.send({ to: 'wv:bob@example.com', text: 'x'.repeat(4000) })
    await expect(message).rejects.toThrow(/SendMessageRequest .*: say less at a time, or negotiate a larger parserSize/)
    expect(created).toEqual([])
    await session.request('CreateListRequest', listOf(friends(3)))
    expect(created).toHaveLength(1)
  })
})

describe('A message of a megabyte', () => {
  const text = 'è'.repeat(500_000)

  async function serve(maxBodyBytes: number) {
    const scratch = mkdtempSync(join(tmpdir(), 'village-client-'))
    const flags = {
      ...{ data: join(scratch, 'data'), 'http.port': '0', 'admin.port': '0', 'log.level': 'error' },
      'http.maxBodyBytes': String(maxBodyBytes),
    }
    const server = await startServer(loadConfig({ file: undefined, environment: {}, flags }).config)
    undo.push(async () => {
      await server.stop()
      rmSync(scratch, { recursive: true })
    })
    return async (name: string, version: '1.2' | '1.3' = '1.3'): Promise<Session> => {
      const userId = `wv:${name}@village.local`
      await server.users.add({ userId, password: 'secret word' })
      const session = await connect({ url: server.url, version }).login({ userId, password: 'secret word' })
      undo.push(() => session.logout())
      await session.negotiate()
      return session
    }
  }

  it('arrives where http.maxBodyBytes allows', async () => {
    const ready = await serve(2_097_152)
    const [alice, bob] = [await ready('alice'), await ready('bob')]
    await alice.messaging.send({ to: 'wv:bob@village.local', text })
    const { value } = await bob.messaging.messages().next()
    expect(value.text).toBe(text)
  })

  it('fails before it is sent where it does not, and by HTTP before that could be agreed', async () => {
    const ready = await serve(262_144)
    const [alice, old] = [await ready('alice'), await ready('old', '1.2')]
    const message = { to: 'wv:old@village.local', text }
    await expect(alice.messaging.send(message)).rejects.toMatchObject({ name: 'RequestTooLarge', limit: 262_144 })
    const refused = old.messaging.send(message)
    await expect(refused).rejects.toThrow(/413: the message is longer than the server reads/)
    await expect(refused).rejects.toBeInstanceOf(TransportFailed)
  })
})

describe('Segments of a request', () => {
  const transaction = (id: string): TransactionInput & { id: string } => ({
    ...{ mode: 'Request', id },
    primitive: { name: 'CreateListRequest', body: listOf(friends(200)) },
  })
  const about = (name: 'GetSegmentRequest' | 'DropSegmentRequest', transactionId: string, segmentReference = 0) =>
    ({ name, body: { segmentId: { transactionId, segmentReference } } }) as const
  const agreed = {
    ...{ services: { fundamentalFeat: {} }, notAvailable: {}, capabilities: { parserSize: 2000 } },
    ...{ multiTrans: 1, multiTransPerMessage: 1, serverPollMinSeconds: 1 },
  }
  const cutting = (...ids: string[]) => {
    const cuts = new CutRequests({ version: '1.3', syntax: 'wbxml', sessionId: 's' })
    cuts.adopt(agreed)
    const firsts = ids.map(id => cuts.fit(transaction(id)).transaction)
    const codeOf = (...question: Parameters<typeof about>) => {
      const { name, body } = cuts.answer(about(...question))
      return name === 'Status' ? body.result.code : name
    }
    return { cuts, firsts, codeOf }
  }

  it('can be had until they are dropped: then 434, and 435 for one behind the last', () => {
    const { firsts, codeOf } = cutting('1')
    const { segmentCount } = firsts[0]!.segment!
    expect(codeOf('GetSegmentRequest', '1', segmentCount - 1)).toBe('GetSegmentResponse')
    expect(codeOf('GetSegmentRequest', '1', segmentCount)).toBe(435)
    expect(codeOf('GetSegmentRequest', '2', 1)).toBe(434)
    expect(codeOf('DropSegmentRequest', '1')).toBe(200)
    expect(codeOf('DropSegmentRequest', '1')).toBe(434)
    expect(codeOf('GetSegmentRequest', '1', 1)).toBe(434)
  })

  it('are kept for a while where the server never drops them, and no longer than their session', () => {
    const ids = ['1', '2', '3', '4', '5', '6']
    const { cuts, codeOf } = cutting(...ids)
    for (const id of ids.slice(1)) cuts.leave(id)
    const kept = () => ids.filter(id => codeOf('GetSegmentRequest', id, 1) === 'GetSegmentResponse')
    expect(kept()).toEqual(['1', '3', '4', '5', '6'])
    cuts.clear()
    expect(kept()).toEqual([])
  })
})
