import type { BodyInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import type { Phone, PhoneOptions } from '../../testing/phone.ts'
import { dialects, openVillage, type Village, type VillageOptions } from '../../testing/village.ts'

type List = NonNullable<BodyInput<'LoginRequest'>['capabilityList']>

const alice = 'wv:alice@example.com'
const v13 = { version: '1.3', syntax: 'xml' } as const

/** Everything that makes an agreement differ from what was asked for. */
const wishes: List = {
  acceptedContentTypes: [
    { contentType: 'text/plain' },
    { contentType: 'image/png', acceptedRichContentLength: 9_000_000, contentPolicy: 'N', contentPolicyLimit: 5 },
  ],
  acceptedTransferEncodings: ['BASE64', 'x-other'],
  acceptedPullLength: 9_000_000,
  acceptedTextContentLength: 9_000_000,
  defaultLanguage: 'eng',
  initialDeliveryMethod: 'N',
  multiTrans: 100,
  multiTransPerMessage: 3,
  offlineEtemHandling: 'SENDSTORE',
  onlineEtemHandling: 'DETECT',
  parserSize: 10_000_000,
  plainTextCharsets: [4, 106],
  serverPollMin: 1,
  sessionPriority: 30,
  supportedBearers: ['HTTPS', 'SMS'],
  supportedOfflineBearers: ['SMS'],
  supportedCirMethods: ['SSMS', 'STCP'],
  udpPort: 4000,
}

const ask = (phone: Phone, list: List) => phone.ask({ name: 'ClientCapabilityRequest', body: { capabilityList: list } })
const logout = (phone: Phone) => phone.code({ name: 'LogoutRequest', body: {} })
const agreement = (village: Village) => village.core.sessions.ofUser(alice)[0]?.agreement

/** Where a client has agreed on its wishes and gone. */
const remembering = async (list = wishes, phone: PhoneOptions = v13, options?: VillageOptions) => {
  const village = await openVillage(options)
  const first = village.phone('alice', phone)
  await first.login()
  await ask(first, list)
  const agreed = agreement(village)
  await logout(first)
  return { village, agreed, back: (change: PhoneOptions = {}) => village.phone('alice', { ...phone, ...change }) }
}

describe.each(dialects)('CSP 6.9.1: a client that comes back in $version $syntax', dialect => {
  it('need not say again what it can do, after a restart as well', async () => {
    const { village, agreed, back } = await remembering(wishes, dialect)
    village.restart()
    const phone = back()
    expect((await phone.login()).capabilityRequest).toBe(false)
    const ofClient = { ...agreed?.capabilities, onlineEtemHandling: undefined }
    expect(agreement(village)?.capabilities).toEqual(JSON.parse(JSON.stringify(ofClient)))
    expect(agreement(village)).toMatchObject({ services: [], deliveryMethod: 'N', cir: { udpPort: 4000 } })
    await logout(phone)
    expect((await back().login()).capabilityRequest).toBe(false)
  })

  it('is asked where it comes in another version or syntax, or is another client', async () => {
    const { back, village } = await remembering(wishes, dialect)
    for (const other of dialects.filter(
      ({ version, syntax }) => `${version}${syntax}` !== Object.values(dialect).join(''),
    )) {
      const phone = back(other)
      expect((await phone.login()).capabilityRequest).toBe(true)
      await logout(phone)
    }
    expect((await back({ clientId: 'other' }).login()).capabilityRequest).toBe(true)
    expect((await village.phone('bob', { ...dialect, clientId: 'phone-of-alice' }).login()).capabilityRequest).toBe(
      true,
    )
  })
})

describe('CSP 6.9.1: what is remembered of a client', () => {
  it('is what was agreed on last, in whatever way', async () => {
    const { village, back } = await remembering()
    const phone = back()
    await phone.login()
    await ask(phone, { multiTrans: 2 })
    await logout(phone)
    await phone.login()
    expect(agreement(village)).toMatchObject({ capabilities: { multiTrans: 2 }, deliveryMethod: 'P' })
    expect(agreement(village)?.capabilities?.parserSize).toBeUndefined()
    await logout(phone)
    expect((await phone.login({ capabilityList: { multiTrans: 3 } })).capabilityRequest).toBe(false)
    await logout(phone)
    await phone.login()
    expect(agreement(village)?.capabilities?.multiTrans).toBe(3)
  })

  it('sends datagrams to where the client is now', async () => {
    const { village, back } = await remembering()
    await back({ address: '198.51.100.7' }).login()
    expect(agreement(village)?.cir).toEqual({ address: '198.51.100.7', udpPort: 4000 })
  })

  it('does not hold where the server would no longer agree', async () => {
    const { village, back } = await remembering()
    village.restart({ 'poll.minSeconds': 60 })
    expect((await back().login()).capabilityRequest).toBe(true)
    expect(agreement(village)?.capabilities).toBeUndefined()
    expect(agreement(village)?.cir).toBeUndefined()
  })

  it('is nothing where an address of ours would have to be told', async () => {
    const village = await openVillage()
    village.core.cir.use('STCP', { addresses: () => ({ tcpAddress: 'im.example.com' }), knock: () => false })
    const phone = village.phone('alice', v13)
    await phone.login({ capabilityList: wishes })
    expect(agreement(village)?.capabilities?.supportedCirMethods).toEqual(['STCP'])
    await logout(phone)
    expect((await phone.login()).capabilityRequest).toBe(true)
  })

  it('may be that it is woken by WAP Push, which needs no address of ours', async () => {
    const village = await openVillage()
    village.core.cir.use('WAPUDP', { addresses: () => ({}), knock: () => false })
    const phone = village.phone('alice', v13)
    await phone.login({ capabilityList: { supportedCirMethods: ['WAPUDP'] } })
    await logout(phone)
    expect((await phone.login()).capabilityRequest).toBe(false)
    expect(agreement(village)?.capabilities?.supportedCirMethods).toEqual(['WAPUDP'])
  })

  it('has bounds, and a list beyond them leaves nothing of the one before', async () => {
    const { back, village } = await remembering()
    const phone = back()
    await phone.login()
    await ask(phone, { ...wishes, defaultLanguage: 'x'.repeat(4096) })
    await logout(phone)
    expect((await phone.login()).capabilityRequest).toBe(true)
    expect(await village.store.clientSettings.find(alice, 'url:phone-of-alice')).toMatchObject({
      ...{ capabilities: null, offlineHandling: 'SENDSTORE' },
    })
  })

  it('is of the 50 clients a user used last; a login that needs it counts as use', async () => {
    const { village, back } = await remembering()
    for (let count = 1; count <= 50; count++) {
      await village.world.pass(3600)
      const clientId = `client ${count}`
      const other = back({ clientId })
      await other.login({ capabilityList: {} })
      await logout(other)
      if (count !== 20) continue
      const phone = back()
      expect((await phone.login()).capabilityRequest).toBe(false)
      await logout(phone)
    }
    expect((await back({ clientId: 'client 1' }).login()).capabilityRequest).toBe(true)
    expect((await back().login()).capabilityRequest).toBe(false)
  })

  it('is not written again by each of many logins', async () => {
    const { village, back } = await remembering()
    const usedAt = async () => (await village.store.clientSettings.find(alice, 'url:phone-of-alice'))?.usedAt
    const before = await usedAt()
    const again = async (seconds: number) => {
      await village.world.pass(seconds)
      const phone = back()
      expect((await phone.login()).capabilityRequest).toBe(false)
      await logout(phone)
    }
    await again(3599)
    expect(await usedAt()).toBe(before)
    await again(1)
    expect(await usedAt()).toBe(before! + 3_600_000)
  })

  it('does not change a session that is taken up again', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', v13)
    const { sessionId } = await phone.login()
    await logout(phone)
    await phone.login({ capabilityList: wishes })
    await logout(phone)
    expect(await phone.login({ sessionId })).toMatchObject({ sessionId, capabilityRequest: true })
    expect(agreement(village)?.capabilities).toBeUndefined()
  })
})

