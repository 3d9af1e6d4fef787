import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Session } from '@village/client'
import { loadConfig, type RunningServer, startServer } from '@village/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Notebook } from '../test/notebook.ts'
import { deliveryReport, ScriptedServer, status } from '../test/scripted-server.ts'
import { Talk } from './talk.ts'

const scratch = mkdtempSync(join(tmpdir(), 'village-talk-'))
const folder = mkdtempSync(join(tmpdir(), 'village-talk-files-'))
let server: RunningServer
let count = 0
let [alice, bob] = ['', '']
beforeAll(async () => {
  const flags = { data: join(scratch, 'data'), 'http.port': '0', 'admin.port': '0', 'log.level': 'error' }
  server = await startServer(loadConfig({ file: undefined, environment: {}, flags }).config)
})
beforeEach(async () => {
  count++
  ;[alice, bob] = [`wv:alice${count}@village.local`, `wv:bob${count}@village.local`]
  for (const userId of [alice, bob]) await server.users.add({ userId, password: 'secret word' })
})
const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
})
afterAll(async () => {
  await server.stop()
  for (const path of [scratch, folder]) rmSync(path, { recursive: true })
})

async function chatting(
  session: Session,
  url: string,
  { to = undefined as string | undefined, isInteractive = true } = {},
) {
  const screen = new Notebook()
  const talk = new Talk(session, screen, { url, to, isInteractive, folder })
  const listening = talk.listen()
  undo.push(async () => {
    await session.logout().catch(() => {})
    await listening
  })
  return { talk, screen, leave: () => session.logout() }
}

/** A chat of this user, as at a terminal. */
async function chat(userId: string, to?: string, syntax: 'xml' | 'wbxml' = 'wbxml') {
  const connection = connect({ url: server.url, syntax, uploads: 'streamed' })
  const session = await connection.login({ userId, password: 'secret word' })
  await session.negotiate({ delivery: 'notify' })
  return chatting(session, server.url, { to })
}

/** A server that does as it is told. */
async function scripted(answer: (server: ScriptedServer) => void) {
  const told = new ScriptedServer()
  answer(told)
  const url = await told.listen()
  undo.push(async () => told.close())
  const session = await connect({ url }).login({ userId: alice, password: 'secret è' })
  await session.negotiate()
  return { ...(await chatting(session, url, { to: bob })), told }
}

describe('two who chat', () => {
  it('see ticks, and each other', async () => {
    const [one, other] = [await chat(alice, bob), await chat(bob)]
    await one.talk.line('hello\x1b[2J')
    await other.screen.has(new RegExp(`${alice}: hello�\\[2J`))
    expect(other.screen.to).toBe(alice)
    await one.screen.has(/✓ accepted "hello�\[2J"\n✓✓ delivered "hello�\[2J" to wv:bob/)
    await other.talk.line('//to is sent')
    await one.screen.has(/: \/to is sent/)
  })

  it('are told what came while they were away', async () => {
    const one = await chat(alice, bob)
    await one.talk.line('hello')
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] })
    const other = await chat(bob).finally(() => vi.useRealTimers())
    await other.screen.has(/sent while you were away, \d{4}-\d\d-\d\d \d\d:\d\d:\n.*: hello/)
  })
})

