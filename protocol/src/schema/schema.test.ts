import { describe, expect, it } from 'vitest'
import { LoginRequest } from './access.ts'
import { agreedCapabilityList, CapabilityList } from './capabilities.ts'
import { catalogue, type PrimitiveEntry } from './catalogue.ts'
import { Property } from './common.ts'
import { SearchPairList } from './discovery.ts'
import * as envelope from './envelope.ts'
import { GroupChangeNotice, Joined, JoinGroupResponse } from './groups.ts'
import { type Element, isWithin, nameIn, type Part, type Version, versions } from './kit.ts'
import { BlockEntityRequest } from './messaging.ts'
import { NickList } from './presence.ts'
import { PresenceSubList } from './presence-attributes.ts'
import { SegmentInfo } from './segments.ts'
import { Functions as FunctionsElement, WVCSPFeat } from './services.ts'
import { scopeOf, valueTokens } from './tokens.ts'

const primitives: readonly [string, PrimitiveEntry][] = Object.entries(catalogue)
const session: Element[] = [...Object.values(envelope), SegmentInfo]

const below = (element: Element): Element[] => {
  const parts: Part[] = [...Object.values(element.parts ?? {}), ...(element.items ? [element.items] : [])]
  return parts.flatMap(part => [part.of, ...(part.forms ?? []).map(form => form.of)])
}
const everything = () => {
  const found = new Set<Element>()
  const visit = (element: Element) => {
    if (found.has(element)) return
    found.add(element)
    below(element).forEach(visit)
  }
  for (const [, { element }] of primitives) visit(element)
  session.forEach(visit)
  return [...found]
}
const elements = everything()
const nodes = elements.filter(element => element.parts)
const namesOf = ({ name, facts }: Element) => [name, ...Object.values(facts.was ?? {}), ...(facts.spellings ?? [])]

/** One name and token with different meanings below different parents; ContentType once had a second token. */
const shared = ['AcceptedContentType', 'ContentType', 'Name', 'Status', 'Value']

describe('the catalogue', () => {
  it('has every primitive, each under the name of its element', () => {
    expect(primitives).toHaveLength(106)
    for (const [name, { element }] of primitives) {
      expect(element.name.replace('WV-CSP-', '').replaceAll('-', '')).toBe(name)
    }
  })

  it('names answers that exist, go the other way, and never ask for an answer themselves', () => {
    const other = { client: ['server', 'both'], server: ['client', 'both'], both: ['both'] }
    for (const [name, { answer, from }] of primitives) {
      if (!answer) continue
      const entry: PrimitiveEntry | undefined = catalogue[answer as keyof typeof catalogue]
      expect(entry, `${answer}, the answer to ${name}`).toBeDefined()
      expect(other[from]).toContain(entry!.from)
    }
    const answers = new Set(primitives.map(([, { answer }]) => answer).concat('Status'))
    for (const [name, { reply, answer }] of primitives) {
      if (!reply) continue
      expect(answers, name).toContain(name)
      expect(answer).toBe(null)
    }
  })

  it('demands services that are in the service tree', () => {
    const tree = new Set<string>()
    const visit = (element: Element) => {
      tree.add(element.name)
      below(element).forEach(visit)
    }
    visit(WVCSPFeat)
    for (const [name, { agreed }] of primitives) if (agreed) expect(tree, name).toContain(agreed)
  })

  it('cites clauses and conformance items in their forms', () => {
    for (const [, { clause, scr }] of primitives) {
      expect(clause).toMatch(/^\d+(\.\d+)+$/)
      for (const id of scr) expect(id).toMatch(/^IMPS-CSP-[A-Z]+-S-\d{3}$/)
    }
  })
})

