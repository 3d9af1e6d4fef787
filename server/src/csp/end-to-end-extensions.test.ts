import { describe, expect, it } from 'vitest'
import { allMessaging, expectPrimitive, type Phone, pushed } from '../testing/phone.ts'
import { openVillage, type Village } from '../testing/village.ts'

/** For recipients alone: markup, with text and octets in it. */
const extBlockEtems = [
  {
    name: 'ExtBlockETEM',
    attributes: [['xmlns', 'http://example.org/ext']] as const,
    children: [{ name: 'Mood', attributes: [['of', 'the day'] as const], children: ['<bright> & early'] }],
  },
]
const since13 = { version: '1.3' } as const
const noted = { capabilities: { initialDeliveryMethod: 'N' }, services: allMessaging } as const

const blocksIn = (primitive: { readonly body: object } | undefined) =>
  (primitive?.body as { messageInfo?: { extBlockEtems?: unknown } } | undefined)?.messageInfo?.extBlockEtems

const pushedTo = async (phone: Phone) => blocksIn((await phone.poll()).message?.transactions[0]?.primitive)

describe.each(['xml', 'wbxml'] as const)('CSP 12.2.1: an extension of an end-to-end message, to %s', syntax => {
  const dialect = { ...since13, syntax }
  const send = async (village: Village) => {
    const alice = await village.ready('alice', since13)
    const { primitive } = await alice.send('bob', 'hello', { info: { extBlockEtems } })
    return expectPrimitive(primitive, 'SendMessageResponse').messageId!
  }

  it('comes with the message that is pushed, also from the store', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob', dialect)
    await send(village)
    village.restart()
    expect(await pushedTo(bob)).toEqual(extBlockEtems)
  })

  it('comes with the message that is fetched', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob', { ...dialect, ...noted })
    const messageId = await send(village)
    const { primitive } = await bob.ask({ name: 'GetMessageRequest', body: { messageId } })
    expect(blocksIn({ body: expectPrimitive(primitive, 'GetMessageResponse') })).toEqual(extBlockEtems)
  })

  it('goes on with the message that is forwarded', async () => {
    const village = await openVillage()
    const carol = await village.ready('carol', { ...dialect, services: pushed })
    const bob = await village.ready('bob', { ...dialect, ...noted })
    const messageId = await send(village)
    const recipient = { users: [{ userId: 'wv:carol@example.com' }] }
    const sender = { user: { userId: 'wv:bob@example.com' } }
    const body = { messageId, recipient, sender }
    const { primitive } = await bob.ask({ name: 'ForwardMessageRequest', body })
    expect(primitive?.name).toBe('ForwardMessageResponse')
    expect(await pushedTo(carol)).toEqual(extBlockEtems)
  })

  it('is not there for a client of 1.2, which knows no such thing', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob', { version: '1.2', syntax })
    await send(village)
    const { outbound, message } = await bob.poll()
    expect(message?.transactions[0]?.primitive?.name).toBe('NewMessage')
    expect(Buffer.from(outbound.body).toString('latin1')).not.toMatch(/ExtBlock|Mood|bright/)
  })
})
