import { describe, expect, it } from 'vitest'
import type { PhoneOptions } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

const number = '+358401234567'

describe('CSP 6.4.3: a login on the word of the network', () => {
  const phoneOf = async (user: string, options: PhoneOptions, config = {}) =>
    (await openVillage({ users: [number, 'alice'], config })).phone(user, options)

  it('needs no password, and one step only', async () => {
    const phone = await phoneOf(number, { msisdn: number })
    expect(await phone.loginStep({ digestSchemas: ['MD5'] })).toMatchObject({ result: { code: 200 }, nonce: undefined })
  })

  it('gives the session that is asked for, and no other', async () => {
    const phone = await phoneOf(number, { msisdn: number })
    expect((await phone.loginStep({}, { sessionId: 'never was' })).result.code).toBe(502)
    const { sessionId } = await phone.login({ password: undefined })
    expect(await phone.loginStep({}, { sessionId })).toMatchObject({ result: { code: 200 }, sessionId })
  })

  it('902 for the number of another phone, whatever the password', async () => {
    const phone = await phoneOf(number, { msisdn: '+358409999999' })
    expect((await phone.login()).result.code).toBe(902)
    const alice = await phoneOf('alice', { msisdn: '+358409999999' })
    expect((await alice.login({ clientId: { msisdn: number } })).result.code).toBe(902)
  })

  it('is no word on users who go by a name', async () => {
    const phone = await phoneOf('alice', { msisdn: number })
    expect((await phone.loginStep({ digestSchemas: ['MD5'] })).nonce).toBeDefined()
    expect((await phone.login({ password: 'guess' })).result.code).toBe(409)
    expect((await phone.login()).result.code).toBe(200)
  })

  it('makes nobody a user', async () => {
    const stranger = '+358409999999'
    expect((await (await phoneOf(stranger, { msisdn: stranger })).login()).result.code).toBe(531)
    const hidden = await phoneOf(stranger, { msisdn: stranger }, { 'login.hideUnknown': true })
    expect((await hidden.login()).result.code).toBe(409)
  })

  it('is not there for a phone of which nothing is known', async () => {
    const phone = await phoneOf(number, {})
    expect((await phone.login({ password: 'guess', clientId: { msisdn: number } })).result.code).toBe(409)
  })
})