describe('the elements', () => {
  it('are found once by each name', () => {
    const byName = new Map<string, Element>()
    for (const element of elements) {
      for (const name of namesOf(element)) {
        const known = byName.get(name)
        if (known !== undefined && known !== element) expect(shared).toContain(name)
        byName.set(name, element)
      }
    }
    // The 452 names of the language, less CIRURL and BlockUser-Request, under which 1.2 and 1.1 know two of these.
    expect(new Set(elements.map(element => element.name)).size).toBe(450)
    expect(byName.get('BlockUser-Request')).toBe(BlockEntityRequest)
  })

  it.each(versions)('have a page and token to themselves in %s', version => {
    const taken = new Map<number, string>()
    for (const element of elements.filter(({ facts }) => isWithin(version, facts))) {
      expect(element.page).toBeLessThanOrEqual(0x0b)
      expect(element.token).toBeGreaterThanOrEqual(0x05)
      expect(element.token).toBeLessThanOrEqual(0x3f)
      const code = element.page * 64 + element.token
      expect(taken.get(code) ?? element.name).toBe(element.name)
      taken.set(code, element.name)
    }
  })

  it('share a token over time in one known case', () => {
    const byCode = new Map<number, Set<string>>()
    for (const { page, token, name } of elements) {
      const code = page * 64 + token
      byCode.set(code, (byCode.get(code) ?? new Set()).add(name))
    }
    const reused = [...byCode.values()].filter(names => names.size > 1).map(names => [...names].sort())
    expect(reused).toEqual([['AnswerOptionText', 'ReactiveAuthState']])
  })

  it('are one of: a scalar, a list, a node', () => {
    for (const { name, kind, items, parts } of elements) {
      expect(
        [kind, items, parts].filter(it => it !== undefined),
        name,
      ).toHaveLength(1)
    }
  })

  it('have spans and forms that end in a version, after they begin', () => {
    for (const element of nodes) {
      for (const [key, part] of Object.entries(element.parts!)) {
        if (part.since && part.until) expect(part.since <= part.until, `${element.name} ${key}`).toBe(true)
        for (const { until } of part.forms ?? []) if (until) expect(versions).toContain(until)
      }
    }
  })

  it('keep every part in the orders of older versions', () => {
    for (const { name, parts, facts } of nodes) {
      for (const order of Object.values(facts.order ?? {})) {
        expect([...order].sort(), name).toEqual(Object.keys(parts!).sort())
      }
    }
  })

  it('have the parts that alternatives and bare text speak of', () => {
    for (const { name, parts, facts } of nodes) {
      const spoken = [...(facts.either ?? []).flat(), ...(facts.bareText ? [facts.bareText] : [])]
      for (const key of spoken) expect(Object.keys(parts!), name).toContain(key)
      for (const key of (facts.either ?? []).flat())
        expect(['optional', 'many'], `${name} ${key}`).toContain(parts![key]!.card)
    }
  })

  it('go by the name they have in a version, and not at all where it lacks them', () => {
    const written = (version: Version) => {
      const found = new Set<string>()
      const visit = (element: Element) => {
        if (!isWithin(version, element.facts) || found.has(element.name)) return
        found.add(nameIn(version, element))
        below(element).forEach(visit)
      }
      for (const [, { element }] of primitives) visit(element)
      return found
    }
    expect(written('1.1')).toContain('BlockUser-Request')
    expect(written('1.2')).toContain('CIRURL')
    expect(written('1.3')).toContain('CIRHTTPAddress')
    expect(written('1.3')).not.toContain('InUse')
  })
})

describe('the values of WBXML', () => {
  it('are told apart by version and scope', () => {
    for (const version of versions) {
      const inScope = (scope: string) =>
        valueTokens.filter(value => isWithin(version, value) && (value.scope === scope || value.scope === 'common'))
      for (const scope of ['common', 'presence']) {
        const tokens = inScope(scope).map(value => value.token)
        expect(new Set(tokens).size, `${scope} in ${version}`).toBe(tokens.length)
      }
      const doubled = inScope('access').filter((value, _, all) => all.some(o => o !== value && o.token === value.token))
      expect(doubled.map(({ value }) => value)).toEqual(version === '1.3' ? ['GROUP_ID', 'History'] : [])
    }
  })

  it('stand where the number space has them', () => {
    const at = (token: number) => valueTokens.filter(value => value.token === token).map(({ value }) => value)
    expect(at(0x2c)).toEqual(['T'])
    expect(at(0x2f)).toEqual(['US'])
    expect(at(0x4f)).toEqual(['WSP'])
    expect(at(0x75)).toEqual(['SMS'])
    expect(at(0xa4)).toEqual(['SSMS'])
    expect(at(0xc0)).toEqual(['R'])
    expect(valueTokens).toHaveLength(194)
  })

  it('have scopes by code page', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 9, 10].map(scopeOf)).toEqual([
      ...['presence', 'access', 'common', 'access', 'presence', 'presence', 'common', 'common', 'access'],
    ])
  })
})

