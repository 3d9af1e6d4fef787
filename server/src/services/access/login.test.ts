import { createHash } from 'node:crypto'
import type { ClientID } from '@village/protocol'
import { md4 } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { codeOf, digestBytes } from '../../testing/phone.ts'
import { dialects, openVillage } from '../../testing/village.ts'

describe.each(dialects)('CSP 6.4: a login in $version $syntax', dialect => {
  it('takes the password itself', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', dialect)
    const { result, sessionId, keepAliveTime, capabilityRequest, clientId } = await phone.login({ timeToLive: 600 })
    expect(result.code).toBe(200)
    expect(sessionId).toMatch(/^[\w-]{24}$/)
    expect(clientId).toEqual({ url: 'phone-of-alice' })
    expect(keepAliveTime).toBe(600)
    expect(capabilityRequest).toBe(true)
    expect(await phone.code({ name: 'KeepAliveRequest', body: {} })).toBe(200)
  })

  it('takes a digest over the nonce of the first step, under another Transaction-ID', async () => {
    const village = await openVillage()
    for (const schema of ['SHA', 'MD5'] as const) {
      const phone = village.phone('alice', { ...dialect, clientId: `phone ${schema}` })
      const first = await phone.loginStep({ digestSchemas: [schema] })
      expect(first).toMatchObject({ result: { code: 200 }, digestSchema: schema })
      expect(first.sessionId).toBeUndefined()
      const second = await phone.loginStep({ digestBytes: digestBytes(schema, first.nonce!, phone.password) })
      expect(second.result.code).toBe(200)
      expect(second.sessionId).toBeDefined()
    }
  })

  it('answers a refusal with a Login-Response that has no Session-ID', async () => {
    const village = await openVillage()
    const answer = await village.phone('alice', { ...dialect, password: 'guess' }).login()
    expect(answer).toMatchObject({ result: { code: 409 }, clientId: { url: 'phone-of-alice' } })
    expect(answer.sessionId).toBeUndefined()
  })
})

describe('CSP 6.4.2: a nonce', () => {
  const begin = async (minutes = 0, more = {}) => {
    const village = await openVillage({ users: ['alice', 'bob'] })
    const phone = village.phone('alice', more)
    const { nonce } = await phone.loginStep({ digestSchemas: ['MD5'] })
    await village.world.pass(minutes * 60)
    return { village, phone, right: { digestBytes: digestBytes('MD5', nonce!, 'alice-secret') } }
  }

  it('is good once', async () => {
    const { phone, right } = await begin()
    expect((await phone.loginStep(right)).result.code).toBe(200)
    expect((await phone.loginStep(right)).result.code).toBe(401)
  })

  it('is spent by a wrong try', async () => {
    const { phone, right } = await begin()
    expect((await phone.loginStep({ digestBytes: 'AAAA' })).result.code).toBe(409)
    expect((await phone.loginStep(right)).result.code).toBe(401)
  })

  it('is good for less than 60 seconds', async () => {
    const { phone, right } = await begin(1)
    expect((await phone.loginStep(right)).result.code).toBe(401)
    const just = await begin(59 / 60)
    expect((await just.phone.loginStep(just.right)).result.code).toBe(200)
  })

  it('belongs to the user and the client it was made for', async () => {
    const { village, right } = await begin()
    expect((await village.phone('alice', { clientId: 'other' }).loginStep(right)).result.code).toBe(401)
    expect((await village.phone('bob', { clientId: 'phone-of-alice' }).loginStep(right)).result.code).toBe(401)
  })

  it('is given to unknown users too, who are told apart in the second step only', async () => {
    const village = await openVillage()
    const stranger = village.phone('mallory')
    const { result, nonce } = await stranger.loginStep({ digestSchemas: ['MD5'] })
    expect(result.code).toBe(200)
    const second = await stranger.loginStep({ digestBytes: digestBytes('MD5', nonce!, stranger.password) })
    expect(second.result.code).toBe(531)
  })
})

