import { describe, expect, it } from 'vitest'
import { digestBytes } from '../testing/phone.ts'
import { dialects, openVillage } from '../testing/village.ts'

const alive = { name: 'KeepAliveRequest', body: {} } as const
const logout = { name: 'LogoutRequest', body: {} } as const

describe('CSP 6.4.4: a client that lost its session', () => {
  it('gets it back with an inband login under the old id, Transaction-IDs counted anew', async () => {
    const village = await openVillage()
    const [phone, bob] = [await village.ready('alice'), await village.ready('bob')]
    await bob.send('alice', 'kept')
    phone.forgetIds()
    const answer = await phone.loginStep({ password: phone.password }, {})
    expect(answer).toMatchObject({ result: { code: 200 }, sessionId: phone.sessionId, capabilityRequest: false })
    expect(await phone.texts()).toEqual(['kept'])
    expect(await phone.code(alive)).toBe(200)
  })

  it('gets it back with the SessionID element of 1.3, and by digest', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice', { version: '1.3' })
    const old = phone.sessionId!
    const { nonce } = await phone.loginStep({ sessionId: old, digestSchemas: ['SHA'] })
    const proof = { digestBytes: digestBytes('SHA', nonce!, phone.password) }
    expect(await phone.loginStep({ sessionId: old, ...proof })).toMatchObject({ result: { code: 200 }, sessionId: old })
    expect((await phone.send('bob', 'still agreed')).primitive?.name).toBe('SendMessageResponse')
  })

  it('gets it back after the server was restarted', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice')
    village.restart()
    expect(await phone.loginStep({ password: phone.password }, {})).toMatchObject({ sessionId: phone.sessionId })
  })

  it('does not repeat answers of before', async () => {
    const village = await openVillage()
    const [phone, bob] = [await village.ready('alice'), await village.ready('bob')]
    const first = await phone.send('bob', 'same words', { id: '7' })
    await phone.loginStep({ password: phone.password }, {})
    const second = await phone.send('bob', 'same words', { id: '7' })
    expect(second.primitive).not.toEqual(first.primitive)
    expect(await bob.texts()).toEqual(['same words', 'same words'])
  })

  it.each(['still open', 'ended'])('is woken where it is now, by the login that took it up, %s', async how => {
    const village = await openVillage()
    village.core.cir.use('SUDP', { addresses: () => ({}), knock: () => true })
    const phone = await village.ready('alice', { address: '192.0.2.1', cirMethods: ['SUDP'], udpPort: 4000 })
    if (how === 'ended') await phone.code(logout)
    const elsewhere = village.phone('alice', { address: '198.51.100.7' })
    await elsewhere.loginStep({ password: phone.password }, { sessionId: phone.sessionId })
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    expect(session?.agreement.cir).toEqual({ address: '198.51.100.7', udpPort: 4000 })
  })

  it('409 for the wrong password, and the session goes on', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice')
    expect((await phone.loginStep({ password: 'guess' }, {})).result.code).toBe(409)
    expect(await phone.code(alive)).toBe(200)
  })

  it('422 for the session of somebody else or of another client', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice')
    const take = { sessionId: phone.sessionId }
    const bob = village.phone('bob', { clientId: phone.clientId })
    expect((await bob.loginStep({ password: bob.password }, take)).result.code).toBe(422)
    const other = village.phone('alice', { clientId: 'other' })
    expect((await other.loginStep({ password: other.password }, take)).result.code).toBe(422)
    expect(await phone.code(alive)).toBe(200)
  })
})

describe.each(dialects)('CSP 5.1.2: a session that has ended, in $version $syntax', dialect => {
  it('is taken up again under its old id, with what was agreed', async () => {
    const village = await openVillage()
    const [phone, bob] = [await village.ready('alice', dialect), await village.ready('bob')]
    const { sessionId } = phone
    await phone.code(logout)
    await bob.send('alice', 'meanwhile')
    phone.forgetIds()
    const answer = await phone.loginStep({ password: phone.password }, {})
    expect(answer).toMatchObject({ result: { code: 200 }, sessionId, capabilityRequest: false })
    expect(village.core.sessions.ofUser('wv:alice@example.com')[0]?.agreement.capabilities?.parserSize).toBe(32_768)
    expect(await phone.texts()).toEqual(['meanwhile'])
    expect((await phone.send('bob', 'still agreed')).primitive?.name).toBe('SendMessageResponse')
  })
})

