import { contentTypeOf } from '@village/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../store/database.ts'
import { codeOf, type Phone } from '../testing/phone.ts'
import { openVillage, type VillageOptions } from '../testing/village.ts'
import type { Outbound } from './reply.ts'

const couple = async () => {
  const village = await openVillage()
  return { village, alice: await village.ready('alice'), bob: await village.ready('bob') }
}

const say = (phone: Phone, text: string, id: string, onGone?: (run: () => void) => void): Promise<Outbound> => {
  const body = phone.write([{ mode: 'Request', id, primitive: phone.message('bob', text) }])
  return phone.post(body, contentTypeOf(phone.syntax, phone.version), onGone)
}

describe('A message that comes again under a new Transaction-ID', () => {
  it('is delivered once where the answer to the first was lost, and has the same Message-ID', async () => {
    const { alice, bob } = await couple()
    const first = await say(alice, 'hello', '1')
    first.onLost!()
    const second = await say(alice, 'hello', '2')
    const idIn = ({ body }: Outbound) => /<MessageID>(.*?)</.exec(String(body))?.[1]
    expect(idIn(second)).toBe(idIn(first))
    expect(String(second.body)).toContain('<TransactionID>2<')
    expect(await bob.texts()).toEqual(['hello'])
  })

  it('is followed through one loss after another, and then no further', async () => {
    const { alice, bob } = await couple()
    for (const id of ['1', '2', '3']) (await say(alice, 'hello', id)).onLost!()
    ;(await say(alice, 'hello', '4')).onSent!()
    await say(alice, 'hello', '5')
    expect(await bob.texts()).toEqual(['hello', 'hello'])
  })

  it('is known also where the client hung up before there was an answer, and asked again at once', async () => {
    const { alice, bob } = await couple()
    // The transport says so at once, for the connection is gone by the time that the message is understood.
    const first = say(alice, 'hello', '1', run => run())
    await Promise.all([first, say(alice, 'hello', '2')])
    expect(await bob.texts()).toEqual(['hello'])
  })

  it.each(['sent', 'not told'])('is another message where the answer to the first was %s', async how => {
    const { alice, bob } = await couple()
    const first = await say(alice, 'hello', '1')
    if (how === 'sent') first.onSent!()
    await say(alice, 'hello', '2')
    expect(await bob.texts()).toEqual(['hello', 'hello'])
  })

  it('is another message where a repeat under the old id was answered meanwhile', async () => {
    const { alice, bob } = await couple()
    const first = await say(alice, 'hello', '1')
    ;(await say(alice, 'hello', '1')).onSent!()
    first.onLost!()
    await say(alice, 'hello', '2')
    expect(await bob.texts()).toEqual(['hello', 'hello'])
  })

  it('is another message after ten minutes, with another text, and after the next login', async () => {
    const { village, alice, bob } = await couple()
    ;(await say(alice, 'hello', '1')).onLost!()
    await say(alice, 'good morning', '2')
    await village.world.pass(600)
    await say(alice, 'hello', '3')
    ;(await say(alice, 'good bye', '4')).onLost!()
    await alice.login()
    await alice.negotiate()
    await say(alice, 'good bye', '5')
    expect(await bob.texts()).toEqual(['hello', 'good morning', 'hello', 'good bye', 'good bye'])
  })

  it('swallows nothing that was meant, whatever is lost and however often the same is said', async () => {
    const step = fc.record({ text: fc.constantFrom('yes', 'no'), losses: fc.integer({ min: 0, max: 3 }) })
    const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
      const { alice, bob } = await couple()
      let id = 0
      for (const { text, losses } of steps) {
        for (let loss = 0; loss < losses; loss++) (await say(alice, text, `n${++id}`)).onLost!()
        ;(await say(alice, text, `n${++id}`)).onSent!()
      }
      expect(await bob.texts()).toEqual(steps.map(({ text }) => text))
    })
    await fc.assert(property, { numRuns: 15 })
  })
})

