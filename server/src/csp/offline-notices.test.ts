import { describe, expect, it } from 'vitest'
import type { NoticeRecipient, OfflineNotice } from '../services/access/offline-bearers.ts'
import { atRest } from '../testing/held-world.ts'
import { allMessaging, type PhoneOptions, pushed } from '../testing/phone.ts'
import { dialects, openVillage, type Village } from '../testing/village.ts'

const bobId = 'wv:bob@example.com'
const number = '+358401234567'
const logout = { name: 'LogoutRequest', body: {} } as const

/** Writes down who was told; can be there or not, and fail or not. */
class FakeBearer {
  readonly sent: OfflineNotice[] = []
  isUp = true
  failure: Error | undefined

  isAvailable(_: NoticeRecipient) {
    return this.isUp
  }

  async send(notice: OfflineNotice) {
    if (this.failure) throw this.failure
    this.sent.push(notice)
  }
}

const wanting: PhoneOptions = {
  version: '1.3',
  msisdn: number,
  services: allMessaging,
  capabilities: { supportedOfflineBearers: ['WAPPUSH', 'SMS'] },
}

/** Where Alice writes to Bob, whose phone has agreed on notices unless told otherwise, and who has gone. */
const open = async (options: PhoneOptions = {}, config: Record<string, unknown> = {}) => {
  const [sms, push] = [new FakeBearer(), new FakeBearer()]
  const village = await openVillage({
    config,
    offlineBearers: new Map([
      ['SMS', sms],
      ['WAPPUSH', push],
    ]),
  })
  const alice = await village.ready('alice', { version: '1.3' })
  const bob = await village.ready('bob', { ...wanting, ...options })
  const say = async (text = 'hello', to = alice.message('bob', text)) => {
    const code = await alice.code(to)
    await atRest()
    return code
  }
  const visit = async () => {
    await bob.login()
    const texts = await bob.texts()
    await bob.ask(logout)
    return texts
  }
  await bob.ask(logout)
  return { village, sms, push, alice, bob, say, visit }
}

describe('CSP 9.1.7: a user who is not logged in', () => {
  it('is told once of a burst, and again after the next login', async () => {
    const { push, sms, say, visit, village } = await open()
    await say('one')
    await say('two')
    const told = { userId: bobId, clientKey: 'url:phone-of-bob', msisdn: number, bearer: 'WAPPUSH' }
    expect(push.sent).toEqual([{ ...told, waiting: 1, at: village.world.now() }])
    expect(await visit()).toEqual([])
    await say('three')
    expect(push.sent.map(({ waiting }) => waiting)).toEqual([1, 3])
    expect(sms.sent).toEqual([])
  })

  it('is told nothing of what a message says, or who sent it', async () => {
    const { push, say } = await open()
    await say('a word to nobody else')
    expect(JSON.stringify(push.sent)).not.toMatch(/alice|word/)
  })

  it('is told by the first bearer in the order of the client that can be used at the moment', async () => {
    const { push, sms, say } = await open()
    push.isUp = false
    await say()
    expect(sms.sent).toMatchObject([{ bearer: 'SMS' }])
  })

  it('is told with the next message if no bearer could be used, or failed', async () => {
    const { push, sms, say } = await open({ capabilities: { supportedOfflineBearers: ['SMS'] } })
    sms.isUp = false
    await say()
    sms.isUp = true
    sms.failure = new Error('broken')
    await say()
    sms.failure = undefined
    await say()
    await say()
    expect(sms.sent).toMatchObject([{ waiting: 3 }])
    expect(push.sent).toEqual([])
  })

  it('is not told again because the server was started anew', async () => {
    const { push, say, village } = await open()
    await say('one')
    village.restart()
    await say('two')
    expect(push.sent.length).toBe(1)
  })

  it('is told again after some time if the operator wants it so, and so often at most', async () => {
    const { push, say, village } = await open({}, { 'notices.perAbsence': 2, 'notices.repeatHours': 5 })
    for (const hours of [0, 4, 2, 10]) {
      await village.world.pass(hours * 3600)
      await say()
    }
    expect(push.sent.map(({ waiting }) => waiting)).toEqual([1, 3])
  })

  it('is not told of reports', async () => {
    const { push, alice, bob, village } = await open()
    await bob.login()
    await bob.negotiate()
    await bob.send('alice', 'tell me when you have it', { report: true })
    await bob.ask(logout)
    expect(await alice.texts()).toEqual(['tell me when you have it'])
    await atRest()
    expect(await village.store.mailboxes.count(bobId, 'report')).toBe(1)
    expect(push.sent).toEqual([])
  })
})

