import { PassThrough } from 'node:stream'
import type { PrimitiveInput } from '@village/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliveryReport, newMessage, password, ScriptedServer, status } from '../test/scripted-server.ts'
import { village } from '../test/village.ts'
import { terminalScreen } from './chat-screen.ts'

let server: ScriptedServer
let url: string
beforeEach(async () => {
  server = new ScriptedServer()
  url = await server.listen()
})
afterEach(() => server.close())

const chat = (args: readonly string[], input = '') =>
  village(['chat', '--url', url, '--user', 'wv:alice@village.local', ...args], {
    input,
    env: { VILLAGE_PASSWORD: password },
  })
const names = () => server.seen.map(({ name }) => name)
const sent = () => server.seen.flatMap(({ name, body }) => (name === 'SendMessageRequest' ? [body] : []))
const bob = ['--to', 'wv:bob@village.local']

describe('village chat', () => {
  it('sends one message and leaves', async () => {
    const { stdout, stderr, code } = await chat([...bob, '--send', 'grüß dich'])
    expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: '✓ accepted "grüß dich"\n', code: 0 })
    expect(sent()).toMatchObject([{ contentData: 'grüß dich', deliveryReport: true }])
    expect(names().at(-1)).toBe('LogoutRequest')
  })

  it.each([
    ['--xml', '1.1', 'digest'],
    ['--wbxml', '1.2', 'password'],
  ])('speaks %s %s with %s', async (syntax, csp, method) => {
    const { code } = await chat([...bob, syntax, '--csp', csp, '--method', method, '--send', 'x'])
    expect(code).toBe(0)
    expect(server.messages[0]).toMatchObject({ version: csp, syntax: syntax.slice(2) })
    expect(names().filter(name => name === 'LoginRequest')).toHaveLength(method === 'digest' ? 2 : 1)
  })

  it('sends the lines of a pipe in order, whatever they begin with', async () => {
    const { code } = await chat(bob, 'one\n\n/to nobody\nthree')
    expect(code).toBe(0)
    expect(sent().map(({ contentData }) => contentData)).toEqual(['one', '/to nobody', 'three'])
  })

  it('shows what arrives while it waits, and confirms it before it leaves', async () => {
    server.push(newMessage('m1', 'hi\x1b[2J\nthere'))
    server.push(deliveryReport('m0'))
    const { stdout, stderr, code } = await chat(['--wait', '0.5'])
    expect(stdout).toMatch(/^\d\d:\d\d wv:bob@village.local: hi�\[2J\n {6}there\n$/)
    expect(stderr).toMatch(/✓✓ delivered a message to wv:alice@village.local/)
    expect(code).toBe(0)
    expect(names()).toContain('MessageDelivered')
    expect(names().at(-1)).toBe('LogoutRequest')
  })

  it('names the recipient that does not exist', async () => {
    server.answer('SendMessageRequest', status(531))
    const { stderr, code } = await chat(['--to', 'wv:zoe@village.local', '--send', 'x'])
    expect(stderr).toBe(
      'village: wv:zoe@village.local: no such user; check the address, and name another with /to or --to\n',
    )
    expect(code).toBe(1)
  })

  it('says what to do about a wrong password, and about a server that is not there', async () => {
    const wrong = await chat([...bob, '--send', 'x', '--password', 'wrong'])
    expect(wrong.stderr).toMatch(/^village: wrong user or password .*village user set-password.*\n$/)
    expect(wrong.code).toBe(1)
    server.close()
    const away = await chat([...bob, '--send', 'x'])
    expect(away.stderr).toMatch(/^village: cannot reach http.*is the server running\? .*npm start\n$/)
    expect(away.code).toBe(1)
  })

  it('says in one harmless line when the server answers with something else', async () => {
    server.answer('ServiceRequest', { name: 'KeepAliveResponse', body: { result: { code: 200 } } })
    const odd = await chat([...bob, '--send', 'x'])
    expect(odd.stderr).toMatch(/^village: The server answered ServiceRequest with KeepAliveResponse, .*--csp 1\.2.*\n$/)
    expect(odd.code).toBe(1)
    expect(names().at(-1)).toBe('LogoutRequest')
    const body = { clientId: { url: 'urn:x' }, result: { code: 200 }, nonce: 'n', digestSchema: '\x1b[2J' }
    server.answer('LoginRequest', { name: 'LoginResponse', body })
    const strange = await chat([...bob, '--send', 'x'])
    expect(strange.stderr).toMatch(
      /^village: The server answered LoginRequest with the unknown digest schema �\[2J, .*\n$/,
    )
  })

  it('shows what a newcomer has to answer, and answers it', async () => {
    server.terms = {
      systemMessageId: 'terms',
      requiresResponse: true,
      systemMessageText: 'Be kind\x1b[2J',
      answerOptions: { answerOptions: [{ answerOptionId: 1, answerOptionText: 'I will' }] },
      verificationMechanism: { inText: 'Type your invitation', url: undefined },
    }
    const args = [...bob, '--method', 'password', '--send', 'x']
    const asked = await chat(args)
    expect(asked.stderr.split('\n')).toEqual([
      'village: you are new here, and have to answer this to be registered:',
      '  The server says: Be kind�[2J',
      '    1  I will',
      '    To be typed: Type your invitation',
      '  To answer, do the same again with --answer and the number of your choice, and --key and what is to be typed.',
      '',
    ])
    expect(asked.code).toBe(1)
    const { stderr, code } = await chat([...args, '--answer', '1', '--key', 'seven swans'])
    expect(stderr).toMatch(/^You have been registered as wv:alice@village.local\n/)
    expect(code).toBe(0)
    const answers = [{ systemMessageId: 'terms', chosenOptionId: 1, verificationKey: 'seven swans' }]
    const logins = server.seen.flatMap(({ name, body }) => (name === 'LoginRequest' ? [body] : []))
    expect(logins.map(it => it.systemMessageResponses)).toEqual([undefined, undefined, answers])
  })

  it('says when the server ends the session', async () => {
    server.push({ name: 'Disconnect', body: { result: { code: 601 } } })
    const { stderr, code } = await chat(['--wait', '20'])
    expect(stderr).toBe('village: the server ended the session: Forced logout\n')
    expect(code).toBe(1)
  })

  it('says what the server wants to be answered before a login, where nobody can', async () => {
    const systemMessages = [{ systemMessageId: 'q1', systemMessageText: 'New\nterms', requiresResponse: true }]
    const body = { clientId: { url: 'urn:x' }, result: { code: 436, systemMessages } }
    server.answer('LoginRequest', { name: 'LoginResponse', body })
    const { stderr, code } = await chat([...bob, '--send', 'x'])
    expect(stderr).toBe(
      'village: the server wants this to be answered first:\n  The server says: New\n    terms\n' +
        '  To answer, start the chat at a terminal.\n',
    )
    expect(code).toBe(1)
  })

  it('says when something that came waited, and how large it is', async () => {
    const { body } = newMessage('m1', '') as Extract<PrimitiveInput, { readonly name: 'NewMessage' }>
    const more = { contentType: 'image/png', contentName: '\x1b.png', contentSize: 3 }
    const messageInfo = { ...body.messageInfo, ...more }
    server.push({ name: 'NewMessage', body: { messageInfo, contentData: new Uint8Array(3) } })
    const { stdout, stderr } = await chat(['--wait', '0.5'])
    expect(stdout).toMatch(/^\d\d:\d\d wv:bob@village.local: �.png \(image\/png, 3 octets\)\n$/)
    expect(stderr).toMatch(/^sent while you were away, 2026-01-0\d \d\d:\d4:\n$/m)
  })

  it('refuses what makes no sense in one line', async () => {
    expect((await chat([])).stderr).toMatch(/^village: there is nothing to do: .*\n$/)
    expect((await chat(['--send', 'x'])).stderr).toMatch(/^village: say to whom: .*\n$/)
    expect((await chat(['--url', 'ftp://x'])).stderr).toMatch(/Write it like http/)
  })
})

describe('the terminal', () => {
  const seen = (output: PassThrough) => output.read()?.toString() as string

  it('keeps what is being typed below what arrives', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const screen = terminalScreen(input, output)
    screen.showRecipient('wv:bob')
    input.write('half a li')
    await new Promise(resolve => setTimeout(resolve, 20))
    seen(output)
    screen.message('12:00 wv:bob: hello')
    const drawn = seen(output)
    expect(drawn.startsWith('\r\x1b[J12:00 wv:bob: hello\n')).toBe(true)
    expect(drawn.indexOf('wv:bob> half a li')).toBeGreaterThan(drawn.indexOf('hello\n'))
    input.write('ne\r')
    for await (const line of screen.lines()) {
      expect(line).toBe('half a line')
      break
    }
  })
})
