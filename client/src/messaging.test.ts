import { afterEach, describe, expect, it } from 'vitest'
import { openVillage, type Village } from '../../server/src/testing/village.ts'
import { fetchFrom } from '../test/core-fetch.ts'
import { password, ScriptedServer } from '../test/scripted-server.ts'
import { connect } from './connection.ts'
import type { Wishes } from './negotiation.ts'

const undo: (() => unknown)[] = []
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
})

interface Dialect {
  readonly version?: '1.1' | '1.2' | '1.3'
  readonly syntax?: 'xml' | 'wbxml'
}

async function ready(village: Village, name: string, wishes: Wishes = {}, dialect: Dialect = {}) {
  const connection = connect({ url: 'http://village.test/imps', fetch: fetchFrom(village), ...dialect })
  const session = await connection.login({ userId: `wv:${name}@example.com`, password: `${name}-secret` })
  undo.push(() => session.close())
  await session.negotiate(wishes)
  return session
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const bob = 'wv:bob@example.com'
const octets = Uint8Array.from({ length: 10_000 }, (_, index) => (index * 7) % 256)
const image = { bytes: octets, contentType: 'image/png', name: 'höhle.png' }
const dialects = (['1.1', '1.2', '1.3'] as const).flatMap(version =>
  (['xml', 'wbxml'] as const).map(syntax => ({ version, syntax })),
)

describe('A picture (CSP 5.6.1, 9.2)', () => {
  it.each(dialects)('goes out in $version $syntax, and arrives in each syntax as it was', async dialect => {
    const village = await openVillage()
    const alice = await ready(village, 'alice', {}, dialect)
    for (const syntax of ['xml', 'wbxml'] as const) {
      const reader = await ready(village, 'bob', {}, { syntax })
      await alice.messaging.send({ to: bob, ...image })
      const { value } = await reader.messaging.messages().next()
      expect(value).toMatchObject({ contentType: 'image/png', bytes: octets, text: undefined })
      expect(value.name).toBe(dialect.version === '1.3' ? 'höhle.png' : undefined)
      await value.confirm()
      await reader.logout()
    }
  })

  it('that cannot fit is refused before anything is sent, and the largest that can does', async () => {
    const village = await openVillage()
    for (const syntax of ['xml', 'wbxml'] as const) {
      const alice = await ready(village, 'alice', {}, { syntax })
      const most = alice.messaging.maxContentOctets!
      const send = (length: number) => alice.messaging.send({ to: bob, ...image, bytes: new Uint8Array(length) })
      expect((await send(most)).failed).toEqual([])
      await expect(send(most + 4096)).rejects.toMatchObject({ name: 'RequestTooLarge' })
    }
  })

  it('in a text type is text, also where it went as octets', async () => {
    const village = await openVillage()
    const [alice, reader] = [await ready(village, 'alice', {}, { syntax: 'xml' }), await ready(village, 'bob')]
    const card = 'BEGIN:VCARD\r\nN:Grün\r\nEND:VCARD'
    const bytes = new TextEncoder().encode(card)
    await alice.messaging.send({ to: bob, bytes, contentType: 'text/x-vCard' })
    const { value } = await reader.messaging.messages().next()
    expect(value).toMatchObject({ contentType: 'text/x-vCard', text: card, bytes: undefined })
  })
})

describe('Messages that are announced (CSP 5.6.4.1, 9.1.6, 9.1.8)', () => {
  it('wait at the server until they are fetched and confirmed', async () => {
    const village = await openVillage()
    const [alice, reader] = [await ready(village, 'alice'), await ready(village, 'bob', { delivery: 'notify' })]
    const { messageId } = await alice.messaging.send({ to: bob, ...image })
    const { value } = await reader.messaging.notifications().next()
    expect(value).toMatchObject({
      ...{ id: messageId, from: 'wv:alice@example.com', contentType: 'image/png' },
      ...{ contentSize: 10_000, name: 'höhle.png' },
    })
    const message = await reader.messaging.getMessage(messageId!)
    expect(message.bytes).toEqual(octets)
    expect((await reader.messaging.listMessages()).messages).toMatchObject([{ id: messageId, contentSize: 10_000 }])
    await message.confirm()
    await message.confirm()
    expect(await reader.messaging.listMessages()).toEqual({ messages: [], total: 0 })
    await expect(reader.messaging.getMessage(messageId!)).rejects.toMatchObject({ name: 'InvalidMessageId' })
  })

  it('are fetched on their own where that is wished, and confirmed as the next is asked for', async () => {
    const village = await openVillage()
    const [alice, reader] = [await ready(village, 'alice'), await ready(village, 'bob', { delivery: 'notify' })]
    for (const text of ['one', 'x'.repeat(500), 'two', 'three']) await alice.messaging.send({ to: bob, text })
    const messages = reader.messaging.messages({ fetch: ({ contentSize }) => contentSize! < 100 })
    expect((await messages.next()).value.text).toBe('one')
    expect((await messages.next()).value.text).toBe('two')
    expect((await messages.next()).value.text).toBe('three')
    // The one at which the loop is left comes again, and that which was not wanted is still there.
    await messages.return?.()
    const again = await reader.messaging.messages({ fetch: () => true }).next()
    expect(again.value.text).toBe('three')
    await again.value.confirm()
    const { messages: waiting } = await reader.messaging.listMessages()
    expect(waiting.map(({ contentSize }) => contentSize)).toEqual([500])
  })

  it('can be asked for in the middle of a session', async () => {
    const village = await openVillage()
    const [alice, reader] = [await ready(village, 'alice'), await ready(village, 'bob', { delivery: 'notify' })]
    await reader.messaging.setDeliveryMethod('push')
    await alice.messaging.send({ to: bob, text: 'whole' })
    const { value } = await reader.messaging.messages().next()
    expect(value.text).toBe('whole')
    await value.confirm()
    await reader.messaging.setDeliveryMethod('notify')
    await alice.messaging.send({ to: bob, text: 'told of' })
    expect((await reader.messaging.notifications().next()).value).toMatchObject({ contentSize: 7 })
    const pushedTo = await ready(village, 'carol')
    await expect(pushedTo.messaging.setDeliveryMethod('notify')).rejects.toMatchObject({
      name: 'RelatedServicesMissing',
    })
  })

  it('are listed so far as asked for, with how many there are', async () => {
    const village = await openVillage()
    const [alice, reader] = [await ready(village, 'alice'), await ready(village, 'bob', { delivery: 'notify' })]
    for (const text of ['one', 'two', 'three']) await alice.messaging.send({ to: bob, text })
    const { messages, total } = await reader.messaging.listMessages(2)
    expect([messages.length, total]).toEqual([2, 3])
  })
})

describe('The reports on one message (CSP 9.1.9)', () => {
  it('come to whoever sent it: delivered, rejected, forwarded', async () => {
    const village = await openVillage()
    const [alice, reader] = [await ready(village, 'alice'), await ready(village, 'bob', { delivery: 'notify' })]
    const others = alice.messaging.reports()
    const other = others.next()
    const send = () => alice.messaging.send({ to: bob, text: 'hello', report: true })
    const [first, second, third, fourth] = [await send(), await send(), await send(), await send()]
    const told = [first, second, third].map(sent => collected(sent.reports()))
    await (await reader.messaging.getMessage(first.messageId!)).confirm()
    expect(await reader.messaging.rejectMessages([second.messageId!, 'other'])).toMatchObject({
      failed: [{ to: 'other', name: 'InvalidMessageId' }],
    })
    const forwarded = await reader.messaging.forwardMessage(third.messageId!, 'wv:carol@example.com')
    expect(forwarded.messageId).toMatch(/./)
    expect(await Promise.all(told)).toMatchObject([
      [{ messageId: first.messageId, to: bob, fate: 'delivered', isDelivered: true }],
      [{ messageId: second.messageId, fate: 'rejected', code: 538 }],
      [{ messageId: third.messageId, fate: 'forwarded', code: 541 }],
    ])
    await reader.messaging.rejectMessages(fourth.messageId!)
    expect((await other).value).toMatchObject({ messageId: fourth.messageId })
  })

  it('are one for each recipient who gets it, and none where none was asked for', async () => {
    const village = await openVillage()
    const alice = await ready(village, 'alice')
    const to = [bob, 'wv:carol@example.com', bob, 'wv:zoe@example.com']
    const sent = await alice.messaging.send({ to, text: 'hello', report: true })
    expect(sent.failed).toMatchObject([{ to: 'wv:zoe@example.com', name: 'UnknownUser' }])
    const reports = collected(sent.reports())
    for (const name of ['bob', 'carol']) {
      const { value } = await (await ready(village, name)).messaging.messages().next()
      await value.confirm()
    }
    expect((await reports).map(report => report.to).sort()).toEqual([bob, 'wv:carol@example.com'])
    const unreported = await alice.messaging.send({ to: bob, text: 'hello' })
    expect(await collected(unreported.reports())).toEqual([])
  })

  it('tell when its time was over', async () => {
    const village = await openVillage()
    const alice = await ready(village, 'alice')
    const sent = await alice.messaging.send({ to: bob, text: 'soon stale', report: true, validitySeconds: 60 })
    await village.world.pass(61)
    await village.core.housekeeping.dropExpired()
    expect(await collected(sent.reports())).toMatchObject([{ fate: 'expired', code: 542 }])
  })
})

describe('Announced messages, where fetching fails', () => {
  const notification = {
    name: 'MessageNotification',
    body: {
      messageInfo: {
        messageId: 'm1',
        recipient: { users: [{ userId: 'wv:alice@village.local' }] },
        sender: { user: { userId: 'wv:bob@village.local' } },
      },
    },
  } as const
  const code = (code: number) => ({ name: 'Status', body: { result: { code } } }) as const
  const fetched = { name: 'GetMessageResponse', body: { ...notification.body, contentData: 'at last' } } as const

  async function listening(server: ScriptedServer) {
    const connection = connect({
      url: 'http://village.test/',
      fetch: server.fetch,
      answerMilliseconds: 100,
      attempts: 1,
    })
    const session = await connection.login({ userId: 'wv:alice@village.local', password })
    undo.push(() => session.close())
    await session.negotiate({ delivery: 'notify' })
    return session
  }

  it('are passed over where they are gone', async () => {
    const server = new ScriptedServer()
    const session = await listening(server)
    server.on('GetMessageRequest', ({ messageId }) => (messageId === 'm1' ? code(426) : fetched))
    server.push(notification, 's1')
    const { messageInfo } = notification.body
    server.push({ ...notification, body: { messageInfo: { ...messageInfo, messageId: 'm2' } } }, 's2')
    const { value } = await session.messaging.messages({ fetch: () => true }).next()
    expect(value.text).toBe('at last')
    expect(server.seen.find(({ id, mode }) => id === 's1' && mode === 'Response')?.primitive).toMatchObject(code(200))
  })

  it('come again to the next listener where the server could not be reached', async () => {
    const server = new ScriptedServer()
    const session = await listening(server)
    server.on('GetMessageRequest', () => 'lost')
    server.push(notification)
    const lost = session.messaging.messages({ fetch: () => true }).next()
    await expect(lost).rejects.toMatchObject({ name: 'TransportFailed' })
    server.on('GetMessageRequest', () => fetched)
    const { value } = await session.messaging.messages({ fetch: () => true }).next()
    expect(value.text).toBe('at last')
  })
})
