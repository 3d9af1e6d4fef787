import { connect } from '@village/client'
import type { PrimitiveInput, Version } from '@village/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { Notebook } from '../test/notebook.ts'
import { password, ScriptedServer, status } from '../test/scripted-server.ts'
import { Talk } from './talk.ts'

const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const [bob, carol] = ['wv:bob@village.local', 'wv:carol@village.local']
const friends = 'wv:alice/friends@village.local'
const holds = (presenceValue: string) => ({ qualifier: true, presenceValue })

const manage = (...nickList: { userId: string; name: string }[]): PrimitiveInput => ({
  name: 'ListManageResponse',
  body: {
    result: { code: 200 },
    nickList,
    contactListProperties: [
      { name: 'DisplayName', value: 'Fri\x1bends' },
      { name: 'Default', value: 'T' },
    ],
  },
})
const presence = (userId: string, list: object): PrimitiveInput => ({
  name: 'PresenceNotificationRequest',
  body: { presences: [{ userId, presenceSubLists: [list] }] },
})

interface Setting {
  readonly csp?: Version
  readonly isInteractive?: boolean
  readonly prepare?: (server: ScriptedServer) => void
}

/** A chat of alice's at a terminal, with a server that has bob and carol on her only list. */
async function chat({ csp = '1.3', isInteractive = true, prepare = () => {} }: Setting = {}) {
  const server = new ScriptedServer()
  const people = [
    { userId: bob, name: 'Bob' },
    { userId: carol, name: 'Caro\x1bl' },
  ]
  server.answer('GetListRequest', { name: 'GetListResponse', body: { defaultContactList: friends } })
  server.answer('ListManageRequest', manage(...people))
  const result = { result: { code: 200 } }
  server.answer('GetAttributeListRequest', { name: 'GetAttributeListResponse', body: result })
  const done = ['SubscribePresenceRequest', 'UpdatePresenceRequest', 'CreateAttributeListRequest'] as const
  for (const name of [...done, 'PresenceAuthUser'] as const) server.answer(name, status(200))
  prepare(server)
  const url = await server.listen()
  undo.push(async () => server.close())
  const session = await connect({ url, version: csp }).login({ userId: 'wv:alice@village.local', password })
  await session.negotiate({ presence: 'live' })
  const screen = new Notebook()
  const talk = new Talk(session, screen, { url, isInteractive, folder: '.' })
  const listening = talk.listen()
  undo.push(async () => {
    await session.logout()
    await listening
  })
  const asked = (name: string) => server.seen.filter(it => it.name === name).map(({ body }) => body)
  return { server, talk, screen, asked }
}

describe('contacts in a chat', () => {
  it('are shown with who is there, what comes from others without anything a terminal acts upon', async () => {
    const { server, talk, screen } = await chat()
    const list = {
      onlineStatuses: [holds('T')],
      userAvailability: holds('DISCREET'),
      statusText: holds('At\x1b[2J\nsea'),
    }
    server.push(presence(bob, list))
    await talk.line('/contacts')
    expect(screen.shown.slice(0, 1)).toEqual(['Fri�ends (default) wv:alice/friends@village.local'])
    await expect
      .poll(async () => {
        screen.shown.length = 0
        await talk.line('/contacts')
        return screen.text()
      })
      .toBe(
        'Fri�ends (default) wv:alice/friends@village.local\n' +
          '  ✓ Bob    wv:bob@village.local discreet, "At�[2J sea"\n' +
          '    Caro�l wv:carol@village.local',
      )
  })

  it('come, go and change what they say, in a line each; what is known first is no news', async () => {
    const { server, screen } = await chat()
    server.push(presence(bob, { onlineStatuses: [holds('F')] }))
    server.push(presence(carol, { onlineStatuses: [holds('T')], statusText: holds('Hello') }))
    server.push(presence(bob, { onlineStatuses: [holds('T')], statusText: holds('Here\x07') }))
    await screen.has('✓ Bob is here: "Here�"')
    server.push(presence(bob, { userAvailability: holds('NOT_AVAILABLE') }))
    await screen.has('Bob: away, "Here�"')
    server.push(presence(bob, { statusText: { qualifier: false }, userAvailability: { qualifier: false } }))
    await screen.has('Bob says nothing of how things are')
    server.push(presence(carol, { onlineStatuses: [holds('F')] }))
    await screen.has('Caro�l has gone')
    expect(screen.shown).toHaveLength(4)
  })

  it('are nobody’s business in a pipe', async () => {
    const { asked, screen } = await chat({ isInteractive: false })
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(asked('GetListRequest')).toEqual([])
    expect(screen.shown).toEqual([])
  })

  it('are added and removed', async () => {
    const { server, talk, screen, asked } = await chat()
    const dave = 'wv:dave@village.local'
    server.answer('ListManageRequest', manage({ userId: bob, name: 'Bob' }, { userId: dave, name: 'Dave the Great' }))
    for (const line of [`/add ${dave}  Dave the Great`, `/remove ${bob}`, '/remove wv:zoe', '/add', '/remove'])
      await talk.line(line)
    expect(screen.shown).toEqual([
      'Dave the Great is on your contact list',
      'Bob is on your contact lists no more',
      '! wv:zoe is on none of your contact lists',
      '! say whom: /add wv:carol@village.local Carol',
      '! say whom: /remove wv:carol@village.local',
    ])
    expect(asked('ListManageRequest').slice(1)).toMatchObject([
      { addNickList: [{ userId: dave, name: 'Dave the Great' }] },
      { removeNickList: [bob] },
    ])
  })

  it('are told to be missing where there are none, and why they cannot be read', async () => {
    const empty = await chat({
      prepare: server => server.answer('GetListRequest', { name: 'GetListResponse', body: {} }),
    })
    await empty.talk.line('/contacts')
    expect(empty.screen.shown).toEqual(['nobody is on your contact lists: /add wv:carol@village.local Carol'])
    const broken = await chat({ prepare: server => server.answer('GetListRequest', status(503)) })
    await broken.talk.line('/contacts')
    expect(broken.screen.shown).toEqual(['! the server refused (503): Service unavailable'])
  })
})

