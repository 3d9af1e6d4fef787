import { catalogue, type Element } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { subscribe, subscribed, unsubscribe, withServices } from '../../testing/notifications.ts'
import type { Phone } from '../../testing/phone.ts'
import { openVillage, type Village } from '../../testing/village.ts'

const fundamental = ['OEU', 'SPA', 'UIC']
const accessControl = ['BLC', 'BLUC', 'GLC', 'GLUC']
const contactLists = ['ATCL', 'CLCR', 'CLC', 'CLD']

/** As the language has them. */
const { notificationTypes }: Element['parts'] & {} = catalogue.SubscribeNotificationRequest.element.parts!
const allTypes = notificationTypes!.of.items!.of.values!

const typesOf = ({ core }: Village) => [
  ...(core.sessions.ofUser('wv:alice@example.com')[0]?.agreement.notifications ?? []),
]
const negotiate = (phone: Phone, functions: object) =>
  phone.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })

describe.each(['xml', 'wbxml'] as const)('CSP 7.2.1, SubscribeNotification in %s', syntax => {
  const open = async () => {
    const village = await openVillage()
    return { village, phone: await withServices(village, 'alice', 'phone', { syntax }) }
  }

  it('adds types to those subscribed to before, each once', async () => {
    const { village, phone } = await open()
    expect(await subscribe(phone, ['CLC', 'BLC', 'CLC'])).toBe(200)
    expect(await subscribe(phone, ['OEU', 'BLC'])).toBe(200)
    expect(typesOf(village)).toEqual(['CLC', 'BLC', 'OEU'])
  })

  it.each([
    ['no list', undefined],
    ['an empty list', []],
  ])('takes %s for all types that are allowed', async (_, types) => {
    const { village, phone } = await open()
    expect(await subscribe(phone, types)).toBe(200)
    expect(typesOf(village)).toEqual(expect.arrayContaining([...fundamental, ...accessControl, ...contactLists]))
    for (const other of ['GC', 'IA', 'PPU']) expect(typesOf(village)).not.toContain(other)
  })

  it.each([
    [433, ['BLC', 'XYZ']],
    [433, ['BLC', 'GC', 'blc']],
    [433, ['BLC', '']],
    [433, ['toString']],
    [440, ['BLC', 'GC']],
    [440, ['PPU', 'BLC']],
  ])('%i for %j, and none is subscribed to', async (code, types) => {
    const { village, phone } = await open()
    expect(await subscribe(phone, types)).toBe(code)
    expect(typesOf(village)).toEqual([])
  })

  it('Unsubscribe takes back the types that are named, or all, and is content where there were none', async () => {
    const { village, phone } = await open()
    expect(await unsubscribe(phone, ['BLC'])).toBe(200)
    await subscribe(phone, ['CLC', 'BLC', 'OEU'])
    expect(await unsubscribe(phone, ['BLC', 'GC', 'XYZ'])).toBe(200)
    expect(typesOf(village)).toEqual(['CLC', 'OEU'])
    expect(await unsubscribe(phone)).toBe(200)
    expect(typesOf(village)).toEqual([])
    await subscribe(phone, ['CLC'])
    expect(await unsubscribe(phone, [])).toBe(200)
    expect(typesOf(village)).toEqual([])
  })
})

describe('CSP 7.2.1: which types may be subscribed to', () => {
  it('is known of all 26 of table 31', () => expect(new Set(allTypes).size).toBe(26))

  it.each(allTypes.map(type => [type]))('%s is one, of the services agreed on or not', async type => {
    const phone = await (await openVillage()).ready('alice', {
      version: '1.3',
      services: { imFeat: { imSendFunc: {} } },
    })
    expect(await subscribe(phone, [type])).toBe(fundamental.includes(type) ? 200 : 440)
  })

  it('is a question of the services agreed on, one of them will do', async () => {
    const phone = await (await openVillage()).ready('alice', {
      version: '1.3',
      services: {
        imFeat: { imSendFunc: {}, imAuthFunc: { glblu: true } },
        presenceFeat: { contListFunc: { mcls: true } },
      },
    })
    expect(await subscribe(phone, [...accessControl, ...contactLists])).toBe(200)
  })

  it('needs no services at all for the fundamental ones', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', { version: '1.3' })
    await phone.login()
    expect(await subscribe(phone)).toBe(200)
    expect(typesOf(village).sort()).toEqual(fundamental)
  })

  it('is decided anew when services are negotiated: whoever gives one up loses its types and no others', async () => {
    const village = await openVillage()
    const phone = await subscribed(village, 'alice', ['BLC', 'CLC', 'OEU'])
    await negotiate(phone, { imFeat: {}, presenceFeat: { contListFunc: {} } })
    expect(typesOf(village)).toEqual(['BLC', 'CLC', 'OEU'])
    await negotiate(phone, { imFeat: {} })
    expect(typesOf(village)).toEqual(['BLC', 'OEU'])
    await negotiate(phone, { presenceFeat: { contListFunc: {} } })
    expect(typesOf(village)).toEqual(['OEU'])
  })
})

describe('CSP 7.2.1: a subscription', () => {
  it('outlives a new capability negotiation and a restart of the server', async () => {
    const village = await openVillage()
    const phone = await subscribed(village, 'alice', ['BLC', 'OEU'])
    await phone.ask({ name: 'ClientCapabilityRequest', body: { capabilityList: { multiTrans: 2 } } })
    village.restart()
    expect(await phone.code({ name: 'KeepAliveRequest', body: {} })).toBe(200)
    expect(typesOf(village)).toEqual(['BLC', 'OEU'])
  })

  it('comes back with the session that is taken up again, and not with another one of the same client', async () => {
    const village = await openVillage()
    const phone = await subscribed(village, 'alice', ['BLC', 'OEU'])
    const { sessionId } = phone
    await phone.code({ name: 'LogoutRequest', body: {} })
    await phone.login({ sessionId })
    expect(typesOf(village)).toEqual(['BLC', 'OEU'])
    await phone.code({ name: 'LogoutRequest', body: {} })
    phone.sessionId = undefined
    await phone.login()
    expect(typesOf(village)).toEqual([])
  })

  it('is that of one client, not of its user', async () => {
    const village = await openVillage()
    await subscribed(village, 'alice', ['BLC'])
    await withServices(village, 'alice', 'other')
    expect(
      village.core.sessions.ofUser('wv:alice@example.com').map(({ agreement }) => agreement.notifications),
    ).toEqual([['BLC'], []])
  })

  it('leaves alone what a client has refused: it is not given that again', async () => {
    const village = await openVillage()
    const [phone, bob] = [await withServices(village, 'alice', 'phone'), await village.ready('bob')]
    await bob.send('alice', 'not for this client')
    const { message } = await phone.poll()
    await phone.answer(message?.transactions[0]?.id, { name: 'Status', body: { result: { code: 415 } } })
    await subscribe(phone)
    await unsubscribe(phone)
    expect(await phone.texts()).toEqual([])
  })
})