describe('CSP 5.1.1: the context of a session', () => {
  const ended = async (config: Record<string, unknown> = {}) => {
    const village = await openVillage({ config })
    const phone = await village.ready('alice', { version: '1.3' })
    await phone.code(logout)
    const takeUp = async () => (await phone.loginStep({ password: phone.password }, {})).result.code
    return { village, phone, takeUp }
  }

  it('is kept for the time that is set, and 502 after it, at the first step already', async () => {
    const { village, phone, takeUp } = await ended({ 'session.contextSeconds': 7200 })
    village.core.housekeeping.start()
    await village.world.pass(7199)
    expect((await phone.loginStep({ digestSchemas: ['MD5'] }, {})).result.code).toBe(200)
    await village.world.pass(1)
    expect((await phone.loginStep({ digestSchemas: ['MD5'] }, {})).result.code).toBe(502)
    expect(await takeUp()).toBe(502)
    expect((await phone.loginStep({ password: phone.password })).result.code).toBe(200)
  })

  it('is not kept at all where that is set', async () => {
    expect(await (await ended({ 'session.contextSeconds': 0 })).takeUp()).toBe(502)
  })

  it('is there after a restart, and after the server ended the session', async () => {
    const village = await openVillage()
    village.core.housekeeping.start()
    const phone = await village.ready('alice')
    await village.world.pass(7300)
    expect(await phone.code(alive)).toBe(604)
    await village.core.housekeeping.stop()
    village.restart()
    expect((await phone.loginStep({ password: phone.password }, {})).result.code).toBe(200)
    expect((await phone.send('bob', 'back')).primitive?.name).toBe('SendMessageResponse')
  })

  it('is for its user and client, who are told 422 otherwise, and can log in as others', async () => {
    const { village, phone } = await ended()
    const take = { sessionId: phone.sessionId }
    const bob = village.phone('bob', { version: '1.3', clientId: phone.clientId })
    expect((await bob.loginStep({ password: bob.password }, take)).result.code).toBe(422)
    const other = village.phone('alice', { version: '1.3', clientId: 'other' })
    expect((await other.loginStep({ password: other.password }, take)).result.code).toBe(422)
    expect((await phone.loginStep({ password: 'guess' }, {})).result.code).toBe(409)
    expect(village.core.sessions.size).toBe(0)
  })

  it('606 where something that was agreed is not on offer any more', async () => {
    const { village, phone, takeUp } = await ended()
    const idDigest = village.world.digest(phone.sessionId!)
    const record = (await village.store.sessions.find(idDigest))!
    const agreement = JSON.stringify({ services: ['IMFeat', 'SomethingOfThePast'] })
    const { sessions } = village.store
    await village.store.commit(sessions.open({ ...record, claimEpoch: 2, agreement }, 8, record.claimEpoch))
    expect((await phone.loginStep({ digestSchemas: ['MD5'] }, {})).result.code).toBe(606)
    expect(await takeUp()).toBe(606)
  })

  it('is not touched by what the login negotiates: it goes on as it was', async () => {
    const { phone } = await ended()
    const negotiating = { functions: { fundamentalFeat: {} }, password: phone.password }
    const answer = await phone.loginStep(negotiating, {})
    expect(answer).toMatchObject({ result: { code: 200 }, functions: undefined, agreedCapabilityList: undefined })
    expect((await phone.send('bob', 'still agreed')).primitive?.name).toBe('SendMessageResponse')
  })

  it('502 while the client is in a session that began later, which goes on', async () => {
    const { village, phone, takeUp } = await ended()
    const later = village.phone('alice', { version: '1.3' })
    await later.login()
    expect(await takeUp()).toBe(502)
    expect(await later.code(alive)).toBe(200)
    await later.code(logout)
    expect(await takeUp()).toBe(200)
    expect(await phone.code(alive)).toBe(200)
  })

  it('606 where it was agreed to be told by a way that there is no more', async () => {
    const { village, phone, takeUp } = await ended()
    const record = (await village.store.sessions.find(village.world.digest(phone.sessionId!)))!
    const agreement = JSON.stringify({ services: ['IMFeat', 'OFFNOTIF'] })
    await village.store.commit(
      village.store.sessions.open({ ...record, claimEpoch: 2, agreement }, 8, record.claimEpoch),
    )
    expect(await takeUp()).toBe(606)
    village.core.offlineNotices.use('SMS', { isAvailable: () => true, send: async () => {} })
    expect(await takeUp()).toBe(200)
  })

  it('does not get round the limit of sessions', async () => {
    const { village, takeUp } = await ended({ 'session.maxPerUser': 2 })
    const other = await village.ready('alice', { clientId: 'other' })
    await village.ready('alice', { clientId: 'one more' })
    expect(await takeUp()).toBe(610)
    await other.code(logout)
    expect(await takeUp()).toBe(200)
  })

  it('is taken up once where two logins ask for it at the same moment', async () => {
    const { village, phone, takeUp } = await ended()
    expect(await Promise.all([takeUp(), takeUp()])).toEqual([200, 200])
    expect(village.core.sessions.size).toBe(1)
    expect(await phone.code(alive)).toBe(200)
  })
})
