import { describe, expect, it } from 'vitest'
import { noAgreement, noLists } from '../access/agreement.ts'
import { addressed, draft, type Info } from './mail.ts'
import { Pictures } from './pictures.ts'
import { type Client, type Handling, notedFor, route } from './routing.ts'

const user = { userId: 'wv:bob@example.com' }
const info: Info = { recipient: { users: [user] }, sender: { user: { userId: 'wv:alice@example.com' } } }

interface Traits {
  readonly priority?: number
  readonly startedAt?: number
  readonly applicationId?: string
  readonly longest?: number
  readonly isHidden?: boolean
}

const client = (
  key: string,
  { priority, startedAt = 0, applicationId, longest, isHidden = false }: Traits = {},
): Client => ({
  clientKey: `url:${key}`,
  applicationId,
  syntax: 'xml',
  startedAt,
  isHidden,
  agreement: {
    ...noAgreement,
    services: ['NEWM'],
    capabilities: {
      ...noLists,
      sessionPriority: priority,
      acceptedTextContentLength: longest,
    },
  },
})

interface Named {
  readonly clientId?: { readonly url: string }
  readonly applicationId?: string
}

const message = (named: Named = {}, givenTo: readonly string[] = []) => inWays([named], givenTo)

const inWays = (ways: readonly Named[], givenTo: readonly string[] = []) => ({
  ...addressed(draft(info, 'hello'), 'm1', { users: ways.map(way => ({ ...user, ...way })) }),
  kind: 'message' as const,
  acceptedAt: 100,
  givenTo: givenTo.length > 0 ? JSON.stringify(givenTo.map(key => [`url:${key}`, [0]])) : null,
})

const usual: Handling = { online: 'SERVERLOGIC', offline: new Map(), pictures: new Pictures(undefined) }
const to = (item: ReturnType<typeof message>, clients: readonly Client[], handling: Partial<Handling> = {}) =>
  route(item, clients, { ...usual, ...handling }).map(({ client }) => client.clientKey.slice('url:'.length))

describe('CSP 6.9.1: a message to no client in particular', () => {
  it('goes to one, by priority, then to the one that logged in last', () => {
    const [a, b, c] = [client('a', { startedAt: 3 }), client('b', { priority: 6 }), client('c', { startedAt: 5 })]
    expect(to(message(), [a, b, c])).toEqual(['b'])
    expect(to(message(), [a, c])).toEqual(['c'])
    expect(to(message(), [c, a])).toEqual(['c'])
    expect(to(message(), [])).toEqual([])
  })

  it('goes to those that want to be taken for offline last, whatever their priority', () => {
    const [hidden, here] = [client('hidden', { priority: 10, isHidden: true }), client('here')]
    expect(to(message(), [hidden, here])).toEqual(['here'])
    expect(to(message(), [here, hidden])).toEqual(['here'])
    expect(to(message(), [hidden])).toEqual(['hidden'])
    // What it can have counts before, and in place of a client that is not there the priority alone.
    expect(to(message(), [hidden, client('here', { longest: 1 })])).toEqual(['hidden'])
    expect(to(message({ clientId: { url: 'gone' } }), [hidden, here])).toEqual(['hidden'])
  })

  it('goes to one that can have it, whatever the priority of others', () => {
    expect(to(message(), [client('small', { priority: 10, longest: 4 }), client('large', { longest: 5 })])).toEqual([
      'large',
    ])
  })

  it('goes with FORKALL to all that were there when it was accepted and have not had it', () => {
    const [a, b, late] = [client('a'), client('b', { startedAt: 100 }), client('late', { startedAt: 101 })]
    const all = { online: 'FORKALL' } as const
    expect(to(message(), [a, b, late], all)).toEqual(['a', 'b'])
    expect(to(message({}, ['a']), [a, b, late], all)).toEqual(['b'])
    expect(to(message({}, ['a', 'b']), [a, b, late], all)).toEqual([])
    expect(to(message(), [late, client('later', { startedAt: 102 })], all)).toEqual(['later'])
  })

  it('is done with for one client where one of several has had it and the user no longer wants it in all', () => {
    expect(to(message({}, ['a']), [client('a'), client('b')])).toEqual([])
  })
})

