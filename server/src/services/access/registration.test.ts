import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { createLog } from '../../telemetry/log.ts'
import { digestBytes, type PhoneOptions } from '../../testing/phone.ts'
import { dialects, openVillage } from '../../testing/village.ts'

const number = '+358401234567'
const secure = { isSecure: true } as const
const byPassword = { 'login.register.byPassword': true }
const byNetwork = { 'login.register.byNetwork': true }

const open = (config: Readonly<Record<string, unknown>> = byPassword, more = {}) => openVillage({ config, ...more })
const loginCode = async (phone: { login(): Promise<{ readonly result: { readonly code: number } }> }) =>
  (await phone.login()).result.code
const codeOf = async (user: string, options: PhoneOptions, config?: Readonly<Record<string, unknown>>) =>
  loginCode((await open(config)).phone(user, options))

describe.each(dialects)('CSP 6.5: a stranger who logs in over TLS in $version $syntax', dialect => {
  it('is registered where that is allowed, and told under which User-ID', async () => {
    const village = await open()
    const phone = village.phone('Dora', { ...dialect, ...secure })
    const answer = await phone.login()
    expect(answer).toMatchObject({ result: { code: 200 }, keepAliveTime: 7200 })
    // Before 1.3 the answer has no place for it.
    expect(answer.userId).toBe(dialect.version === '1.3' ? 'wv:Dora@example.com' : undefined)
    expect(answer.password).toBeUndefined()
    await phone.negotiate()
    expect((await phone.send('bob', 'hello')).primitive?.name).toBe('SendMessageResponse')
    expect(await village.store.accounts.find('wv:dora@example.com')).toMatchObject({
      address: 'wv:Dora@example.com',
      credential: { mode: 'sealed' },
    })
  })

  it('is a user like any other from then on', async () => {
    const village = await open()
    await village.phone('dora', { ...dialect, ...secure }).login()
    const again = village.phone('dora', { ...dialect, clientId: 'other' })
    const { nonce } = await again.loginStep({ digestSchemas: ['MD5'] })
    const answer = await again.loginStep({ digestBytes: digestBytes('MD5', nonce!, 'dora-secret') })
    expect(answer).toMatchObject({ result: { code: 200 }, userId: undefined })
    expect(
      await loginCode(village.phone('dora', { ...dialect, ...secure, clientId: 'third', password: 'guess' })),
    ).toBe(409)
  })
})

describe('A stranger is told 531 and nothing else', () => {
  const silent = async (
    user: string,
    options: PhoneOptions,
    config: Readonly<Record<string, unknown>> = byPassword,
  ) => {
    const village = await open(config)
    const { result } = await village.phone(user, options).login()
    const usual = await (await openVillage()).phone(user, options).login()
    expect(result).toEqual(usual.result)
    expect(await village.store.accounts.list('', 10)).toHaveLength(3)
  }

  it('unless it is turned on', () => silent('dora', secure, {}))
  it('over plain HTTP', () => silent('dora', {}))
  it('with a password that is among the first to be guessed, or too short', async () => {
    for (const password of ['qwerty', 'abc']) await silent('dora', { ...secure, password })
  })
  it.each(['admin', 'Administrator', 'postmaster', number, '0401234567', 'd%c3%b6ra', 'x'.repeat(65), 'a+b', 'a.b/x'])(
    'under the name %s',
    name => silent(name, { ...secure, password: 'a-fine-password' }),
  )
  it('under a name that is reserved here', () =>
    silent('dora', secure, { ...byPassword, 'login.register.reserved': ['Do*'] }))
  it('on the word of the network where only passwords register', () => silent(number, { ...secure, msisdn: number }))
  it('with a password where only the network registers', () => silent('dora', secure, byNetwork))
  it('once there are too many accounts', () =>
    silent('dora', secure, { ...byPassword, 'login.register.maxAccounts': 3 }))
  it('where there are terms and the client is too old to be asked', () =>
    silent('dora', { ...secure, version: '1.2' }, { ...byPassword, 'login.register.terms': 'Terms' }))

  it('in a domain that is not served here', async () => {
    const phone = (await open()).phone('dora', secure)
    expect((await phone.login({ userId: 'wv:dora@elsewhere.org' })).result).toMatchObject({ code: 531 })
  })

  it('with a digest, from which no password can be learnt', async () => {
    const village = await open()
    const phone = village.phone('dora', secure)
    const { nonce } = await phone.loginStep({ digestSchemas: ['MD5'] })
    const proof = { digestBytes: digestBytes('MD5', nonce!, phone.password) }
    expect((await phone.loginStep(proof)).result.code).toBe(531)
    expect(await loginCode(phone)).toBe(200)
  })

  it('or 409 where users are hidden', async () => {
    expect(await codeOf('dora', {}, { ...byPassword, 'login.hideUnknown': true })).toBe(409)
  })

  it('and nothing is registered by taking up a session', async () => {
    const phone = (await open()).phone('dora', { ...secure, version: '1.3' })
    expect((await phone.login({ sessionId: 'gone' })).result.code).toBe(531)
  })

  it('and nothing is registered by a login that is refused for another reason', async () => {
    const village = await open()
    const phone = village.phone('dora', { ...secure, syntax: 'wbxml' })
    expect((await phone.login({ sessionCookie: 'two words' })).result.code).toBe(402)
    expect(await village.store.accounts.find('wv:dora@example.com')).toBeUndefined()
  })
})

