import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../store/database.ts'
import { createLog } from '../telemetry/log.ts'
import { digestBytes } from '../testing/phone.ts'
import { dialects, openVillage, type VillageOptions } from '../testing/village.ts'

const alice = 'wv:alice@example.com'

const traced = async (options: VillageOptions = {}) => {
  const village = await openVillage(options)
  const trace = village.core.traces.start(alice)
  const entries = () => trace.after(0)
  /** Direction, and the primitives with their codes: `in LoginRequest`, `out LoginResponse 409`. */
  const story = () =>
    entries().map(({ direction, idlePolls, fault, transactions }) =>
      [
        direction,
        ...(idlePolls === undefined ? [] : [`${idlePolls} x`]),
        ...transactions.flatMap(({ primitive, status }) => [
          primitive ?? '?',
          ...(status === undefined ? [] : [status]),
        ]),
        ...(fault === undefined ? [] : [fault]),
      ].join(' '),
    )
  return { village, trace, entries, story }
}

describe('a trace', () => {
  it.each(dialects)('has each message of a user, in and out, in $version $syntax', async dialect => {
    const { village, entries } = await traced()
    const phone = village.phone('alice', dialect)
    await phone.login()
    await phone.send('bob', 'hello')
    const [asked, answered, , refused] = entries()
    expect(asked).toMatchObject({
      ...{ number: 1, at: '2026-01-01T00:00:00.000Z', direction: 'in', client: 'url:phone-of-alice' },
      ...{ source: '192.0.2.1', ...dialect, session: undefined },
      transactions: [{ mode: 'Request', id: '1', primitive: 'LoginRequest' }],
    })
    expect(asked!.octets).toBeGreaterThan(20)
    expect(asked!.transactions[0]!.content).toContain('  Password: (hidden)')
    const session = village.world.digest(phone.sessionId!).slice(0, 6)
    expect(answered).toMatchObject({ direction: 'out', session, milliseconds: 0, transactions: [{ status: 200 }] })
    expect(answered!.transactions[0]!.content).toContain('  SessionID: (hidden)')
    expect(refused).toMatchObject({ direction: 'out', session, transactions: [{ status: 506, id: '2' }] })
  })

  it('has logins that fail, those of a digest, and those that nobody could read', async () => {
    const { village, story } = await traced()
    const phone = village.phone('alice', { password: 'canary-guess' })
    await phone.login()
    const { nonce } = await phone.loginStep({ digestSchemas: ['SHA'] })
    await phone.loginStep({ digestBytes: digestBytes('SHA', nonce!, phone.password) })
    await village.phone('bob').login()
    const login = phone.write([
      { mode: 'Request', id: '9', primitive: { name: 'LoginRequest', body: phone.loginBody() } },
    ])
    await phone.post((login as string).replaceAll(/<\/?UserID>/g, ''))
    await village.phone('no user').login()
    expect(story()).toEqual([
      ...['in LoginRequest', 'out LoginResponse 409', 'in LoginRequest', 'out LoginResponse 200'],
      ...['in LoginRequest', 'out LoginResponse 409', 'in ?', 'in LoginRequest'],
    ])
  })

  it('says what could not be read, whole messages and single transactions', async () => {
    const { village, entries } = await traced()
    const phone = await village.ready('alice')
    const before = entries().length
    await phone.post('<WV-CSP-Message><canary>')
    const poll = phone.write([
      { mode: 'Request', id: '7', primitive: { name: 'KeepAliveRequest', body: { timeToLive: 7 } } },
    ])
    await phone.post((poll as string).replace('>7</TimeToLive>', '>canary</TimeToLive>'))
    await phone.post('canary', undefined)
    const [whole, single, answer, other] = entries().slice(before)
    expect(whole).toMatchObject({ octets: 24, fault: 'the element has no end (at WV-CSP-Message/?), octet 24' })
    expect(single!.transactions).toMatchObject([
      {
        id: '7',
        primitive: undefined,
        fault: expect.stringMatching(/^\(hidden\) is not a number .*KeepAlive-Request\/TimeToLive\)$/),
        content: ['KeepAlive-Request', '  TimeToLive: (not of the kind int)'],
      },
    ])
    expect(answer!.transactions).toMatchObject([{ primitive: 'Status', status: 402 }])
    expect(other).toMatchObject({ octets: 6, fault: 'an element is expected, octet 0', transactions: [] })
    expect(JSON.stringify(entries())).not.toContain('canary')
  })

  it('has what the server begins, what the client answers, and polls that brought nothing as a number', async () => {
    const { village, story, trace, entries } = await traced()
    const phone = await village.ready('alice')
    const bob = await village.ready('bob')
    const before = story().length
    for (let count = 0; count < 5; count++) await phone.poll()
    await bob.send('alice', 'hello')
    await phone.collect()
    expect(story().slice(before)).toEqual([
      ...['in 1 x PollingRequest', 'in 4 x PollingRequest', 'in PollingRequest', 'out NewMessage'],
      ...['in MessageDelivered', 'out', 'in 1 x PollingRequest'],
    ])
    await phone.poll()
    expect(story().at(-1)).toBe('in 1 x PollingRequest')
    await village.world.pass(61)
    const last = entries().at(-1)!.number
    expect(trace.after(last - 1)).toMatchObject([{ idlePolls: 1, at: '2026-01-01T00:00:00.000Z' }])
    expect(entries().filter(({ idlePolls }) => idlePolls !== undefined)).toHaveLength(4)
  })

  it('goes on when the session is over, and for clients of a version it does not have', async () => {
    const { village, story } = await traced()
    const phone = await village.ready('alice')
    const before = story().length
    await village.core.endSessions(alice)
    await phone.poll()
    await phone.send('bob', 'hello')
    expect(story().slice(before)).toEqual([
      ...['in PollingRequest', 'out Disconnect 601', 'in SendMessageRequest', 'out Status 604'],
    ])
  })

  it('says so when there was no answer', async () => {
    const { village, story } = await traced({
      around: store => ({
        ...store,
        mailboxes: { ...store.mailboxes, waiting: () => Promise.reject(new StoreUnavailable('canary')) },
      }),
    })
    const phone = village.phone('alice', { version: '1.3' })
    await phone.login()
    await expect(phone.poll()).rejects.toThrow(StoreUnavailable)
    expect(story().slice(-2)).toEqual(['in PollingRequest', 'out not answered: StoreUnavailable'])
  })

  it('writes no number of a phone out', async () => {
    const { village, entries } = await traced()
    await village.phone('alice').loginStep({ clientId: { msisdn: '+358401234567' }, password: 'alice-secret' })
    expect(entries()[0]!.client).toBe('msisdn:…567')
    expect(JSON.stringify(entries())).not.toContain('40123')
  })

  it('keeps the last messages of the user it was started for, and of nobody else', async () => {
    const { village, entries } = await traced({ config: { 'trace.entries': 10 } })
    const [phone, bob] = [await village.ready('alice'), await village.ready('bob')]
    for (let count = 0; count < 10; count++) await phone.send('bob', 'x')
    await bob.send('alice', 'x')
    expect(entries()).toHaveLength(10)
    expect(entries().at(-1)!.number).toBe(26)
    const huge = phone.message('bob', 'x', { recipient: { users: Array(90).fill({ userId: 'wv:carol@example.com' }) } })
    await phone.ask(huge)
    const content = entries().at(-2)!.transactions[0]!.content.join('\n')
    expect(content.length).toBeLessThan(5000)
    expect(content).toMatch(/\.\.\.$/)
    const primitive = { name: 'KeepAliveRequest', body: {} } as const
    await phone.exchange(Array.from({ length: 25 }, () => ({ mode: 'Request', id: 'x'.repeat(5000), primitive })))
    expect(entries().at(-2)).toMatchObject({ moreTransactions: 5, transactions: { length: 20 } })
    expect(JSON.stringify(entries().at(-2)).length).toBeLessThan(10_000)
  })

  it('ends by itself, and each beginning and end is logged', async () => {
    const lines: string[] = []
    const { village } = await traced({
      log: createLog({ level: 'info', to: { write: line => void lines.push(line) } }),
    })
    const said = () => lines.map(line => JSON.parse(line)).map(({ message, reason }) => [message, reason])
    await village.world.pass(3000)
    village.core.traces.start(alice)
    await village.world.pass(3599)
    expect(village.core.traces.isEmpty).toBe(false)
    await village.world.pass(1)
    expect(village.core.traces.isEmpty).toBe(true)
    village.core.traces.start(alice)
    expect([village.core.traces.stop(alice), village.core.traces.stop(alice)]).toEqual([true, false])
    expect(said()).toEqual([
      ...[
        ['A trace was started', undefined],
        ['A trace was started', undefined],
        ['A trace has ended', 'its time is over'],
      ],
      ...[
        ['A trace was started', undefined],
        ['A trace has ended', 'stopped'],
      ],
    ])
    expect(village.world.waiting).toBe(0)
  })
})
