import { type Scenario, scenario } from '../scenario.ts'
import { folded, listOwner, property, propertyOf, usersOn, withOwner } from './list-owner.ts'

/** Contact lists are created, told and deleted (CSP 8.1). */
export const contactLists: readonly Scenario[] = [
  scenario(
    'PRSE-S-001',
    '8.1.2',
    'Where there are no contact lists none is told, and no default',
    withOwner(async ({ expect }, romeo) => {
      expect(await romeo.lists(), 'the lists').is({ preferred: undefined, others: [] })
    }),
  ),

  scenario(
    'PRSE-S-001 PRSE-S-002',
    '8.1.2',
    'The default contact list is told apart from the others',
    withOwner(async ({ expect }, romeo) => {
      const [first, second, third] = ['one', 'two', 'three'].map(name => romeo.list(name)) as [string, string, string]
      for (const list of [first, second, third]) await romeo.create(list)
      const { preferred, others } = await romeo.lists()
      expect(preferred, 'the default').is(folded(first))
      expect(others, 'the others').is([second, third].map(folded).sort())
    }),
  ),

  scenario(
    'PRSE-S-002',
    '8.1.1',
    'The first contact list is the default, whatever its user says',
    withOwner(async ({ expect, version }, romeo) => {
      const contactListProperties = [property('Default', 'F')] as const
      const answer = await romeo.create(romeo.list('first'), { contactListProperties })
      if (version !== '1.3') expect(answer.code, 'the answer').is(200)
      else expect(propertyOf(answer.as('CreateListResponse'), 'Default'), 'Default in the answer').is('T')
      expect((await romeo.lists()).preferred, 'the default').is(folded(romeo.list('first')))
    }),
  ),

  scenario(
    'PRSE-S-002 PRSE-S-004',
    '8.1.2',
    'A contact list begins with the properties and users it was created with',
    withOwner(async ({ expect, accounts, version }, romeo) => {
      const [friends, { userId }] = [romeo.list('friends'), accounts.juliet]
      const contactListProperties = [property('DisplayName', 'Capulets & others')] as const
      const nickList = [{ userId, name: 'Jule' }]
      const answer = await romeo.create(friends, { contactListProperties, nickList })
      if (version === '1.3') {
        const body = answer.as('CreateListResponse')
        expect(folded(body.contactList), 'the list of the answer').is(folded(friends))
        expect(propertyOf(body, 'DisplayName'), 'the name in the answer').is('Capulets & others')
        expect(propertyOf(body, 'DoNotNotify'), 'DoNotNotify in the answer').isOneOf(['T', 'F'])
      } else expect(answer.code, 'the answer').is(200)
      const list = await romeo.read(friends)
      expect(propertyOf(list, 'DisplayName'), 'the name').is('Capulets & others')
      expect(usersOn(list), 'the users').is([folded(userId)])
    }),
  ),

  scenario(
    'PRSE-S-002',
    '8.1.3',
    'A contact list that is there cannot be created again: 701, in any case',
    withOwner(async ({ expect }, romeo) => {
      await romeo.create(romeo.list('friends'))
      const again = await romeo.create(romeo.list('FRIENDS'))
      expect(again.code, 'the answer').is(701)
      expect((await romeo.lists()).others, 'the other lists').is([])
    }),
  ),

  scenario(
    'PRSE-S-002 PRSE-S-001',
    '8.1.1',
    'A contact list that is created as the default takes the place of the one before',
    withOwner(async ({ expect }, romeo) => {
      await romeo.create(romeo.list('before'))
      await romeo.create(romeo.list('after'), { contactListProperties: [property('Default', 'T')] })
      const { preferred, others } = await romeo.lists()
      expect(preferred, 'the default').is(folded(romeo.list('after')))
      expect(others, 'the others').is([folded(romeo.list('before'))])
    }),
  ),

  scenario(
    'CCLI-S-001 PRSE-S-002',
    '8.1.2',
    'A contact list is created also where one of its users is unknown: 201',
    withOwner(async ({ expect, accounts }, romeo) => {
      const nobody = accounts.juliet.userId.replace(/^wv:/, 'wv:nobody-')
      const nickList = [nobody, accounts.juliet.userId].map(userId => ({ userId }))
      const answer = await romeo.create(romeo.list('friends'), { nickList })
      answer.as('Status')
      expect(answer.code, 'the answer').is(201)
      expect(answer.failures, 'what failed').is([{ code: 531, about: [nobody] }])
      expect(usersOn(await romeo.read(romeo.list('friends'))), 'the users').is([folded(accounts.juliet.userId)])
    }),
  ),

  scenario(
    'CCLI-S-001 PRSE-S-002',
    '8.1.2',
    'A contact list is created also where one of its properties is unknown: 201',
    withOwner(async ({ expect }, romeo) => {
      const contactListProperties = [{ name: 'Colour', value: 'red' }, property('DisplayName', 'Red')] as const
      const answer = await romeo.create(romeo.list('friends'), { contactListProperties })
      expect(answer.code, 'the answer').is(201)
      expect(
        answer.failures.map(({ code }) => code),
        'the codes of what failed',
      ).is([752])
      expect(propertyOf(await romeo.read(romeo.list('friends')), 'DisplayName'), 'the name').is('Red')
    }),
  ),

  scenario(
    'PRSE-S-003',
    '8.1.2',
    'A contact list that was deleted is gone: 700',
    withOwner(async ({ expect }, romeo) => {
      await romeo.create(romeo.list('friends'))
      expect((await romeo.delete(romeo.list('friends'))).code, 'the answer').is(200)
      expect((await romeo.delete(romeo.list('friends'))).code, 'the answer to a second time').is(700)
      expect((await romeo.manage(romeo.list('friends'), { receiveList: true })).code, 'the answer to reading').is(700)
      expect((await romeo.lists()).preferred, 'the default').isAbsent()
    }),
  ),

  scenario(
    'PRSE-S-003 PRSE-S-001',
    '8.1.1',
    'Where the default contact list is deleted another becomes it',
    withOwner(async ({ expect }, romeo) => {
      for (const name of ['one', 'two', 'three']) await romeo.create(romeo.list(name))
      await romeo.delete(romeo.list('one'))
      const { preferred, others } = await romeo.lists()
      expect([preferred, ...others].sort(), 'the lists').is([romeo.list('three'), romeo.list('two')].map(folded))
      expect(preferred, 'the default').isPresent()
    }),
  ),

  scenario(
    'ADDR-S-005 PRSE-S-003 PRSE-S-004',
    '5.3.5',
    'Contact lists of others cannot be read, changed or deleted, and nobody learns whether they exist',
    withOwner(async (stage, romeo) => {
      const { expect, accounts } = stage
      const [friends, nothing] = [romeo.list('friends'), romeo.list('nobody-made-this')]
      await romeo.create(friends)
      const juliet = await listOwner(stage, 'juliet')
      const { userId } = accounts.juliet
      const attempts = [
        (list: string) => juliet.manage(list, { receiveList: true }),
        (list: string) => juliet.manage(list, { addNickList: [{ userId }], receiveList: true }),
        (list: string) => juliet.manage(list, { removeNickList: [userId], receiveList: true }),
        (list: string) =>
          juliet.manage(list, { contactListProperties: [property('DisplayName', 'Mine')], receiveList: true }),
        (list: string) => juliet.delete(list),
      ]
      for (const attempt of attempts) {
        const answer = await attempt(friends)
        answer.as('Status')
        expect(answer.code, 'the answer').isBetween(400, 999)
        expect((await attempt(nothing)).code, 'the answer for a list that does not exist').is(answer.code)
      }
      expect(usersOn(await romeo.read(friends)), 'the users on the list').is([])
    }),
  ),

  scenario(
    'ADDR-S-005 PRSE-S-002',
    '5.3.5',
    'Nobody creates contact lists in the name of somebody else',
    withOwner(async (stage, romeo) => {
      const juliet = await listOwner(stage, 'juliet')
      const answer = await juliet.create(romeo.list('gift'))
      stage.expect(answer.code, 'the answer').isBetween(400, 999)
      stage.expect((await romeo.lists()).preferred, 'his default list').isAbsent()
    }),
  ),
]
