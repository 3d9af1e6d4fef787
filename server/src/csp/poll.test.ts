import { describe, expect, it } from 'vitest'
import { atRest } from '../testing/held-world.ts'
import { codeOf, type Phone, type Reply } from '../testing/phone.ts'
import { openVillage } from '../testing/village.ts'

const alive = { name: 'KeepAliveRequest', body: {} } as const
const many = { multiTrans: 4, perMessage: 1, version: '1.3' } as const

/** What a poll has come to by now: undefined while it is held. */
const watch = (polling: Promise<Reply>) => {
  const seen: { reply?: Reply | undefined } = {}
  void polling.then(reply => {
    seen.reply = reply
  })
  return seen
}

const textOf = ({ message }: Reply) => {
  const primitive = message?.transactions[0]?.primitive
  return primitive?.name === 'NewMessage' ? primitive.body.contentData : undefined
}

describe('CSP 6.2: a poll', () => {
  it('is answered at once with nothing, for a client that has one transaction open at a time', async () => {
    const phone = await (await openVillage()).ready('alice')
    const { outbound, message } = await phone.poll()
    expect(outbound).toMatchObject({ status: 200, body: '' })
    expect(message).toBeUndefined()
  })

  it('may come without, with an empty and with a Transaction-ID', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    for (const id of ['', '<TransactionID/>', '<TransactionID>9</TransactionID>']) {
      await bob.send('alice', `after ${id}`)
      const body = String(alice.write([{ mode: 'Request', primitive: { name: 'PollingRequest', body: {} } }]))
      const { body: answer } = await alice.post(body.replace('</TransactionMode>', `</TransactionMode>${id}`))
      expect(String(answer)).toContain('<NewMessage>')
      expect(String(answer)).toContain('<TransactionMode>Request</TransactionMode>')
      await alice.collect()
      await village.world.pass(20)
      await alice.collect()
    }
  })

  it('finds many messages with few looks into the mailbox, and each of them', async () => {
    let looks = 0
    const village = await openVillage({
      around: store => ({
        ...store,
        mailboxes: {
          ...store.mailboxes,
          waiting: (...query) => {
            looks++
            return store.mailboxes.waiting(...query)
          },
        },
      }),
    })
    const bob = await village.ready('bob')
    const sent = Array.from({ length: 64 }, (_, n) => `message ${n}`)
    for (const text of sent) await bob.send('alice', text)
    const alice = await village.ready('alice')
    looks = 0
    expect(await alice.texts()).toEqual(sent)
    // Sixteen at a time, and one that finds no more.
    expect(looks).toBeLessThanOrEqual(5)
  })

  it('that comes before the answer to what it brought last is made good by the answer to that answer', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    for (const text of ['one', 'two']) await bob.send('alice', text)
    const first = await alice.poll()
    expect([textOf(first), first.message?.poll]).toEqual(['one', true])
    expect((await alice.poll()).message).toBeUndefined()
    const { id, primitive } = first.message!.transactions[0]!
    if (primitive?.name !== 'NewMessage') throw new Error('a message was to come')
    const messageId = primitive.body.messageInfo.messageId!
    expect(textOf(await alice.answer(id, { name: 'MessageDelivered', body: { messageId } }))).toBe('two')
  })

  it('whose message is answered by a plain success has delivered it', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await bob.send('alice', 'hello')
    const { message } = await alice.poll()
    await alice.answer(message!.transactions[0]!.id, { name: 'Status', body: { result: { code: 200 } } })
    await village.restart()
    expect((await alice.poll()).message).toBeUndefined()
  })

  it('does not wait where it comes with another request', async () => {
    const phone = await (await openVillage()).ready('alice', many)
    const { message } = await phone.exchange([
      { mode: 'Request', primitive: { name: 'PollingRequest', body: {} } },
      { mode: 'Request', id: '77', primitive: alive },
    ])
    expect(message?.transactions.map(({ id }) => id)).toEqual(['77'])
  })

  it('tells by Poll that more waits, in 1.1 as in 1.3', async () => {
    for (const version of ['1.1', '1.2', '1.3'] as const) {
      const village = await openVillage()
      const [alice, bob] = [await village.ready('alice', { version }), await village.ready('bob')]
      expect((await alice.exchange([{ mode: 'Request', id: '50', primitive: alive }])).message?.poll).toBe(false)
      await bob.send('alice', 'one')
      await bob.send('alice', 'two')
      expect((await alice.exchange([{ mode: 'Request', id: '51', primitive: alive }])).message?.poll).toBe(true)
      const first = (await alice.poll()).message!
      expect(first.poll).toBe(true)
      await confirm(alice, { message: first } as Reply)
      expect((await alice.poll()).message?.poll).toBe(false)
    }
  })
})

const confirm = async (phone: Phone, { message }: Reply) => {
  const [asked] = message!.transactions
  const primitive = asked?.primitive
  if (primitive?.name !== 'NewMessage') throw new Error('no message came')
  return phone.answer(asked!.id, {
    name: 'MessageDelivered',
    body: { messageId: primitive.body.messageInfo.messageId! },
  })
}