describe('CSP 5.5.2.1: a message to one client', () => {
  const item = message({ clientId: { url: 'A' } })

  it('goes to that client alone while it is there, even if it has to wait for it to be able to have it', () => {
    expect(to(item, [client('a'), client('b', { priority: 10 })])).toEqual(['a'])
    expect(to(item, [client('a', { longest: 1 }), client('b')])).toEqual([])
  })

  it.each([
    ['PRIORITYSTORE', ['c']],
    ['PRIORITYREJECT', ['c']],
    ['SENDSTORE', ['b', 'c']],
    ['SENDREJECT', ['b', 'c']],
    ['REJECT', []],
  ] as const)('goes where it wished with %s while it is not', (offline, receivers) => {
    expect(to(item, [client('b'), client('c', { priority: 9 })], { offline: new Map([['url:a', offline]]) })).toEqual(
      receivers,
    )
  })
})

describe('CSP 5.5.2.1: a message to an application', () => {
  it('goes to all clients that registered it, and to no other', () => {
    const clients = [client('a', { applicationId: 'chess' }), client('b'), client('c', { applicationId: 'CHESS' })]
    expect(to(message({ applicationId: 'Chess' }), clients)).toEqual(['a', 'c'])
    expect(to(message({ applicationId: 'Chess' }), [client('b')])).toEqual([])
  })
})

describe('CSP 5.5.2.1: a message to a user in several ways', () => {
  const [a, b, c] = [client('a'), client('b', { startedAt: 1 }), client('c', { priority: 6 })]
  const [forA, forB, forChess] = [{ clientId: { url: 'a' } }, { clientId: { url: 'b' } }, { applicationId: 'chess' }]
  const everybody = [a, b, c]
  /** Who has it in the end, where each that gets it says so, one after the other, and who is still waited for. */
  const passed = (ways: readonly Named[], clients: readonly Client[], handling: Partial<Handling> = {}) => {
    let item: ReturnType<typeof inWays> = inWays(ways)
    const had: string[] = []
    for (;;) {
      const [next] = route(item, clients, { ...usual, ...handling })
      if (next === undefined) return had
      had.push(next.client.clientKey.slice('url:'.length))
      const givenTo = notedFor(item, next.client, clients, { ...usual, ...handling })
      if (givenTo === undefined) return [...had, 'done']
      item = { ...item, givenTo }
    }
  }

  it('serves each client that is named, and the user besides, and nobody twice', () => {
    expect(to(inWays([forA, forB]), everybody)).toEqual(['a', 'b'])
    expect(passed([forA, forB], everybody)).toEqual(['a', 'b', 'done'])
    expect(passed([{}, forA], everybody)).toEqual(['c', 'a', 'done'])
    expect(passed([{}, forA], [a])).toEqual(['a', 'done'])
    expect(passed([{}, forA], everybody, { online: 'FORKALL' })).toEqual(['a', 'b', 'c', 'done'])
    expect(passed([{ clientId: { url: 'c' } }, {}], everybody)).toEqual(['c', 'done'])
  })

  it('waits for an application that nobody has registered yet, and for a client that wants to be waited for', () => {
    expect(passed([forA, forChess], everybody)).toEqual(['a'])
    const item = { ...inWays([forA, forChess]), givenTo: '[["url:a",[0]]]' }
    expect(to(item, [a, client('d', { applicationId: 'Chess', startedAt: 200 })])).toEqual(['d'])
    const absent = (wish: 'REJECT' | 'PRIORITYSTORE') => ({ offline: new Map([['url:b', wish]]) })
    expect(passed([forA, forB], [a, c], absent('REJECT'))).toEqual(['a'])
    expect(passed([forA, forB], [a, c], absent('PRIORITYSTORE'))).toEqual(['a', 'c', 'done'])
    expect(passed([forA, forB], [a], absent('PRIORITYSTORE'))).toEqual(['a', 'done'])
  })

  it('is not given to others any more in place of a client that had it and has left since', () => {
    const item = { ...inWays([forA, forB]), givenTo: '[["url:a",[0]]]' }
    expect(to(item, [b, c], { offline: new Map([['url:a', 'SENDSTORE']]) })).toEqual(['b'])
  })
})

describe('CSP 9.1.9: a report', () => {
  it('goes to the client that sent what it is about, if that one is named', () => {
    const of = (clientId?: { url: string }) => ({
      written: { info: { ...info, sender: { user: { ...user, clientId } } }, code: 200, at: 1 },
      kind: 'report' as const,
      content: null,
      acceptedAt: 100,
    })
    const reporting = (key: string) => {
      const it = client(key)
      return { ...it, agreement: { ...it.agreement, services: ['MDELIV'] } }
    }
    const clients = [reporting('a'), reporting('b')]
    const receivers = (clientId?: { url: string }) => route(of(clientId), clients, usual).map(it => it.client.clientKey)
    expect([receivers(), receivers({ url: 'a' }), receivers({ url: 'gone' })]).toEqual([
      ['url:b'],
      ['url:a'],
      ['url:b'],
    ])
  })
})
