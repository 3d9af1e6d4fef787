import type { BodyInput, Primitive } from '@village/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AccessModel, addressOf, type List, nobody, type Policy, type Sent } from '../../testing/access-model.ts'
import { manage } from '../../testing/contacts.ts'
import { codeOf, type Phone, pushed } from '../../testing/phone.ts'
import { openVillage, type Village } from '../../testing/village.ts'

const senders = ['ann', 'anna', 'ben', 'bo'] as const
/** Those who have policies. */
const owners = ['alice', 'bea'] as const
type Owner = (typeof owners)[number]
const listNames = ['one', 'two'] as const
type ListName = (typeof listNames)[number]
const applications = ['Chess', 'Checkers'] as const

/** Somebody is put on a contact list, or taken off it. */
interface Change {
  readonly owner: Owner
  readonly list: ListName
  readonly isAddition: boolean
  readonly names: readonly string[]
}
type Policies = Readonly<Record<Owner, Policy>>
interface Run {
  readonly isBlockHidden: boolean
  readonly before: Policies
  readonly steps: readonly (Sent | Change)[]
  readonly after: Policies
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
const listEntries = (owner: Owner) => [
  `wv:${owner}/one`,
  `wv:${owner.toUpperCase()}/Two@example.com`,
  'wv:alice/t*',
  '*/one',
]
const applicationEntries = ['chess', 'CHECKERS', 'ch*', '*ess', 'che??']
const screenNameEntries = [{ name: '*', groupId: 'wv:*' }]

const some = <T>(of: readonly T[]) => fc.subarray([...of], { maxLength: Math.min(2, of.length) })
const list = (owner: Owner): fc.Arbitrary<List> =>
  fc.record({
    isInUse: fc.boolean(),
    userIds: some(userEntries),
    contactLists: some(listEntries(owner)),
    applicationIds: some(applicationEntries),
    screenNames: some(screenNameEntries),
  })
const policy = (owner: Owner): fc.Arbitrary<Policy> =>
  fc.record({
    block: list(owner),
    grant: list(owner),
    contacts: fc.record({ one: some(senders), two: some(senders) }),
  })
const policies = fc.record({ alice: policy('alice'), bea: policy('bea') })
const allWays = owners.flatMap(to => [undefined, ...applications].map(applicationId => ({ to, applicationId })))
const message: fc.Arbitrary<Sent> = fc.record({
  from: fc.constantFrom(...senders),
  ways: fc.shuffledSubarray(allWays, { minLength: 1, maxLength: 3 }),
  isToNobody: fc.boolean(),
})
const change: fc.Arbitrary<Change> = fc.record({
  owner: fc.constantFrom(...owners),
  list: fc.constantFrom(...listNames),
  isAddition: fc.boolean(),
  names: fc.subarray([...senders], { minLength: 1, maxLength: 2 }),
})
const run: fc.Arbitrary<Run> = fc.record({
  isBlockHidden: fc.boolean(),
  before: policies,
  steps: fc.array(fc.oneof({ arbitrary: message, weight: 3 }, { arbitrary: change, weight: 2 }), {
    minLength: 1,
    maxLength: 6,
  }),
  after: policies,
})

const noList: List = { isInUse: false, userIds: [], contactLists: [], applicationIds: [], screenNames: [] }
const nothing: Policy = { block: noList, grant: noList, contacts: { one: [], two: [] } }

const listId = (owner: Owner, name: ListName) => `wv:${owner}/${name}@example.com`

/** An owner with a client for each application and one more; the first of them has two contact lists. */
const clientsOf = async (owner: Owner, village: Village): Promise<Phone[]> => {
  const clients: Phone[] = []
  for (const applicationId of [undefined, ...applications]) {
    const services = { ...pushed, presenceFeat: { contListFunc: { ccli: true, mcls: true } } } as const
    const phone = village.phone(owner, { version: '1.3', clientId: `with ${applicationId}`, services, applicationId })
    await phone.login()
    await phone.negotiate()
    clients.push(phone)
  }
  for (const name of listNames)
    await clients[0]!.ask({ name: 'CreateListRequest', body: { contactList: listId(owner, name) } })
  return clients
}

/** What is asked of a server with some policies in place, and what the model says of it. */
class Bench {
  readonly #clients: Readonly<Record<Owner, readonly Phone[]>>
  readonly #senders: ReadonlyMap<string, Phone>
  readonly #model: AccessModel
  readonly #policies: Record<Owner, Policy> = { alice: nothing, bea: nothing }
  #count = 0

  constructor(clients: Record<Owner, readonly Phone[]>, writers: ReadonlyMap<string, Phone>, model: AccessModel) {
    this.#clients = clients
    this.#senders = writers
    this.#model = model
    for (const owner of owners) model.adopt(owner, nothing)
  }

