import type { BodyInput } from '@village/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newContact, newList } from '../../testing/contacts.ts'
import { codeOf, type Phone } from '../../testing/phone.ts'
import { openVillage, type Village } from '../../testing/village.ts'

type Entities = NonNullable<NonNullable<BodyInput<'BlockEntityRequest'>['blockList']>['addList']>

interface List {
  readonly isInUse: boolean
  readonly userIds: readonly string[]
  readonly contactLists: readonly string[]
  readonly applicationIds: readonly string[]
  readonly screenNames: Entities['screenNames']
}
interface Policy {
  readonly block: List
  readonly grant: List
  /** Members of Alice's contact lists, by the name of the list. */
  readonly contacts: Readonly<Record<ListName, readonly Name[]>>
}
interface Sent {
  readonly from: Name
  readonly applicationId: string | undefined
}

const names = ['ann', 'anna', 'ben', 'bo'] as const
type Name = (typeof names)[number]
const listNames = ['one', 'two'] as const
type ListName = (typeof listNames)[number]
const applications = ['Chess', 'Checkers'] as const

/** Figure 60 as it stands, and what an entry means as CSP 9.3.1 tells it, with no thought of time. */
const model = {
  isHeard: (policy: Policy, sent: Sent): boolean => {
    if (policy.block.isInUse && model.isOn(policy.block, policy, sent)) return false
    if (policy.grant.isInUse) return model.isOn(policy.grant, policy, sent)
    return true
  },

  isOn: (list: List, { contacts }: Policy, { from, applicationId }: Sent): boolean => {
    const isListed = (name: ListName) => list.contactLists.some(entry => model.isMeant(entry, `wv:alice/${name}`))
    return (
      list.userIds.some(entry => model.isMeant(entry, `wv:${from}`)) ||
      listNames.some(name => isListed(name) && contacts[name].includes(from)) ||
      list.applicationIds.some(entry => applicationId !== undefined && model.isLike(entry, applicationId))
    )
  },

  /** An address at home is meant with its domain and without it. */
  isMeant: (entry: string, local: string) => model.isLike(entry, local) || model.isLike(entry, `${local}@example.com`),

  isLike: (pattern: string, text: string): boolean => {
    const [[first, ...more], [next, ...others]] = [pattern.toLowerCase(), text.toLowerCase()]
    const [rest, tail] = [more.join(''), others.join('')]
    if (first === undefined) return next === undefined
    if (first === '*') return model.isLike(rest, text) || (next !== undefined && model.isLike(pattern, tail))
    if (first === '?') return model.isLike(rest, text) || (next !== undefined && model.isLike(rest, tail))
    return first === next && model.isLike(rest, tail)
  },
}

const userEntries = [
  'wv:ann',
  'wv:ANNA@example.com',
  'wv:Ben',
  'wv:ann*',
  'wv:?o',
  'wv:b??',
  '*n',
  '*@EXAMPLE.com',
  'wv:*n*a*',
]
const listEntries = ['wv:alice/one', 'wv:Alice/Two@example.com', 'wv:alice/t*', '*/one']
const applicationEntries = ['chess', 'CHECKERS', 'ch*', '*ess', 'che??']
const screenNameEntries = [{ name: '*', groupId: 'wv:*' }]

const some = <T>(of: readonly T[]) => fc.subarray([...of], { maxLength: Math.min(2, of.length) })
const list: fc.Arbitrary<List> = fc.record({
  isInUse: fc.boolean(),
  userIds: some(userEntries),
  contactLists: some(listEntries),
  applicationIds: some(applicationEntries),
  screenNames: some(screenNameEntries),
})
const policy: fc.Arbitrary<Policy> = fc.record({
  block: list,
  grant: list,
  contacts: fc.record({ one: some(names), two: some(names) }),
})
const message: fc.Arbitrary<Sent> = fc.record({
  from: fc.constantFrom(...names),
  applicationId: fc.constantFrom(undefined, undefined, ...applications),
})

/** Alice, with a client for each application and one more, and those who write to her. */
const open = async () => {
  const village = await openVillage({ users: ['alice', ...names] })
  const { store } = village
  for (const name of listNames)
    await store.commit(store.contactLists.create(alice, newList(listId(name)), listNames.length))
  const clients = [undefined, ...applications].map(async applicationId => {
    const phone = village.phone('alice', { version: '1.3', clientId: `with ${applicationId}` })
    await phone.login({ applicationId })
    await phone.negotiate()
    return phone
  })
  const senders = names.map(async name => [name, await village.ready(name, { version: '1.3' })] as const)
  const mine = await Promise.all(clients)
  return { village, mine, senders: new Map(await Promise.all(senders)) }
}

const alice = 'wv:alice@example.com'
const idOf = (name: Name) => `wv:${name}@example.com`
const listId = (name: ListName) => `wv:alice/${name}@example.com`

const noList: List = { isInUse: false, userIds: [], contactLists: [], applicationIds: [], screenNames: [] }
const nothing: Policy = { block: noList, grant: noList, contacts: { one: [], two: [] } }

/** Puts a policy into the place of another. */
const adopt = async ({ store, core }: Village, phone: Phone, { block, grant, contacts }: Policy, former: Policy) => {
  for (const name of listNames)
    await store.commit([
      ...store.contactLists.removeMembers(alice, listId(name), names.map(idOf), null),
      ...store.contactLists.addMembers(
        alice,
        listId(name),
        contacts[name].map(idOf).map(userId => newContact(userId)),
        100,
        null,
      ),
    ])
  core.forgetUser(alice)
  const change = ({ isInUse: _, ...addList }: List, { isInUse: __, ...removeList }: List) => ({ removeList, addList })
  const body = {
    blockList: change(block, former.block),
    blockListInUse: block.isInUse,
    grantList: change(grant, former.grant),
    grantListInUse: grant.isInUse,
  }
  expect(await phone.code({ name: 'BlockEntityRequest', body })).toBe(200)
}

describe('CSP 9.3.1, figure 60', () => {
  it('decides 2,000 random policies as its plain transcription does: who may send, and what is still there', async () => {
    const { village, mine, senders } = await open()
    let [count, held] = [0, nothing]
    const hear = async (before: Policy, after: Policy, messages: readonly Sent[]) => {
      await adopt(village, mine[0]!, before, held)
      const expected: string[] = []
      for (const sent of messages) {
        const text = `message ${++count}`
        const users = [{ userId: alice, applicationId: sent.applicationId }]
        const { primitive } = await senders.get(sent.from)!.send([], text, { recipient: { users } })
        const isHeard = model.isHeard(before, sent)
        expect(codeOf(primitive)).toBe(isHeard ? 200 : 532)
        // What waits is judged again when the lists change.
        if (isHeard && model.isHeard(after, sent)) expected.push(text)
      }
      await adopt(village, mine[0]!, after, before)
      held = after
      const received: unknown[] = []
      for (const phone of mine) received.push(...(await phone.texts()))
      expect(received.sort()).toEqual(expected.sort())
    }
    const messages = fc.array(message, { minLength: 1, maxLength: 3 })
    await fc.assert(fc.asyncProperty(policy, policy, messages, hear), { numRuns: 1000 })
  }, 60_000)
})