describe('CSP 9.1.7: a user who is logged in', () => {
  it('is told nothing, on whichever client, and after a restart of the server', async () => {
    const { push, say, village } = await open()
    await village.ready('bob', { clientId: 'another' })
    await say()
    village.restart()
    await say()
    expect(push.sent).toEqual([])
  })
})

describe('CSP 9.1.7: whether a client is told', () => {
  it.each([
    { what: 'no OFFNOTIF', options: { services: pushed } },
    { what: 'no bearer', options: { capabilities: {} } },
    { what: 'a bearer that is not here', options: { capabilities: { supportedOfflineBearers: ['PIGEON'] } } },
  ])('not with $what', async ({ options }) => {
    const { push, sms, say } = await open(options)
    await say()
    expect([...push.sent, ...sms.sent]).toEqual([])
  })

  it('is what it agreed on last', async () => {
    const { push, say, bob } = await open()
    await bob.login()
    await bob.ask({ name: 'ServiceRequest', body: { functions: pushed, allFunctionsRequest: false } })
    await bob.ask(logout)
    await say()
    expect(push.sent).toEqual([])
    await bob.login({ functions: allMessaging })
    await bob.ask(logout)
    await say()
    expect(push.sent.length).toBe(1)
  })

  it('stays as it is in a session in which nothing is negotiated', async () => {
    const { push, say, visit } = await open()
    await visit()
    await say()
    expect(push.sent.length).toBe(1)
  })

  it('the one a message is meant for comes before the one used last', async () => {
    const { push, say, alice, village } = await open()
    await village.world.pass(1)
    const tablet = await village.ready('bob', { ...wanting, clientId: 'tablet', msisdn: undefined })
    await tablet.ask(logout)
    const toPhone = alice.message([], 'hello', {
      recipient: { users: [{ userId: bobId, clientId: { url: 'phone-of-bob' } }] },
    })
    await say('hello', toPhone)
    await tablet.login()
    await tablet.ask(logout)
    await say()
    expect(push.sent.map(({ clientKey, msisdn }) => [clientKey, msisdn])).toEqual([
      ['url:phone-of-bob', number],
      ['url:tablet', undefined],
    ])
  })
})

describe('users whose clients did not ask', () => {
  it('are told where the operator wants it, by a bearer of his', async () => {
    const { village, say, push } = await open({ version: '1.1', services: pushed, capabilities: {} })
    const general = new FakeBearer()
    village.core.offlineNotices.useForOthers(general)
    await say()
    await say()
    expect(general.sent).toEqual([{ userId: bobId, bearer: undefined, waiting: 1, at: village.world.now() }])
    expect(push.sent).toEqual([])
  })
})

describe('CSP 6.9.1: OFFNOTIF', () => {
  const isOffered = async (village: Village, version: PhoneOptions['version']) => {
    const phone = village.phone('alice', { version })
    await phone.login()
    const { primitive } = await phone.ask({ name: 'ServiceRequest', body: { allFunctionsRequest: true } })
    return JSON.stringify(primitive?.body).includes('offnotif')
  }

  it.each(dialects)('is offered in 1.3 where there is a bearer: $version $syntax', async ({ version }) => {
    const bearer = { isAvailable: () => true, send: async () => {} }
    expect(await isOffered(await openVillage(), version)).toBe(false)
    const withBearer = await openVillage({ offlineBearers: new Map([['SMS', bearer]]) })
    expect(await isOffered(withBearer, version)).toBe(version === '1.3')
  })
})