describe('Passwords in clear register', () => {
  const clear = { ...byPassword, 'login.register.allowClear': true }

  it('where that is allowed', async () => expect(await codeOf('dora', {}, clear)).toBe(200))

  it('never where digests are required', async () => {
    expect(await codeOf('dora', {}, { ...clear, 'http.requireDigest': true })).toBe(401)
    expect(await codeOf('dora', secure, { ...clear, 'http.requireDigest': true })).toBe(200)
  })
})

describe('The network registers', () => {
  it('the number it vouches for, in the first step, with a password or without', async () => {
    const village = await open(byNetwork)
    const phone = village.phone(number, { msisdn: number, version: '1.3' })
    const answer = await phone.loginStep({ digestSchemas: ['MD5'] })
    expect(answer).toMatchObject({ result: { code: 200 }, userId: `wv:${number}@example.com`, password: undefined })
    expect(answer.sessionId).toBeDefined()
    const other = '+358409999999'
    expect(await loginCode(village.phone(other, { ...secure, msisdn: other, password: 'abcd-efgh' }))).toBe(200)
    const elsewhere = village.phone(other, { clientId: 'elsewhere', password: 'abcd-efgh' })
    expect(await loginCode(elsewhere)).toBe(200)
  })

  it('keeps no password that crossed the network in clear', async () => {
    const village = await open(byNetwork)
    expect(await loginCode(village.phone(number, { msisdn: number }))).toBe(200)
    expect(await loginCode(village.phone(number, { clientId: 'elsewhere' }))).toBe(409)
  })

  it('nobody under the number of somebody else', async () => {
    expect(await codeOf('+358409999999', { msisdn: number }, byNetwork)).toBe(902)
  })
})

describe('Accounts made by logins are limited', () => {
  const hour = 3600

  it('for each source, in an hour', async () => {
    const village = await open({ ...byPassword, 'login.register.perHour.source': 2 })
    const from = (address: string, name: string) => loginCode(village.phone(name, { ...secure, address }))
    expect([await from('192.0.2.1', 'd1'), await from('192.0.2.1', 'd2')]).toEqual([200, 200])
    expect(await from('192.0.2.1', 'd3')).toBe(531)
    expect(await from('192.0.2.2', 'd4')).toBe(200)
    await village.world.pass(hour + 1)
    expect(await from('192.0.2.1', 'd3')).toBe(200)
  })

  it('for each phone, where a gateway with one address tells which it is', async () => {
    const village = await open({ ...byNetwork, 'login.register.perHour.source': 1 })
    for (const msisdn of [number, '+358409999999']) expect(await loginCode(village.phone(msisdn, { msisdn }))).toBe(200)
  })

  it('for the server, also where many come at once', async () => {
    const village = await open({ ...byPassword, 'login.register.perHour.server': 2 })
    const from = (index: number) => loginCode(village.phone(`d${index}`, { ...secure, address: `192.0.2.${index}` }))
    const codes = await Promise.all([1, 2, 3, 4, 5].map(from))
    expect(codes.sort()).toEqual([200, 200, 531, 531, 531])
  })

  it('by all there are, also where many come at once', async () => {
    const village = await open({ ...byPassword, 'login.register.maxAccounts': 4 })
    const from = (index: number) => loginCode(village.phone(`d${index}`, { ...secure, address: `192.0.2.${index}` }))
    expect((await Promise.all([1, 2, 3].map(from))).sort()).toEqual([200, 531, 531])
    expect(await village.store.accounts.list('', 10)).toHaveLength(4)
  })

  it('by the tries of a source, as any logins are', async () => {
    const village = await open({ ...byPassword, 'login.register.terms': 'Terms', 'login.attemptsPerMinute.source': 2 })
    const from = (name: string) => loginCode(village.phone(name, { ...secure, version: '1.3' }))
    expect([await from('d1'), await from('d2'), await from('d3')]).toEqual([903, 903, 503])
  })
})

describe('An account made by a login is whole', () => {
  it('where two logins make it at once: the other is a login like any', async () => {
    const village = await open()
    const login = (clientId: string, password = 'dora-secret') =>
      loginCode(village.phone('dora', { ...secure, clientId, password }))
    expect(await Promise.all([login('a'), login('b'), login('c', 'another-one')])).toEqual([200, 200, 409])
  })

  it('where the server fails before the session is open', async () => {
    let isBroken = true
    const around = (store: Store): Store => ({
      ...store,
      commit: async (unit, lane) => {
        if (isBroken && unit.some(({ sql }) => sql.startsWith('INSERT INTO sessions')))
          throw new StoreUnavailable('gone')
        await store.commit(unit, lane)
      },
    })
    const village = await open(byPassword, { around })
    expect(await loginCode(village.phone('dora', secure))).toBe(503)
    isBroken = false
    village.restart()
    expect(await loginCode(village.phone('dora', secure))).toBe(200)
  })

  it('and is in the log', async () => {
    const lines: string[] = []
    const log = createLog({ level: 'info', to: { write: line => void lines.push(line) } })
    const village = await open(byPassword, { log })
    await village.phone('dora', secure).login()
    expect(lines.join('')).toMatch(/Registered and logged in/)
    expect(lines.join('')).not.toMatch(/dora-secret/)
  })
})
