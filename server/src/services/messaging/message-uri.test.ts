import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { expectPrimitive, type Phone } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

/** Counts who comes by. */
const listen = async () => {
  const seen = { connections: 0 }
  const server = createServer((_, answer) => answer.end('content')).on('connection', () => seen.connections++)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return { seen, uri: `http://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}/picture.gif` }
}

it('CSP 9.1.1.1: what a Message-URI refers to is passed on and never fetched', async () => {
  const { seen, uri } = await listen()
  const village = await openVillage({ config: { 'history.days': 7 } })
  const services = { imFeat: {} } as const
  const ready = (user: string) =>
    village.ready(user, { version: '1.3', services, capabilities: { initialDeliveryMethod: 'N' } })
  const [alice, bob, carol] = [await ready('alice'), await ready('bob'), await ready('carol')]
  const { name, body } = alice.message('bob', '') as { name: 'SendMessageRequest'; body: { messageInfo: object } }
  const messageInfo = { ...body.messageInfo, contentType: 'image/gif', messageUri: uri, contentSize: 7 }
  const sent = await alice.ask({ name, body: { deliveryReport: true, messageInfo } as never })
  const { messageId } = expectPrimitive(sent.primitive, 'SendMessageResponse')
  const fetched = async (phone: Phone, id: string) => {
    const list = await phone.ask({ name: 'GetMessageListRequest', body: {} })
    expect(expectPrimitive(list.primitive, 'GetMessageListResponse').messageInfos?.[0]?.messageUri).toBe(uri)
    const { primitive } = await phone.ask({ name: 'GetMessageRequest', body: { messageId: id } })
    const got = expectPrimitive(primitive, 'GetMessageResponse')
    expect([got.messageInfo.messageUri, got.messageInfo.contentSize, got.contentData]).toEqual([uri, 7, undefined])
  }
  await bob.poll()
  await fetched(bob, messageId!)
  const sender = { user: { userId: 'wv:bob' } }
  const forward = { messageId: messageId!, sender, recipient: { users: [{ userId: 'wv:carol' }] } }
  const forwarded = await bob.ask({ name: 'ForwardMessageRequest', body: forward })
  const { messageId: second } = expectPrimitive(forwarded.primitive, 'ForwardMessageResponse')
  await carol.poll()
  await fetched(carol, second)
  expect(await carol.code({ name: 'MessageDelivered', body: { messageId: second } })).toBe(200)
  expect(await village.store.history.page('wv:bob@example.com', 0, 10, 10_000)).not.toEqual([])
  expect(seen.connections).toBe(0)
  // It does count.
  await (await fetch(uri.replace('user:secret@', ''))).text()
  expect(seen.connections).toBe(1)
})