describe('CSP 6.9.1: bearers for offline notifications', () => {
  const number = '+358401234567'
  const sms = { isAvailable: () => true, send: async () => {} }
  const bearers = { offlineBearers: new Map([['SMS', sms]]) }
  const settings = (village: Village) => village.store.clientSettings.find(alice, 'url:phone-of-alice')
  const wish: List = { supportedOfflineBearers: ['WAPPUSH', 'SMS'] }

  it('are those both sides have, and 1.3 is told so', async () => {
    const phone = (await openVillage(bearers)).phone('alice', v13)
    const login = await phone.login({ capabilityList: wish })
    expect(login.agreedCapabilityList?.supportedOfflineBearers).toEqual(['SMS'])
    await logout(phone)
    const again = await phone.login({ capabilityList: { supportedOfflineBearers: ['SMS'] } })
    expect(again.agreedCapabilityList?.supportedOfflineBearers).toEqual(['SMS'])
  })

  it('stay after the session, with the number of the phone, until others are agreed on', async () => {
    const { village, back } = await remembering(wish, { ...v13, msisdn: number }, bearers)
    expect(await settings(village)).toMatchObject({ offlineBearers: 'SMS', msisdn: number })
    const phone = back({ msisdn: undefined })
    expect((await phone.login()).capabilityRequest).toBe(false)
    expect(await settings(village)).toMatchObject({ offlineBearers: 'SMS', msisdn: number })
    await ask(phone, {})
    expect(await settings(village)).toMatchObject({ offlineBearers: null, msisdn: null })
  })

  it('are not agreed on where the server has none, and no number is kept', async () => {
    const { village } = await remembering(wish, { ...v13, msisdn: number })
    expect(await settings(village)).toMatchObject({ offlineBearers: null, msisdn: null })
  })
})