describe('A store that fails when the answers are there, so that no message can be made of them', () => {
  const breaking = async () => {
    const disk = { isBroken: false, onDemands: () => {} }
    const around: VillageOptions['around'] = store => ({
      ...store,
      mailboxes: {
        ...store.mailboxes,
        waiting: async (...which) => {
          if (disk.isBroken) throw new StoreUnavailable('no disk')
          return store.mailboxes.waiting(...which)
        },
        ofKind: async (...which) => {
          disk.onDemands()
          return store.mailboxes.ofKind(...which)
        },
      },
    })
    const village = await openVillage({ around })
    const sessionOf = (name: string) => village.core.sessions.ofUser(`wv:${name}@example.com`)[0]!
    return { village, disk, sessionOf }
  }

  it('has the message delivered once, though it comes again under a new Transaction-ID', async () => {
    const { village, disk, sessionOf } = await breaking()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    sessionOf('alice').outbox.miss()
    disk.isBroken = true
    await expect(say(alice, 'hello', '1')).rejects.toBeInstanceOf(StoreUnavailable)
    disk.isBroken = false
    await say(alice, 'hello', '2')
    expect(await bob.texts()).toEqual(['hello'])
  })

  it('has what was to be handed out brought by the next poll', async () => {
    const { village, disk, sessionOf } = await breaking()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob', { version: '1.3' })]
    await say(alice, 'hello', '1')
    const session = sessionOf('bob')
    session.demands = undefined
    disk.onDemands = () => {
      session.outbox.miss()
      disk.isBroken = true
    }
    await expect(bob.poll()).rejects.toBeInstanceOf(StoreUnavailable)
    disk.isBroken = false
    expect(await bob.texts()).toEqual(['hello'])
  })
})

describe('CSP 6.9.1: more transactions than were agreed', () => {
  const alive = { name: 'KeepAliveRequest', body: {} } as const
  const requests = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ mode: 'Request' as const, id: `k${index}`, primitive: alive }))

  it('a few too many in one message are served, those far beyond are put off', async () => {
    const { alice } = await couple()
    const { message } = await alice.exchange(requests(40))
    const codes = message?.transactions.map(({ primitive }) => codeOf(primitive))
    expect(codes).toEqual([...Array(32).fill(200), ...Array(8).fill(503)])
  })

  it('so are those that wait for their turn, until there are fewer', async () => {
    const { village, alice, bob } = await couple()
    const all = await Promise.all(Array.from({ length: 40 }, (_, index) => say(alice, `${index}`, `m${index}`)))
    const isTaken = (outbound: Outbound) => String(outbound.body).includes('SendMessage-Response')
    expect(all.map(isTaken)).toEqual([...Array(32).fill(true), ...Array(8).fill(false)])
    expect(await bob.texts()).toHaveLength(32)
    expect(isTaken(await say(alice, 'later', 'm32'))).toBe(true)
    expect(village.core.sessions.ofUser('wv:alice@example.com')[0]?.openRequests).toBe(0)
  })
})

describe('CSP 5.4: a Transaction-ID', () => {
  it.each(['x', 'ünï-код-👋', '9'.repeat(255)])('may be %j', async id => {
    const { alice } = await couple()
    expect(await alice.code({ name: 'KeepAliveRequest', body: {} }, id)).toBe(200)
  })

  it('may be empty', async () => {
    const { alice } = await couple()
    const { message } = await alice.exchange([
      { mode: 'Request', id: '', primitive: { name: 'KeepAliveRequest', body: {} } },
    ])
    expect(codeOf(message?.transactions[0]?.primitive)).toBe(200)
  })

  it('that is endless is answered with 420, under it', async () => {
    const { alice } = await couple()
    expect(await alice.code({ name: 'KeepAliveRequest', body: {} }, '9'.repeat(256))).toBe(420)
  })

  it('that no document could bring back is answered with 420', async () => {
    const village = await openVillage()
    const alice = await village.ready('alice', { syntax: 'wbxml' })
    expect(await alice.code({ name: 'KeepAliveRequest', body: {} }, 'a\u0001')).toBe(420)
  })

  it('stays open when the client says that it is still at work', async () => {
    const { alice, bob } = await couple()
    await alice.send('bob', 'hello')
    const { message } = await bob.poll()
    const { id } = message!.transactions[0]!
    await bob.answer(id, { name: 'Status', body: { result: { code: 100 } } })
    const messageId = (message!.transactions[0]!.primitive as any).body.messageInfo.messageId
    await bob.answer(id, { name: 'MessageDelivered', body: { messageId } })
    expect(await bob.texts()).toEqual([])
  })
})