describe('the own presence in a chat', () => {
  it('is told', async () => {
    const { talk, screen, asked } = await chat()
    for (const line of ['/status away  Back  at 5', '/status available', '/status asleep', '/status'])
      await talk.line(line)
    const how = '! say how you are: /status away Back at five (or available, or discreet)'
    expect(screen.shown).toEqual(['you are away, "Back  at 5"', 'you are available', how, how])
    expect(asked('UpdatePresenceRequest')).toMatchObject([
      { presenceSubList: { userAvailability: holds('NOT_AVAILABLE'), statusText: holds('Back  at 5') } },
      { presenceSubList: { userAvailability: holds('AVAILABLE'), statusText: { qualifier: false } } },
    ])
  })

  it('has watchers', async () => {
    const watchers = [
      { userId: '\x1bbob', watcherStatus: 'CURRENT_SUBSCRIBER' },
      { userId: carol, watcherStatus: 'PRESENCE_ACCESS' },
    ]
    const { server, talk, screen } = await chat()
    server.answer('GetWatcherListRequest', { name: 'GetWatcherListResponse', body: { watchers, watcherCount: 5 } })
    await talk.line('/who')
    server.answer('GetWatcherListRequest', { name: 'GetWatcherListResponse', body: {} })
    await talk.line('/who')
    expect(screen.shown).toEqual(['�bob', `${carol} (has looked)`, 'and 3 more', 'nobody watches you'])
  })

  it('is asked for in 1.3, and allowed or denied', async () => {
    const { server, talk, screen, asked } = await chat()
    const presenceSubList = { onlineStatuses: [{}], statusText: {} }
    const ask = (userId: string): PrimitiveInput => ({
      name: 'NotificationRequest',
      body: { notificationType: 'ANU', userIds: [userId], presenceSubList },
    })
    for (const userId of [bob, bob, carol]) server.push(ask(userId))
    await screen.has(`${carol} asks to see your online status, status text: /allow ${carol} or /deny ${carol}`)
    for (const line of ['/allow', '/allow wv:BOB@village.local', '/deny', '/deny']) await talk.line(line)
    expect(screen.shown.slice(2)).toEqual([
      '! say whom: /allow wv:bob@village.local',
      'wv:BOB@village.local sees your presence from now on',
      `${carol} sees no more of your presence than before`,
      '! say whom: /deny wv:bob@village.local',
    ])
    expect(asked('CreateAttributeListRequest')).toMatchObject([
      { userIds: [bob], presenceSubList: { statusText: {} } },
      { userIds: [carol], userNotify: false },
    ])
    await talk.line('/allow wv:dave@village.local')
    expect(asked('CreateAttributeListRequest')).toHaveLength(3)
  })

  it('is asked for before 1.3, too', async () => {
    const { server, talk, screen, asked } = await chat({ csp: '1.2' })
    server.push({ name: 'PresenceAuthRequest', body: { userId: bob } })
    await screen.has(`${bob} asks to see your presence: /allow ${bob} or /deny ${bob}`)
    await talk.line(`/deny ${bob}`)
    expect(asked('PresenceAuthUser')).toMatchObject([{ userId: bob, acceptance: false }])
  })
})

describe('where the server has no presence', () => {
  it('that is said in a sentence', async () => {
    const { talk, screen } = await chat({
      prepare: server =>
        server.answer('ServiceRequest', { name: 'ServiceResponse', body: { functions: { presenceFeat: {} } } }),
    })
    for (const line of ['/status away', '/who', `/allow ${bob}`, `/deny ${bob}`, '/contacts', `/add ${bob}`])
      await talk.line(line)
    const [presence, lists] = ['! this server does not offer presence', '! this server keeps no contact lists']
    expect(screen.shown).toEqual([presence, presence, presence, presence, lists, lists])
  })

  it('the lists are there, if it has those', async () => {
    const { talk, screen } = await chat({
      prepare: server =>
        server.answer('ServiceRequest', {
          name: 'ServiceResponse',
          body: { functions: { presenceFeat: { mp: true } } },
        }),
    })
    await talk.line('/contacts')
    expect(screen.shown.slice(1)).toEqual([
      '    Bob    wv:bob@village.local',
      '    Caro�l wv:carol@village.local',
      'this server does not tell who is there',
    ])
  })
})
