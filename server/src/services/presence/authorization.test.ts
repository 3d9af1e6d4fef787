import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorizedNames, type ModelList, type Policy } from '../../../test/presence-model.ts'
import { isDecidedOn, isPendingNames, neededNames } from '../../../test/reactive-model.ts'
import { type Attributes, allAttributes, readAttributes, writeAttributes } from './attributes.ts'
import { compileAuthorization, type Shown } from './authorization.ts'

const [alice, bob, carol] = ['wv:alice@example.com', 'wv:bob@example.com', 'wv:carol@example.com'] as const
const [friends, work] = ['wv:alice/friends@example.com', 'wv:alice/work@example.com'] as const
const wanted = readAttributes('OnlineStatus StatusText')

const of = (kind: Shown['kind'], subject: string, attributes: string | null, notify?: boolean) => ({
  ...{ kind, subject, attributes, notify },
})
const forAll = (attributes: string | null, notify?: boolean) => of('default', '', attributes, notify)
const forBob = (attributes: string | null, notify?: boolean) => of('user', bob, attributes, notify)
const forList = (listId: string, attributes: string | null, notify?: boolean) =>
  of('contactList', listId, attributes, notify)
const compile = (...lists: Shown[]) =>
  compileAuthorization(alice, lists, [
    { listId: friends, members: [bob] },
    { listId: work, members: [bob, carol] },
  ])
const named = (set: Attributes | undefined) => set && writeAttributes(set)

describe('CSP 8.2.2: who may see what', () => {
  const seenBy = (watcher: string, ...lists: Shown[]) => named(compile(...lists).authorized(watcher))

  it('nobody anything, without a list; the publisher everything', () => {
    expect(seenBy(bob)).toBe(named(0))
    expect(compile(of('user', alice, '')).authorized(alice)).toBe(allAttributes)
  })

  it('whoever has a list of their own that and no more, though it is empty (figure 38)', () => {
    expect(seenBy(bob, forBob('Alias'), forList(friends, 'StatusText'), forAll('OnlineStatus'))).toBe('Alias')
    expect(compile(forBob(''), forAll('OnlineStatus')).authorized(bob)).toBe(0)
  })

  it('whoever is on contact lists with attribute lists all of those together (figure 39)', () => {
    const lists = [forList(friends, 'StatusText'), forList(work, 'Alias'), forAll('OnlineStatus')]
    expect([seenBy(bob, ...lists), seenBy(carol, ...lists)]).toEqual(['StatusText Alias', 'Alias'])
    expect(compile(forList(work, ''), forAll('OnlineStatus')).authorized(bob)).toBe(0)
  })

  it('everybody else the default list (figure 40); a wish to be told is no list', () => {
    expect(seenBy(bob, forBob(null, true), forList(friends, null, true), forAll('Alias'))).toBe('Alias')
  })
})

describe('CSP 8.2.3: whom the publisher is told of', () => {
  const needed = (watcher: string, ...lists: Shown[]) => {
    const need = compile(...lists).needed(watcher, wanted)
    return need && [named(need.missing), need.ask]
  }

  it('those who have a list of their own and ask for more, where that is wanted of them', () => {
    expect(needed(bob, forBob('Alias OnlineStatus', true))).toEqual(['StatusText', 'user'])
    expect(needed(bob, forBob('Alias', false), forAll('', true))).toBeUndefined()
    expect(needed(bob, forBob('OnlineStatus StatusText', true))).toBeUndefined()
  })

  it('those on contact lists, of which it is told by those that want it', () => {
    const lists = [forList(friends, 'OnlineStatus', true), forList(work, '', false), forAll('', true)]
    expect(needed(bob, ...lists)).toEqual(['StatusText', { contactLists: [friends] }])
    expect(needed(carol, ...lists)).toBeUndefined()
    expect(needed(bob, forList(friends, 'OnlineStatus', true), forList(work, 'StatusText', true))).toBeUndefined()
  })

  it('everybody else, also where there is only the wish; never the publisher', () => {
    expect(needed(bob, forAll(null, true))).toEqual(['OnlineStatus StatusText', 'default'])
    expect(needed(bob, forAll('OnlineStatus'))).toBeUndefined()
    expect(needed(alice, forAll(null, true))).toBeUndefined()
  })

  it('before 1.3: those of whom nothing was decided, and whom the default does not satisfy', () => {
    const isPending = (...lists: Shown[]) => compile(...lists).isPending(bob, wanted)
    expect([isPending(), isPending(forAll('OnlineStatus'))]).toEqual([true, true])
    expect([isPending(forBob('')), isPending(forList(work, ''))]).toEqual([false, false])
    expect(isPending(forAll('OnlineStatus StatusText Alias'))).toBe(false)
    expect(compile().isPending(alice, wanted)).toBe(false)
  })
})

describe('CSP 8.2.2, 8.2.3: any policy', () => {
  const watchers = [alice, bob, carol]
  const listIds = [friends, work, 'wv:alice/chess@example.com']
  const names = fc.subarray(['OnlineStatus', 'ClientInfo', 'StatusText', 'InfoLink'])
  const subjects = [
    { kind: 'default', subject: '' } as const,
    ...watchers.map(subject => ({ kind: 'user', subject }) as const),
    ...listIds.map(subject => ({ kind: 'contactList', subject }) as const),
  ]
  const lists: fc.Arbitrary<ModelList[]> = fc.shuffledSubarray(subjects).chain(chosen =>
    fc.tuple(
      ...chosen.map(it =>
        fc.record({
          kind: fc.constant(it.kind),
          subject: fc.constant(it.subject),
          names: fc.option(names),
          notify: fc.option(fc.boolean(), { nil: undefined }),
        }),
      ),
    ),
  )
  const contacts = fc.tuple(...listIds.map(id => fc.subarray(watchers).map(members => ({ listId: id, members }))))
  const policies: fc.Arbitrary<Policy> = fc.record({ publisher: fc.constant(alice), lists, contacts })

  it('is compiled to what the formulas say', () => {
    const same = fc.property(policies, names, (policy, requested) => {
      const stored = policy.lists.map(({ names, ...list }) => ({ ...list, attributes: names?.join(' ') ?? null }))
      const { authorized, needed, isPending, isDecided } = compileAuthorization(alice, stored, policy.contacts)
      const asked = readAttributes(requested.join(' '))
      for (const watcher of watchers) {
        const seen = authorizedNames(policy, watcher)
        const need = neededNames(policy, watcher, requested)
        expect(authorized(watcher)).toBe(seen ? readAttributes([...seen].join(' ')) : allAttributes)
        expect(needed(watcher, asked)).toEqual(need && { ...need, missing: readAttributes(need.missing.join(' ')) })
        expect(isDecided(watcher)).toBe(isDecidedOn(policy, watcher))
        expect(isPending(watcher, asked)).toBe(isPendingNames(policy, watcher, requested))
      }
    })
    fc.assert(same, { numRuns: 10_000 })
  })
})