describe('a file', () => {
  const png = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31) % 256))

  it.each(['xml', 'wbxml'] as const)('goes with a bar, waits at the server, and is saved once; %s', async syntax => {
    const path = join(scratch, 'holiday (1).png')
    writeFileSync(path, png)
    const [one, other] = [await chat(alice, bob, syntax), await chat(bob, undefined, syntax)]
    await one.talk.line(`/send ${path}`)
    await one.screen.has('✓ accepted holiday (1).png')
    expect(one.screen.progress[0]).toMatch(/^holiday \(1\)\.png █+░+ +\d+ %$/)
    expect(one.screen.progress.at(-1)).toMatch(/ 100 %$/)
    await other.screen.has(
      /sends holiday \(1\)\.png \(image\/png, 98 KB\): \/save 1, \/reject 1 or \/forward 1 ADDRESS/,
    )
    expect(one.screen.shown.join('\n')).not.toContain('✓✓')
    await other.talk.line('/list')
    await other.screen.has(/^1 {2}\d\d:\d\d wv:alice.*: holiday \(1\)\.png \(image\/png, 98 KB\)$/m)
    await other.talk.line('/save 1')
    await other.screen.has(/saved as .*holiday \(1\)\.png \(98 KB\)/)
    expect(readFileSync(join(folder, 'holiday (1).png')).equals(png)).toBe(true)
    await one.screen.has(/✓✓ delivered holiday \(1\)\.png/)
    await other.talk.line('/save 1')
    await other.screen.has(/! say which by its number/)
    await other.talk.line('/list')
    await other.screen.has(/nothing waits for you/)
  })

  it('can be rejected and forwarded, and its sender is told in words', async () => {
    const path = join(scratch, 'a.vcf')
    writeFileSync(path, 'BEGIN:VCARD')
    const [one, other] = [await chat(alice, bob), await chat(bob)]
    for (const _ of [1, 2]) await one.talk.line(`/send ${path}`)
    await other.screen.has(/\/save 2/)
    await other.talk.line('/reject 1')
    await one.screen.has(/! a\.vcf was rejected by wv:bob/)
    await other.talk.line('/forward 2')
    await other.talk.line(`/forward 2 ${alice}`)
    await one.screen.has(/! a\.vcf was not read by wv:bob\d+@village\.local, who forwarded it/)
    await one.screen.has(/wv:bob.* sends a\.vcf \(text\/x-vCard, 11 octets\)/)
    expect(other.screen.shown).toContain('! say which and to whom: /forward 1 wv:carol@village.local')
  })

  it('that is too large, or none, is not sent, and its limit is told', async () => {
    const path = join(scratch, 'large.bin')
    writeFileSync(path, new Uint8Array(300_000))
    const one = await chat(alice, bob, 'xml')
    for (const line of [`/send ${path}`, '/send', `/send ${scratch}`, `/send ${path}.not`]) await one.talk.line(line)
    expect(one.screen.shown).toEqual([
      '! large.bin has 293 KB, and 191 KB at most can be sent here',
      '! say which: /send holiday.png',
      expect.stringMatching(/^! village-talk-\S+ is no file$/),
      '! large.bin.not cannot be read: there is no such file',
    ])
    expect(one.talk.attempts.hasFailed).toBe(true)
  })

  it('that came whole is kept until it is saved, and what is not is told', async () => {
    const info = {
      recipient: { users: [{ userId: alice }] },
      sender: { user: { userId: bob } },
      contentType: 'image/png',
    }
    const { talk, screen } = await scripted(told => {
      for (const messageId of ['m1', 'm2'])
        told.push({
          name: 'NewMessage',
          body: { messageInfo: { ...info, messageId, contentName: '../x' }, contentData: png },
        })
    })
    await screen.has(/sends \.\.\/x \(image\/png, size unknown\): \/save 2$/m)
    await talk.line('/save 1')
    await screen.has(/saved as/)
    expect(readdirSync(folder)).toEqual(['x'])
    rmSync(folder, { recursive: true })
    await talk.line('/save 2')
    expect(screen.shown.at(-1)).toMatch(/^! it cannot be saved: ENOENT/)
    mkdirSync(folder)
    talk.leave()
    expect(screen.shown.at(-1)).toBe('not saved: ../x (image/png, size unknown)')
  })
})