describe('CSP 6.4.2.1: digest schemas', () => {
  it('are chosen best first, in any spelling, from a list or from one text', async () => {
    const phone = (await openVillage()).phone('alice')
    expect((await phone.loginStep({ digestSchemas: ['MD5', 'SHA'] })).digestSchema).toBe('SHA')
    expect((await phone.loginStep({ digestSchemas: ['md5'] })).digestSchema).toBe('MD5')
    const old = (await openVillage()).phone('alice', { version: '1.1' })
    expect((await old.loginStep({ digestSchemas: ['PWD', 'MD4', 'MD5', 'MD6'] })).digestSchema).toBe('MD5')
  })

  it.each([[['PWD']], [['MD6', 'SHA256']], [[]], [['MD4']]])('543 for %j', async digestSchemas => {
    const phone = (await openVillage()).phone('alice')
    expect(await phone.loginStep({ digestSchemas })).toMatchObject({ result: { code: 543 } })
  })

  it('PWD over TLS, for a client that knows nothing else, and for accounts of which only a hash is kept', async () => {
    const village = await openVillage({ users: [] })
    await village.add('alice', { password: 'only-a-hash', mode: 'hash' })
    const phone = village.phone('alice', { isSecure: true })
    expect((await phone.loginStep({ digestSchemas: ['PWD', 'SHA'] })).digestSchema).toBe('SHA')
    for (const [password, code] of [
      ['wrong-one', 409],
      ['only-a-hash', 200],
    ] as const) {
      const { nonce, digestSchema } = await phone.loginStep({ digestSchemas: ['PWD'] })
      expect(digestSchema).toBe('PWD')
      const digestBytes = Buffer.from(nonce + password).toString('base64')
      expect((await phone.loginStep({ digestBytes })).result.code).toBe(code)
    }
  })

  it('MD4 where it is allowed', async () => {
    const village = await openVillage({ config: { 'secrets.allowMd4': true } })
    const phone = village.phone('alice')
    const { nonce, digestSchema } = await phone.loginStep({ digestSchemas: ['MD4'] })
    expect(digestSchema).toBe('MD4')
    const digest = Buffer.from(await md4(`${nonce}alice-secret`), 'hex').toString('base64')
    expect((await phone.loginStep({ digestBytes: digest })).result.code).toBe(200)
  })

  it('are computed over ISO-8859-1 or UTF-8', async () => {
    const village = await openVillage({ users: [] })
    await village.add('alice', { password: 'smörgåsbord' })
    for (const encoding of ['latin1', 'utf8'] as const) {
      const phone = village.phone('alice', { clientId: encoding })
      const { nonce } = await phone.loginStep({ digestSchemas: ['SHA'] })
      const digest = createHash('sha1').update(`${nonce}smörgåsbord`, encoding).digest('base64')
      expect((await phone.loginStep({ digestBytes: digest })).result.code).toBe(200)
    }
  })
})

describe('A login that is refused', () => {
  it('531 for an unknown user, or 409 where that is to stay hidden', async () => {
    expect((await (await openVillage()).phone('mallory').login()).result.code).toBe(531)
    const hiding = await openVillage({ config: { 'login.hideUnknown': true } })
    expect((await hiding.phone('mallory').login()).result.code).toBe(409)
    const stranger = hiding.phone('mallory')
    const { nonce } = await stranger.loginStep({ digestSchemas: ['MD5'] })
    const second = await stranger.loginStep({ digestBytes: digestBytes('MD5', nonce!, 'x') })
    expect(second.result.code).toBe(409)
  })

  it.each(['wv:alice@elsewhere.org', 'wv:alice/friends@example.com', 'tel:alice@example.com', ''])(
    '531 for the address %j',
    async userId => {
      expect((await (await openVillage()).phone('alice').login({ userId })).result.code).toBe(531)
    },
  )

  it('takes the address without scheme and domain, and in other case', async () => {
    const village = await openVillage()
    for (const userId of ['alice', 'wv:Alice', 'alice@EXAMPLE.com'])
      expect((await village.phone('alice', { clientId: userId }).login({ userId })).result.code).toBe(200)
  })

  it('503 after five wrong passwords in a minute, with the time to wait', async () => {
    const village = await openVillage()
    const guesser = village.phone('alice', { password: 'guess' })
    for (let guess = 0; guess < 5; guess++) expect((await guesser.login()).result.code).toBe(409)
    const { result } = await guesser.login()
    expect(result).toMatchObject({ code: 503, description: expect.stringMatching(/again in \d+ seconds/) })
    expect((await village.phone('bob').login()).result.code).toBe(200)
  })

  it('503 in the second step of a digest login as well', async () => {
    const guesser = (await openVillage()).phone('alice')
    const guess = async () => {
      await guesser.loginStep({ digestSchemas: ['MD5'] })
      return (await guesser.loginStep({ digestBytes: 'AAAA' })).result.code
    }
    for (let count = 0; count < 5; count++) expect(await guess()).toBe(409)
    expect(await guess()).toBe(503)
  })

  it('401 with a nonce for a password in clear, where only digests are taken', async () => {
    const village = await openVillage({ config: { 'http.requireDigest': true } })
    const phone = village.phone('alice')
    const answer = await phone.login()
    expect(answer).toMatchObject({ result: { code: 401 }, digestSchema: 'MD5' })
    expect(answer.sessionId).toBeUndefined()
    const second = await phone.loginStep({ digestBytes: digestBytes('MD5', answer.nonce!, phone.password) })
    expect(second.result.code).toBe(200)
    expect((await village.phone('bob', { isSecure: true }).login()).result.code).toBe(200)
  })

  it('403 for an account that keeps a hash, unless nobody can read along', async () => {
    const village = await openVillage({ users: [] })
    await village.add('alice', { mode: 'hash' })
    expect((await village.phone('alice').login()).result.code).toBe(403)
    expect((await village.phone('alice', { password: 'guess' }).login()).result.code).toBe(409)
    expect((await village.phone('alice', { isSecure: true }).login()).result.code).toBe(200)
    const digesting = village.phone('alice')
    const { nonce } = await digesting.loginStep({ digestSchemas: ['MD5'] })
    const second = await digesting.loginStep({ digestBytes: digestBytes('MD5', nonce!, digesting.password) })
    expect(second.result.code).toBe(409)
  })

  it.each(['', 'two words', 'line\nbreak', 'x'.repeat(257)])('402 for the cookie %j', async sessionCookie => {
    const village = await openVillage({ users: ['alice'] })
    // WBXML carries any character.
    const phone = village.phone('alice', { syntax: 'wbxml' })
    expect((await phone.login({ sessionCookie })).result.code).toBe(402)
    expect((await phone.login({ sessionCookie: 'wv:nokia.358401234567' })).result.code).toBe(200)
  })

  it('402 for a Client-ID that is empty, or longer than what is kept of strangers', async () => {
    const phone = (await openVillage()).phone('alice')
    const first = (clientId: ClientID) => phone.loginStep({ clientId, digestSchemas: ['MD5'] })
    expect((await first({})).result.code).toBe(402)
    expect((await first({ url: `urn:${'x'.repeat(509)}` })).result.code).toBe(402)
    expect((await first({ msisdn: `+${'3'.repeat(512)}` })).result.code).toBe(402)
    expect((await first({ url: `urn:${'x'.repeat(500)}` })).result.code).toBe(200)
  })
})