describe('A poll that is held', () => {
  const holding = async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice', many), await village.ready('bob')]
    const held = watch(alice.poll())
    await atRest()
    expect(held.reply).toBeUndefined()
    return { village, alice, bob, held }
  }

  it('is answered when something arrives', async () => {
    const { village, bob, held } = await holding()
    await bob.send('alice', 'hello')
    await atRest()
    expect(textOf(held.reply!)).toBe('hello')
    expect(village.world.waiting).toBe(0)
  })

  it('is answered with nothing after 15 seconds, before its client gives it up (CSP 5.4)', async () => {
    const { village, held } = await holding()
    await village.world.pass(14)
    expect(held.reply).toBeUndefined()
    await village.world.pass(1)
    expect(held.reply?.outbound).toMatchObject({ status: 200, body: '' })
  })

  it('is answered with nothing when the client asks for anything else', async () => {
    const { alice, held } = await holding()
    expect(await alice.code(alive)).toBe(200)
    await atRest()
    expect(held.reply?.outbound.body).toBe('')
  })

  it('goes on being held while the client answers', async () => {
    const { alice, held } = await holding()
    await alice.answer('nothing that is open', { name: 'Status', body: { result: { code: 200 } } })
    await atRest()
    expect(held.reply).toBeUndefined()
  })

  it('may come with an answer, and is held all the same', async () => {
    const { alice, bob } = await holding()
    const transactions = [
      { mode: 'Response', id: 'nothing that is open', primitive: { name: 'Status', body: { result: { code: 200 } } } },
      { mode: 'Request', primitive: { name: 'PollingRequest', body: {} } },
    ] as const
    const held = watch(alice.exchange(transactions))
    await atRest()
    expect(held.reply).toBeUndefined()
    await bob.send('alice', 'hello')
    await atRest()
    expect(textOf(held.reply!)).toBe('hello')
  })

  it('gives way to the next poll, which hears what arrives even after the former has left', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice', many), await village.ready('bob')]
    const gone: (() => void)[] = []
    const first = watch(alice.poll(run => gone.push(run)))
    await atRest()
    const second = watch(alice.poll())
    await atRest()
    expect(first.reply?.outbound.body).toBe('')
    for (const run of gone) run()
    await bob.send('alice', 'hello')
    await atRest()
    expect(textOf(second.reply!)).toBe('hello')
  })

  it('ends when the client hangs up, and what arrives then waits for the next', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice', many), await village.ready('bob')]
    const gone: (() => void)[] = []
    const held = watch(alice.poll(run => gone.push(run)))
    await atRest()
    expect(gone).toHaveLength(1)
    for (const run of gone) run()
    await atRest()
    expect(held.reply?.outbound.body).toBe('')
    await bob.send('alice', 'hello')
    expect(textOf(await alice.poll())).toBe('hello')
  })

  it('leaves one listener behind, however often it is woken', async () => {
    const village = await openVillage()
    const alice = await village.ready('alice', many)
    const gone: (() => void)[] = []
    const held = watch(alice.poll(run => gone.push(run)))
    await atRest()
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    for (let count = 0; count < 20; count++) {
      session!.wake()
      await atRest()
    }
    expect(held.reply).toBeUndefined()
    expect(gone).toHaveLength(1)
  })

  it('ends with the session', async () => {
    const { village, alice, held } = await holding()
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    await village.core.sessions.end(session!, 601)
    await atRest()
    for (const { message } of [held.reply!, await alice.poll()]) {
      expect(message?.transactions[0]).toMatchObject({ mode: 'Request', primitive: { name: 'Disconnect' } })
      expect(codeOf(message?.transactions[0]?.primitive)).toBe(601)
    }
  })

  it('ends when the server stops', async () => {
    const { village, held } = await holding()
    village.core.releasePolls()
    await atRest()
    expect(held.reply?.outbound.body).toBe('')
  })

  it('keeps its session from being taken for idle', async () => {
    const village = await openVillage({ config: { 'session.keepAliveSeconds.min': 1 } })
    const alice = village.phone('alice', many)
    await alice.login({ timeToLive: 10 })
    await alice.negotiate()
    village.core.housekeeping.start()
    watch(alice.poll())
    await atRest()
    await village.world.pass(20)
    expect(await alice.code(alive)).toBe(200)
    await village.world.pass(12)
    expect(await alice.code(alive)).toBe(604)
  })
})

describe('CSP 5.4: requests of one session on two connections', () => {
  it('never wait for a poll, in whichever order they arrive', async () => {
    const village = await openVillage({
      // A store that answers late, as one across a network does.
      around: store => ({
        ...store,
        mailboxes: {
          ...store.mailboxes,
          waiting: async (...which) => {
            await atRest()
            return store.mailboxes.waiting(...which)
          },
        },
      }),
    })
    const alice = await village.ready('alice', many)
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    session!.outbox.miss()
    const held = watch(alice.poll())
    // The poll is reading the mailbox at this moment.
    expect(await alice.code(alive)).toBe(200)
    await atRest()
    await atRest()
    expect(held.reply?.outbound.body).toBe('')
  })

  it('are carried out one after the other', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice', many), await village.ready('bob')]
    const sent = Array.from({ length: 20 }, (_, index) => alice.send('bob', `number ${index}`))
    await Promise.all(sent)
    expect(await bob.texts()).toEqual(Array.from({ length: 20 }, (_, index) => `number ${index}`))
  })

  it('bring a message that is announced while the mailbox is read', async () => {
    let whileReading = () => {}
    const village = await openVillage({
      around: store => ({
        ...store,
        mailboxes: {
          ...store.mailboxes,
          waiting: async (...which) => {
            const items = await store.mailboxes.waiting(...which)
            whileReading()
            await atRest()
            return items
          },
        },
      }),
    })
    const [alice, bob] = [await village.ready('alice', many), await village.ready('bob')]
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    session!.outbox.miss()
    whileReading = () => {
      whileReading = () => {}
      void bob.send('alice', 'just now')
    }
    const held = watch(alice.poll())
    for (let count = 0; count < 5; count++) await atRest()
    expect(textOf(held.reply!)).toBe('just now')
  })
})
