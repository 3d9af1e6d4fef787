import type { BodyInput } from '@village/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { heard, subscribed, withServices } from '../../testing/notifications.ts'
import type { Phone } from '../../testing/phone.ts'
import { openVillage, type Village } from '../../testing/village.ts'

type Create = Omit<BodyInput<'CreateListRequest'>, 'contactList'>
type Change = Omit<BodyInput<'ListManageRequest'>, 'contactList'>

const [friends, work, chess] = ['friends', 'work', 'chess'].map(name => `wv:alice/${name}@example.com`) as [
  string,
  string,
  string,
]
const [alice, bob, carol] = ['wv:alice@example.com', 'wv:bob@example.com', 'wv:carol@example.com']

const create = (phone: Phone, contactList: string, more: Create = {}) =>
  phone.code({ name: 'CreateListRequest', body: { contactList, ...more } })
const manage = (phone: Phone, contactList: string, change: Partial<Change>) =>
  phone.code({ name: 'ListManageRequest', body: { contactList, receiveList: false, ...change } })
const remove = (phone: Phone, contactList: string) => phone.code({ name: 'DeleteListRequest', body: { contactList } })
const set = (name: string, value: string) => ({ contactListProperties: [{ name, value }] }) as const
const users = (...userIds: string[]) => userIds.map(userId => ({ userId }))

const lists = (notificationType: string, ...contactLists: string[]) => ({ notificationType, contactLists })
const added = { notificationType: 'ATCL', userList: { users: [{ userId: alice }], screenNames: [] } }

/** Alice has two lists, the default one with Bob on it. */
describe.each(['xml', 'wbxml'] as const)('CSP 8.1.2: notifications of contact lists, in %s', syntax => {
  let village: Village
  let doer: Phone
  let ears: Phone
  let [ofBob, ofCarol]: Phone[] = []
  beforeEach(async () => {
    village = await openVillage()
    doer = await withServices(village, 'alice', 'doer')
    await create(doer, friends, { nickList: users(bob) })
    await create(doer, work)
    ears = await subscribed(village, 'alice', undefined, { syntax })
    ofBob = await subscribed(village, 'bob', undefined, { syntax })
    ofCarol = await subscribed(village, 'carol', undefined, { syntax })
  })

  it.each<[string, () => Promise<unknown>, object[]]>([
    ['a list is created', () => create(doer, 'wv:alice/Chess'), [lists('CLCR', 'wv:alice/Chess@example.com')]],
    [
      'a list is created as the default, and of the one it was before',
      () => create(doer, chess, set('Default', 'T')),
      [lists('CLCR', chess), lists('CLC', friends)],
    ],
    ['a list is deleted', () => remove(doer, work), [lists('CLD', work)]],
    [
      'the default list is deleted, and of the one that it is now',
      () => remove(doer, friends),
      [lists('CLC', work), lists('CLD', friends)],
    ],
    ['somebody is added', () => manage(doer, work, { addNickList: users(bob) }), [lists('CLC', work)]],
    ['somebody is removed', () => manage(doer, friends, { removeNickList: [bob] }), [lists('CLC', friends)]],
    [
      'somebody has another nickname',
      () => manage(doer, friends, { addNickList: [{ userId: bob, name: 'Bobby' }] }),
      [lists('CLC', friends)],
    ],
    ['it has another name', () => manage(doer, work, set('DisplayName', 'Work')), [lists('CLC', work)]],
    ['it is not to tell any more', () => manage(doer, work, set('DoNotNotify', 'T')), [lists('CLC', work)]],
    [
      'it is the default, and of the one it was before',
      () => manage(doer, work, set('Default', 'T')),
      [lists('CLC', friends, work)],
    ],
    [
      'it is granted by AuthorizeAndGrant',
      () => manage(doer, work, { authorizeAndGrant: true }),
      [
        { notificationType: 'GLC' },
        { notificationType: 'AC', contactLists: [work], presenceSubList: expect.anything() },
      ],
    ],
    ['it is read', () => manage(doer, work, { receiveList: true }), []],
    ['who is there is added', () => manage(doer, friends, { addNickList: users(bob) }), []],
    ['who is not there is removed', () => manage(doer, friends, { removeNickList: [carol] }), []],
    ['the default list is to be none, or is it already', () => manage(doer, friends, set('Default', 'F')), []],
    ['it is there already', () => create(doer, friends, { nickList: users(carol) }), []],
    ['it has a property that there is not', () => manage(doer, work, set('Colour', 'red')), []],
    ['nobody of those to be added exists', () => manage(doer, work, { addNickList: users('wv:nobody') }), []],
  ])('the other clients of the user, where %s', async (_, change, told) => {
    await change()
    expect(await heard(ears)).toEqual(told)
    expect(await heard(doer)).toEqual([])
  })

  it('nobody, where a list is granted that is granted already', async () => {
    await manage(doer, work, { authorizeAndGrant: true })
    await heard(ears)
    await manage(doer, work, { authorizeAndGrant: true })
    expect(await heard(ears)).toEqual([])
  })

  it('users who were added to a list, when it is created or later, and not the others', async () => {
    await create(doer, chess, { nickList: users(bob, 'wv:x@elsewhere.org', alice) })
    expect([await heard(ofBob!), await heard(ofCarol!)]).toEqual([[added], []])
    await manage(doer, chess, { addNickList: users(bob, carol) })
    expect([await heard(ofBob!), await heard(ofCarol!)]).toEqual([[], [added]])
    expect((await heard(ears)).map(({ notificationType }) => notificationType)).toEqual(['CLCR', 'CLC'])
  })

  it('of all their clients that have subscribed, one that was not used since a restart as well', async () => {
    village.restart()
    const other = await subscribed(village, 'bob', ['ATCL'], { clientId: 'other', syntax })
    await manage(doer, work, { addNickList: users(bob) })
    expect([await heard(ofBob!), await heard(other)]).toEqual([[added], [added]])
  })

  it('not where it is their nickname that is new, nor where they are removed', async () => {
    await manage(doer, friends, { addNickList: [{ userId: bob, name: 'Bobby' }] })
    await manage(doer, friends, { removeNickList: [bob] })
    expect(await heard(ofBob!)).toEqual([])
  })

  it('not where the list is not to tell (DoNotNotify), from the beginning or until it is', async () => {
    await create(doer, chess, { ...set('DoNotNotify', 'T'), nickList: users(bob) })
    await manage(doer, chess, { addNickList: users(carol) })
    expect([await heard(ofBob!), await heard(ofCarol!)]).toEqual([[], []])
    await manage(doer, chess, { removeNickList: [bob], ...set('DoNotNotify', 'F') })
    await manage(doer, chess, { addNickList: users(bob) })
    expect([await heard(ofBob!), await heard(ofCarol!)]).toEqual([[added], []])
  })
})
