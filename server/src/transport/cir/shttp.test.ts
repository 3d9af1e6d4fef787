import { describe, expect, it } from 'vitest'
import { atRest } from '../../testing/held-world.ts'
import type { PhoneOptions } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'
import { createShttp } from './shttp.ts'

const open = async (options: PhoneOptions = {}, publicUrl?: string) => {
  const village = await openVillage()
  const serve = () => createShttp({ cir: village.core.cir, world: village.world, holdSeconds: 25, publicUrl })
  const shttp = serve()
  const bob = await village.ready('bob', { cirMethods: ['SHTTP'], ...options })
  const alice = await village.ready('alice')
  const token = bob.agreed?.cirHttpAddress?.split('/cir/')[1] ?? ''
  const order: unknown[] = []
  /** Asks, and notes the answer when it comes. */
  const ask = (name: string, on = shttp, onGone: (run: () => void) => void = () => {}) =>
    on.ask(token, '192.0.2.1', onGone).then(status => order.push(`${name} ${status}`))
  return { village, shttp, serve, bob, alice, token, order, ask }
}

describe('SHTTP', () => {
  it.each(['1.2', '1.3'] as const)('answers a held question as soon as a message is there, in %s', async version => {
    const { alice, bob, order, ask } = await open({ version })
    const held = ask('held')
    await atRest()
    expect(order).toEqual([])
    await alice.send('bob', 'hello')
    await held
    expect(order).toEqual(['held 200'])
    expect(await bob.texts()).toEqual(['hello'])
  })

  it('says at once that something waits, and nothing after it was fetched', async () => {
    const { alice, bob, village, order, ask } = await open()
    await alice.send('bob', 'hello')
    await ask('first')
    await bob.texts()
    const second = ask('second')
    await atRest()
    await village.world.pass(26)
    await second
    expect(order).toEqual(['first 200', 'second 204'])
  })

  it('says nothing of mail that cannot be had before a System Message is answered', async () => {
    const { alice, bob, village, order, ask } = await open({ version: '1.3' })
    await village.core.announce({ text: 'New terms', requiresResponse: true, options: [] }, ['wv:bob@example.com'])
    const { message } = await bob.poll()
    await bob.answer(message?.transactions[0]?.id, { name: 'Status', body: { result: { code: 200 } } })
    await alice.send('bob', 'hello')
    const asked = ask('behind')
    await atRest()
    await village.world.pass(26)
    await asked
    expect(order).toEqual(['behind 204'])
  })

  it('answers guesses of one address without a look into the store when they are too many: 503', async () => {
    const { village, alice, shttp, order, ask } = await open()
    await alice.send('bob', 'hello')
    const guess = (count: number) => village.world.digest(`guess ${count}`)
    const answers = []
    for (let count = 0; count < 302; count++) answers.push(await shttp.ask(guess(count), '192.0.2.1', () => {}))
    expect(answers).toEqual([...Array(300).fill(404), 503, 503])
    expect(await shttp.ask(guess(0), '198.51.100.1', () => {})).toBe(404)
    await ask('known')
    expect(order).toEqual(['known 200'])
    await village.world.pass(60)
    expect(await shttp.ask(guess(0), '192.0.2.1', () => {})).toBe(404)
  })

  it('holds one question a session, and none for who has hung up', async () => {
    const { village, order, ask, shttp } = await open()
    const timers = village.world.waiting
    const first = ask('first')
    await atRest()
    let hangUp = () => {}
    const second = ask('second', shttp, run => {
      hangUp = run
    })
    await first
    await atRest()
    hangUp()
    await second
    expect(order).toEqual(['first 204', 'second 204'])
    expect(village.world.waiting).toBe(timers)
  })

  it('knows no token but those of sessions that agreed to it, and no session that has ended', async () => {
    const { village, shttp, order, ask, bob, token } = await open()
    const carol = await village.ready('carol')
    const foreign = village.core.sessions.ofUser('wv:carol@example.com')[0]!.idDigest
    for (const guess of ['', 'x', bob.sessionId!, carol.sessionId!, foreign, `${token}x`, 'a'.repeat(43)])
      expect(await shttp.ask(guess, '192.0.2.1', () => {}), guess).toBe(404)
    const held = ask('held')
    await atRest()
    await bob.code({ name: 'LogoutRequest', body: {} })
    await held
    await ask('late')
    expect(order).toEqual(['held 404', 'late 404'])
  })

  it('keeps its address when the client negotiates again, and across a restart', async () => {
    const { village, bob, alice, serve, order, ask } = await open()
    const before = bob.agreed
    await bob.negotiate()
    expect(bob.agreed).toEqual(before)
    expect(before?.cirHttpAddress).toMatch(/^http:\/\/im\.example\.com:8080\/cir\/[\w-]{43}$/)
    village.restart()
    const held = ask('held', serve())
    await atRest()
    await alice.send('bob', 'hello')
    await held
    expect(order).toEqual(['held 200'])
  })

  it('is not offered to 1.1, and told as it was set to be told', async () => {
    expect((await open({ version: '1.1' })).bob.agreed?.supportedCirMethods).toEqual([])
    expect((await open({}, 'https://im.example.org/')).bob.agreed?.cirHttpAddress).toMatch(
      /^https:\/\/im\.example\.org\/cir\/[\w-]{43}$/,
    )
  })

  it('lets go of everything when the server stops', async () => {
    const { shttp, order, ask } = await open()
    const held = ask('held')
    await atRest()
    shttp.release()
    await held
    expect(order).toEqual(['held 204'])
  })
})