describe('what else can be typed', () => {
  it('is shown by /help', async () => {
    const one = await chat(alice)
    expect(await one.talk.line('/help')).toBe(true)
    const files = ['/to', '/send', '/save', '/list', '/block', '/unblock', '/blocked', '/answer', '/quit']
    const people = ['/contacts', '/add', '/remove', '/status', '/who', '/allow', '/deny']
    for (const command of [...files, ...people]) await one.screen.has(command)
    await one.talk.line('/constructor')
    expect(one.screen.shown.at(-1)).toBe('! there is no /constructor; /help shows what there is')
    await one.talk.line('to nobody')
    expect(one.screen.shown.at(-1)).toMatch(/! say to whom first/)
    expect(await one.talk.line('/quit')).toBe(false)
  })

  it('blocks, unblocks and shows who is blocked', async () => {
    const { talk, screen, told } = await scripted(told => {
      told.answer('BlockEntityRequest', status(200))
      const blockList = { entityList: { userIds: ['wv:\x1bzoe@village.local'] } }
      const body = { blockList, blockListInUse: true, grantListInUse: false }
      told.answer('GetBlockedListRequest', { name: 'GetBlockedListResponse', body })
    })
    for (const line of [`/block ${bob}`, `/unblock ${bob}`, '/blocked', '/block']) await talk.line(line)
    expect(screen.shown).toEqual([
      `${bob} is blocked`,
      `${bob} is no longer blocked`,
      'wv:�zoe@village.local',
      '! say whom: wv:bob@village.local',
    ])
    expect(told.seen.filter(({ name }) => name === 'BlockEntityRequest').map(({ body }) => body)).toMatchObject([
      { blockList: { addList: { userIds: [bob] } } },
      { blockList: { removeList: { userIds: [bob] } } },
    ])
  })

  it('says so where the server does not block', async () => {
    const imFeat = { imAuthFunc: {} }
    const { talk, screen } = await scripted(told =>
      told.answer('ServiceRequest', { name: 'ServiceResponse', body: { functions: { imFeat } } }),
    )
    await talk.line(`/block ${bob}`)
    expect(screen.shown).toEqual(['! this server does not let its users say who may reach them'])
  })
})

describe('reports', () => {
  it.each([
    [538, /! a message was rejected by wv:alice/],
    [541, /! a message was not read by wv:alice.*, who forwarded it/],
    [542, /! a message waited for wv:alice.* for as long as it may/],
    [500, /! a message did not reach wv:alice.*: Internal server/],
  ])('%i is told in words', async (code, words) => {
    const report = deliveryReport('m1')
    const { screen } = await scripted(told =>
      told.push({ ...report, body: { ...report.body, result: { code } } } as never),
    )
    await screen.has(words)
  })
})

describe('System Messages', () => {
  it('are shown, stand in the way, and are answered', async () => {
    const option = (answerOptionId: number, answerOptionText: string) => ({ answerOptionId, answerOptionText })
    const systemMessage = {
      systemMessageId: 'q1',
      requiresResponse: true,
      systemMessageText: 'New\x1b terms',
      answerOptions: { answerOptions: [option(1, 'I agree'), option(2, 'I do not')] },
      verificationMechanism: { inText: 'Village' },
    }
    const result = { code: 436, systemMessages: [systemMessage] }
    const { talk, screen, told } = await scripted(told => {
      told.answer('SendMessageRequest', { name: 'Status', body: { result } })
      told.answer('SystemMessageUser', status(200))
    })
    await talk.line('hello')
    expect(screen.shown).toEqual([
      expect.stringMatching(/^! the server refused \(436\)/),
      'The server says: New� terms\n  1  I agree\n  2  I do not\n  To be typed: Village',
      'To answer: /answer NUMBER WORDS; until then the server does nothing else for you',
    ])
    for (const line of ['/answer 3', '/answer 2', '/answer 2 Village', '/answer 2 Village']) await talk.line(line)
    expect(screen.shown.slice(3)).toEqual([
      '! choose one of: 1, 2',
      '! add the words that are to be typed',
      'answered',
      'there is nothing to answer',
    ])
    expect(told.seen.filter(({ name }) => name === 'SystemMessageUser').map(({ body }) => body)).toMatchObject([
      { systemMessageResponses: [{ systemMessageId: 'q1', chosenOptionId: 2, verificationKey: 'Village' }] },
    ])
  })

  it('that need no answer are just shown', async () => {
    const message = { systemMessageId: 'q1', systemMessageText: 'Tea at five' }
    const { screen } = await scripted(told =>
      told.push({ name: 'SystemMessageRequest', body: { systemMessages: [message] } }),
    )
    await screen.has(/^The server says: Tea at five$/)
  })
})
