import { describe, expect, it } from 'vitest'
import { encode } from '../src/codec/index.ts'
import type { MessageInput, TransactionInput } from '../src/codec/message.ts'
import type { Markup } from '../src/schema/kit.ts'
import { versions } from '../src/schema/kit.ts'
import { PresenceSubList } from '../src/schema/presence-attributes.ts'
import { Random } from './random.ts'
import { Sampler } from './samples.ts'

/** Many are told the same list: of one that is frozen the writers remember what they wrote. */

const dialects = versions.flatMap(version => (['xml', 'wbxml'] as const).map(syntax => ({ version, syntax })))

const telling = (userId: string, list: PresenceSubList, extensions: readonly Markup[] = []): TransactionInput => ({
  ...{ mode: 'Request', id: userId, extensions },
  primitive: { name: 'PresenceNotificationRequest', body: { presences: [{ userId, presenceSubLists: [list] }] } },
})

const asking = (presenceSubList: PresenceSubList): TransactionInput => ({
  ...{ mode: 'Request', id: 'asks' },
  primitive: { name: 'GetPresenceRequest', body: { userIds: ['wv:bob@example.com'], presenceSubList } },
})

const foreign: Markup = { name: 'ExtBlock', attributes: [], children: [{ name: 'x:y', attributes: [], children: [] }] }

describe.each(dialects)('A shared value in $version $syntax', dialect => {
  const written = (...transactions: TransactionInput[]) =>
    encode({ ...dialect, sessionId: 'a-session', transactions } satisfies MessageInput)
  const sample = (seed: number) =>
    new Sampler(new Random(seed), dialect.version).element(PresenceSubList) as PresenceSubList

  it('is the same octets wherever it stands', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const list = sample(seed)
      const shared = Object.freeze({ ...list })
      const messages = (one: PresenceSubList) => [
        written(telling('wv:alice@example.com', one)),
        written(telling('wv:b@example.com', one), telling('wv:alice@example.com', one)),
        written(asking(one), telling('wv:a@example.com', one), asking(one)),
        written(telling('wv:c@example.com', sample(seed + 1), [foreign]), telling('wv:d@example.com', one, [foreign])),
        written(telling('wv:alice@example.com', one)),
      ]
      expect(messages(shared)).toEqual(messages(list))
    }
  })

  it('is written once', () => {
    let reads = 0
    const list = {
      ...sample(1),
      get statusText() {
        reads++
        return { qualifier: true, presenceValue: 'hello' }
      },
    }
    const first = written(telling('wv:alice@example.com', Object.freeze(list)))
    const once = reads
    expect(once).toBeGreaterThan(0)
    for (let turn = 0; turn < 100; turn++) expect(written(telling('wv:alice@example.com', list))).toEqual(first)
    expect(reads).toBe(once)
  })

  it('is written anew where it may have changed', () => {
    const list = { ...sample(1), statusText: { qualifier: true, presenceValue: 'hello' } }
    const first = written(telling('wv:alice@example.com', list))
    list.statusText = { qualifier: true, presenceValue: 'goodbye' }
    expect(written(telling('wv:alice@example.com', list))).not.toEqual(first)
  })
})