  /** Puts a policy into the place of another, request by request. */
  async adopt(owner: Owner, { contacts, ...lists }: Policy) {
    const former = this.#policies[owner]
    for (const list of listNames) {
      const [names, before] = [contacts[list]!, former.contacts[list]!]
      await this.change({ owner, list, isAddition: true, names: names.filter(name => !before.includes(name)) })
      await this.change({ owner, list, isAddition: false, names: before.filter(name => !names.includes(name)) })
    }
    const of = ({ isInUse: _, ...addList }: List, { isInUse: __, ...removeList }: List) => ({ removeList, addList })
    const body = {
      blockList: of(lists.block, former.block),
      blockListInUse: lists.block.isInUse,
      grantList: of(lists.grant, former.grant),
      grantListInUse: lists.grant.isInUse,
    } as BodyInput<'BlockEntityRequest'>
    expect(await this.#clients[owner][0]!.code({ name: 'BlockEntityRequest', body })).toBe(200)
    this.#set(owner, { ...this.#policies[owner], ...lists })
  }

  async change({ owner, list, isAddition, names }: Change) {
    if (names.length === 0) return
    const userIds = names.map(addressOf)
    const asked = isAddition ? { addNickList: userIds.map(userId => ({ userId })) } : { removeNickList: userIds }
    const { result } = await manage(this.#clients[owner][0]!, listId(owner, list), { ...asked, receiveList: false })
    expect(result.code).toBe(200)
    const { contacts, ...lists } = this.#policies[owner]
    const others = contacts[list]!.filter(name => !names.includes(name))
    this.#set(owner, { ...lists, contacts: { ...contacts, [list]: isAddition ? [...others, ...names] : others } })
  }

  async send(sent: Sent) {
    const text = `message ${++this.#count}`
    const named = sent.ways.map(({ to, applicationId }) => ({ userId: addressOf(to), applicationId }))
    const users = sent.isToNobody ? [...named, { userId: nobody, applicationId: undefined }] : named
    const { primitive } = await this.#senders.get(sent.from)!.send([], text, { recipient: { users } })
    expect(resultIn(primitive)).toEqual(this.#model.send(sent, text))
  }

  /** Everybody fetches what there is. */
  async fetchAll() {
    for (const owner of owners) {
      const copies = new Map<unknown, number>()
      for (const phone of this.#clients[owner]) {
        const texts = await phone.texts()
        expect(new Set(texts).size, 'no client gets a message twice').toBe(texts.length)
        for (const text of texts) copies.set(text, (copies.get(text) ?? 0) + 1)
      }
      const expected = this.#model.takeAll(owner)
      expect([...copies.keys()].sort()).toEqual([...expected.keys()].sort())
      for (const [text, most] of expected) expect(copies.get(text)).toBeLessThanOrEqual(most)
    }
  }

  #set(owner: Owner, policy: Policy) {
    this.#policies[owner] = policy
    this.#model.adopt(owner, policy)
  }
}

/** The code, and who failed with which, by the order of codes. */
const resultIn = (primitive: Primitive | undefined) => {
  if (primitive?.name !== 'Status' && primitive?.name !== 'SendMessageResponse') throw new Error(primitive?.name)
  const { details } = primitive.body.result
  const told = details.map(({ code, userIds }) => [code, [...userIds].sort()] as const)
  const failed = told.filter(([code]) => code !== 200)
  return { code: codeOf(primitive), failed: failed.sort(([one], [other]) => one - other) }
}

const open = async (isBlockHidden: boolean): Promise<Bench> => {
  const config = { 'messages.hideBlock': isBlockHidden }
  const village = await openVillage({ config, users: [...owners, ...senders] })
  const writers = new Map<string, Phone>()
  for (const name of senders) writers.set(name, await village.ready(name, { version: '1.3' }))
  const clients = { alice: await clientsOf('alice', village), bea: await clientsOf('bea', village) }
  return new Bench(clients, writers, new AccessModel(isBlockHidden))
}

describe('CSP 9.3.1, figure 60', () => {
  it('decides 2,000 random policies as its plain transcription does: who may send, and what is still there', async () => {
    const benches = new Map([
      [false, await open(false)],
      [true, await open(true)],
    ])
    const play = async ({ isBlockHidden, before, steps, after }: Run) => {
      const bench = benches.get(isBlockHidden)!
      for (const owner of owners) await bench.adopt(owner, before[owner])
      for (const step of steps) await ('from' in step ? bench.send(step) : bench.change(step))
      for (const owner of owners) await bench.adopt(owner, after[owner])
      await bench.fetchAll()
    }
    const hear = (run: Run) =>
      play(run).catch(async error => {
        // What it left behind is not to speak for or against the smaller ones that are tried now.
        benches.set(run.isBlockHidden, await open(run.isBlockHidden))
        throw error
      })
    // Two for each of two users.
    await fc.assert(fc.asyncProperty(run, hear), { numRuns: 500 })
  }, 60_000)
})