describe('what older versions write elsewhere', () => {
  const up = (element: Element, value: unknown) => element.facts.reshape!.up(value)
  const down = (element: Element, value: unknown) => element.facts.reshape!.down(value)

  it('moves InUse between a list and its side', () => {
    const old = { blockList: { inUse: true, addList: { userIds: ['wv:a'] } }, grantList: { inUse: false } }
    const now = {
      blockList: { addList: { userIds: ['wv:a'] } },
      blockListInUse: true,
      grantList: {},
      grantListInUse: false,
    }
    expect(up(BlockEntityRequest, old)).toEqual(now)
    expect(down(BlockEntityRequest, now)).toEqual(old)
    expect(down(BlockEntityRequest, { blockListInUse: true })).toEqual({ blockList: { inUse: true } })
    expect(up(BlockEntityRequest, now)).toEqual(now)
  })

  it('spreads the one content length over the three of 1.3', () => {
    const old = { acceptedContentLength: 5000, multiTrans: 1 }
    const now = { acceptedTextContentLength: 5000, acceptedPullLength: 5000, acceptedPushLength: 5000, multiTrans: 1 }
    expect(up(CapabilityList, old)).toEqual(now)
    expect(down(CapabilityList, now)).toMatchObject(old)
    expect(agreedCapabilityList.forms![0]!.down(now)).toEqual([now])
  })

  it('splits digest schemas wherever commas are found, and joins them for 1.1', () => {
    expect(up(LoginRequest, { digestSchemas: ['PWD,SHA, MD5', 'MD4'] }).digestSchemas).toEqual([
      'PWD',
      'SHA',
      'MD5',
      'MD4',
    ])
    expect(down(LoginRequest, { digestSchemas: ['SHA', 'MD5'] }).digestSchemas).toEqual(['SHA,MD5'])
    expect(down(LoginRequest, {}).digestSchemas).toEqual([])
    expect(LoginRequest.facts.reshape!.until).toBe('1.1')
  })

  it('keeps contacts with and without names in one list', () => {
    const contacts = [{ name: 'Ann', userId: 'wv:ann' }, { userId: 'wv:bob' }]
    expect(down(NickList, contacts)).toEqual({ nickNames: [contacts[0]], userIds: ['wv:bob'] })
    expect(up(NickList, down(NickList, contacts))).toEqual(contacts)
  })

  it('pairs what a search looks for', () => {
    const pair = { searchElement: 'USER_ALIAS', searchString: 'ann', pairId: 1 }
    expect(down(SearchPairList, [pair])).toEqual({
      searchElements: ['USER_ALIAS'],
      searchStrings: ['ann'],
      pairIds: [1],
    })
    expect(up(SearchPairList, { ...down(SearchPairList, [pair]), searchPairs: [] })).toEqual([pair])
    expect(up(SearchPairList, { searchElements: [], searchStrings: [], pairIds: [], searchPairs: [pair] })).toEqual([
      pair,
    ])
  })

  it('writes joined users as screen names or users in 1.1', () => {
    const joined = [
      { name: 'ann', groupId: 'wv:/g' },
      { name: 'wv:bob', userId: 'wv:bob' },
    ]
    const [userList] = JoinGroupResponse.parts!.joined!.forms!.find(form => form.until === '1.1')!.down(joined)
    expect(userList).toEqual({ users: [{ userId: 'wv:bob' }], screenNames: [{ name: 'ann', groupId: 'wv:/g' }] })
    expect(up(Joined, { userList, screenNames: [] })).toEqual(joined)
    expect(up(Joined, { userMapList: joined, screenNames: [] })).toEqual(joined)
    expect(Object.keys(GroupChangeNotice.parts!)).toContain('joined')
  })

  it('writes an attribute once before 1.3', () => {
    const list = { onlineStatuses: [{ presenceValue: 'T' }, { presenceValue: 'F' }], alias: { presenceValue: 'Ann' } }
    expect(down(PresenceSubList, list)).toEqual({ ...list, onlineStatuses: [{ presenceValue: 'T' }] })
  })

  it('knows one spelling of the property Accesstype', () => {
    expect(up(Property, { name: 'AccessType', value: 'Open' })).toEqual({ name: 'Accesstype', value: 'Open' })
    expect(valueTokens.map(({ value }) => value)).not.toContain('Accesstype')
  })

  it('leaves out branches of which a version has nothing, because bare they would mean everything', () => {
    const inVersion = (until: Version) => (feature: keyof NonNullable<typeof WVCSPFeat.parts>, value: unknown) =>
      WVCSPFeat.parts![feature]!.forms!.find(form => form.until === until)!.down(value)
    const [in11, in12] = [inVersion('1.1'), inVersion('1.2')]
    expect(in11('presenceFeat', { mp: true })).toEqual([])
    expect(in12('presenceFeat', { mp: true })).toEqual([{ mp: true }])
    expect(in12('fundamentalFeat', { serviceFunc: { getmap: true } })).toEqual([])
    expect(in12('fundamentalFeat', { serviceFunc: { getmap: true, getspi: true } })).toHaveLength(1)
    expect(inVersion('1.3')('presenceFeat', { attListFunc: {} })).toEqual([])
    expect(in11('groupFeat', {})).toEqual([{}])
  })

  it('tells no service from all services', () => {
    const whole = { fundamentalFeat: {}, presenceFeat: {}, imFeat: {}, groupFeat: {} }
    expect(up(FunctionsElement, {})).toEqual({})
    expect(up(FunctionsElement, { root: {} })).toEqual(whole)
    expect(up(FunctionsElement, { root: { imFeat: {} } })).toEqual({ imFeat: {} })
    expect(down(FunctionsElement, {})).toEqual({})
    expect(down(FunctionsElement, whole)).toEqual({ root: whole })
  })
})