describe('CSP 6.4, 6.7: the keep-alive time', () => {
  it.each([
    [undefined, 7200],
    [7205, 7205],
    [1, 60],
    [10_000_000, 86_400],
  ])('asked for %s seconds, grants %s', async (timeToLive, granted) => {
    const phone = (await openVillage()).phone('alice')
    expect((await phone.login({ timeToLive })).keepAliveTime).toBe(granted)
  })

  it('can be changed later, and the answer says to what', async () => {
    const phone = (await openVillage()).phone('alice')
    await phone.login()
    const ask = async (timeToLive?: number) =>
      (await phone.ask({ name: 'KeepAliveRequest', body: { timeToLive } })).primitive
    expect(await ask(300)).toMatchObject({ body: { result: { code: 200 }, keepAliveTime: 300 } })
    expect(await ask(5)).toMatchObject({ body: { keepAliveTime: 60 } })
    expect((await ask())?.body).toMatchObject({ result: { code: 200 }, keepAliveTime: undefined })
  })

  it('stays as it was where the wish is no time at all, which is told by 605', async () => {
    const village = await openVillage()
    const phone = village.phone('alice')
    await phone.login({ timeToLive: 300 })
    const { primitive } = await phone.ask({ name: 'KeepAliveRequest', body: { timeToLive: 0 } })
    expect(primitive).toMatchObject({ name: 'KeepAliveResponse', body: { result: { code: 605 } } })
    expect(village.core.sessions.ofUser('wv:alice@example.com')[0]?.keepAliveSeconds).toBe(300)
  })
})

describe('CSP 6.4: negotiation in the login itself', () => {
  const functions = { imFeat: {}, groupFeat: {} }
  const capabilityList = {
    clientType: 'MOBILE_PHONE',
    multiTrans: 100,
    supportedBearers: ['HTTP'],
  } as const

  it('is one unit with it, and is in force at once', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', { version: '1.3' })
    const answer = await phone.login({ functions, capabilityList })
    expect(answer).toMatchObject({ capabilityRequest: false, functions: { groupFeat: {} } })
    expect(answer.agreedCapabilityList?.multiTrans).toBe(16)
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    expect(session?.agreement).toMatchObject({ services: expect.arrayContaining(['IMFeat', 'MDELIV', 'NEWM']) })
    expect((await phone.send('bob', 'hello')).primitive?.name).toBe('SendMessageResponse')
    village.restart()
    expect((await phone.send('bob', 'hello again')).primitive?.name).toBe('SendMessageResponse')
  })

  it('of services none of which is here opens the session all the same, and says that they are not', async () => {
    const phone = (await openVillage()).phone('alice', { version: '1.3' })
    const answer = await phone.login({ functions: { groupFeat: {} }, capabilityList })
    expect(answer).toMatchObject({ result: { code: 200 }, functions: { groupFeat: {} } })
    expect(codeOf((await phone.send('bob', 'too early')).primitive)).toBe(506)
    await phone.negotiate()
    expect((await phone.send('bob', 'hello')).primitive?.name).toBe('SendMessageResponse')
  })

  it('of services alone leaves the abilities to be asked for', async () => {
    const phone = (await openVillage()).phone('alice', { version: '1.3' })
    expect(await phone.login({ functions })).toMatchObject({ capabilityRequest: true })
  })
})
