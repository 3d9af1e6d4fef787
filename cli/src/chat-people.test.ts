import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@village/client'
import { loadConfig, type RunningServer, startServer } from '@village/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Notebook } from '../test/notebook.ts'
import { Talk } from './talk.ts'

const scratch = mkdtempSync(join(tmpdir(), 'village-people-'))
let server: RunningServer
let count = 0
let [alice, bob, carol] = ['', '', '']
beforeAll(async () => {
  const flags = { data: join(scratch, 'data'), 'http.port': '0', 'admin.port': '0', 'log.level': 'error' }
  server = await startServer(loadConfig({ file: undefined, environment: {}, flags }).config)
})
beforeEach(async () => {
  count++
  ;[alice, bob, carol] = ['alice', 'bob', 'carol'].map(name => `wv:${name}${count}@village.local`) as [
    string,
    string,
    string,
  ]
  for (const userId of [alice, bob, carol]) await server.users.add({ userId, password: 'secret word' })
})
const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})
afterAll(async () => {
  await server.stop()
  rmSync(scratch, { recursive: true })
})

/** A chat as at a terminal. */
async function chat(userId: string, { to = undefined as string | undefined, csp = '1.3' as '1.2' | '1.3' } = {}) {
  const session = await connect({ url: server.url, version: csp }).login({ userId, password: 'secret word' })
  await session.negotiate({ delivery: 'notify', presence: 'live' })
  const screen = new Notebook()
  const talk = new Talk(session, screen, { url: server.url, to, isInteractive: true, folder: scratch })
  const listening = talk.listen()
  const leave = async () => {
    await session.logout().catch(() => {})
    await listening
  }
  undo.push(leave)
  return { screen, leave, say: (line: string) => talk.line(line) }
}

describe('two who chat', () => {
  it('have lists to write to by name, and people by what they call them', async () => {
    const [one, two, three] = [await chat(alice), await chat(bob), await chat(carol)]
    for (const line of [`/add ${bob} Bob the Great`, `/add ${carol}`, '/to FRIENDS', 'Hello all']) await one.say(line)
    expect(one.screen.to).toBe(`wv:alice${count}/friends@village.local`)
    for (const { screen } of [two, three]) await screen.has(/: Hello all$/m)
    await one.screen.has(/(✓✓ delivered "Hello all" to wv:(bob|carol).*\n?){2}/)
    await one.say('/to bob the great')
    await one.say('/uri http://example.com/holiday.jpg')
    await two.screen.has(/\(see http:\/\/example.com\/holiday.jpg\)/)
    await one.say('/uri holiday')
    await one.say(`/to wv:alice${count}/enemies@village.local`)
    await one.say('Boo')
    expect(one.screen.shown.slice(-2)).toEqual([
      '! say where it is found: /uri http://example.com/holiday.jpg',
      `! wv:alice${count}/enemies@village.local: you have no such contact list; /contacts shows those there are`,
    ])
  })

  it('can forward to all on a list', async () => {
    const path = join(scratch, 'a.vcf')
    writeFileSync(path, 'BEGIN:VCARD')
    const [one, two, three] = [await chat(alice, { to: bob }), await chat(bob), await chat(carol)]
    await two.say(`/add ${carol} Carol`)
    await one.say(`/send ${path}`)
    await two.screen.has(/sends a.vcf/)
    await two.say('/forward 1 friends')
    await three.screen.has(/wv:bob.*sends a.vcf/)
  })

  it('let through whom they want to', async () => {
    const [one, two, three] = [await chat(alice), await chat(bob, { to: alice }), await chat(carol, { to: alice })]
    await one.say(`/grant ${bob}`)
    await one.say('/granted')
    await one.say('/granted on')
    expect(one.screen.shown).toEqual([
      `${bob} is granted: /granted on lets nobody through who is not`,
      `granted: ${bob} (not in use: /granted on)`,
      `only these are let through: ${bob}`,
    ])
    await two.say('From bob')
    await three.say('From carol')
    await one.screen.has(/From bob/)
    expect(three.screen.text()).toMatch(/does not want messages from you/)
    for (const line of ['/blocked', '/granted off', `/ungrant ${bob}`, '/granted', '/granted maybe'])
      await one.say(line)
    expect(one.screen.shown.slice(-6)).toEqual([
      'nobody is blocked',
      `only these are let through: ${bob}`,
      'everybody is let through who is not blocked',
      `${bob} is no longer granted`,
      'granted: nobody (not in use: /granted on)',
      '! say /granted, /granted on or /granted off',
    ])
  })

  it('see who is there as far as they are let, and no further', async () => {
    const [one, two] = [await chat(alice), await chat(bob)]
    await one.say(`/add ${bob} Bob`)
    await expect
      .poll(async () => {
        await one.say('/contacts')
        return one.screen.shown.at(-1)
      })
      .toBe(`    Bob ${bob} (shows you nothing)`)
    await two.say('/status away Back at 5')
    await two.say(`/allow ${alice}`)
    await one.screen.has(/✓ Bob is here: away, "Back at 5"/)
    await two.say('/who')
    await two.say(`/hide ${alice}`)
    await two.say('/status available Nobody knows')
    await two.say(`/allow ${alice}`)
    await one.screen.has(/Bob: available, "Nobody knows"/)
    expect(two.screen.shown.slice(-4)).toEqual([
      alice,
      `${alice} sees nothing of your presence from now on`,
      'you are available, "Nobody knows"',
      `${alice} sees your presence from now on`,
    ])
    await two.leave()
    await one.screen.has(/Bob has gone/)
    for (const line of ['/block bob', '/blocked', '/unblock BOB', '/block friends', '/remove Bob']) await one.say(line)
    expect(one.screen.shown.slice(-5)).toEqual([
      `${bob} is blocked`,
      bob,
      `${bob} is no longer blocked`,
      `wv:alice${count}/friends@village.local is blocked`,
      'Bob is on your contact lists no more',
    ])
  })
})
