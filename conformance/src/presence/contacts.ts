import { withNotified } from '../messaging/clients.ts'
import { messageTo, sendText } from '../messaging/send.ts'
import { textOf } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import {
  folded,
  type ListOwner,
  listOwner,
  nickNameOf,
  property,
  propertyOf,
  usersOn,
  withContactLists,
  withOwner,
} from './list-owner.ts'

/** Romeo and a list of his, with nobody on it. */
const withFriends = (run: (stage: Stage, romeo: ListOwner, friends: string) => Promise<void>) =>
  withOwner(async (stage, romeo) => {
    const friends = romeo.list('friends')
    await romeo.create(friends)
    await run(stage, romeo, friends)
  })

/** What is on contact lists, and what messages make of it (CSP 8.1.2, 5.5.2.1). */
export const contacts: readonly Scenario[] = [
  scenario(
    'PRSE-S-004',
    '8.1.2',
    'Who is added to a contact list without a nickname is given one',
    withFriends(async ({ expect, accounts }, romeo, friends) => {
      const { juliet } = accounts
      const answer = await romeo.manage(friends, { addNickList: [{ userId: juliet.userId }], receiveList: true })
      const body = answer.as('ListManageResponse')
      expect(body.result.code, 'the result').is(200)
      expect(usersOn(body), 'the users').is([folded(juliet.userId)])
      expect(nickNameOf(body, juliet), 'the nickname').isPresent()
      expect(nickNameOf(await romeo.read(friends), juliet), 'the nickname later').is(nickNameOf(body, juliet))
    }),
  ),

  scenario(
    'PRSE-S-004',
    '8.1.2',
    'Who is on a contact list already gets the new nickname',
    withFriends(async ({ expect, accounts }, romeo, friends) => {
      const { userId } = accounts.juliet
      const add = (name: string, spelling: string) =>
        romeo.manage(friends, { addNickList: [{ userId: spelling, name }], receiveList: true })
      await add('Jule', userId)
      const body = (await add('Julchen <3', userId.toUpperCase().replace('WV:', 'wv:'))).as('ListManageResponse')
      expect(body.nickList?.length, 'the number of users').is(1)
      expect(nickNameOf(body, accounts.juliet), 'the nickname').is('Julchen <3')
    }),
  ),

  scenario(
    'PRSE-S-004',
    '8.1.2',
    'Users are removed from a contact list, and it is no error where one is not there',
    withFriends(async ({ expect, accounts }, romeo, friends) => {
      const users = [accounts.juliet.userId, accounts.romeo.userId] as const
      await romeo.manage(friends, { addNickList: users.map(userId => ({ userId })), receiveList: true })
      for (let time = 0; time < 2; time++) {
        const answer = await romeo.manage(friends, { removeNickList: [accounts.juliet.userId], receiveList: true })
        expect(answer.code, 'the result').is(200)
        expect(usersOn(answer.as('ListManageResponse')), 'the users').is([folded(accounts.romeo.userId)])
      }
    }),
  ),

  scenario(
    'PRSE-S-004',
    '8.1.2',
    'The users of a contact list are told only to who wants to know',
    withFriends(async ({ expect, accounts }, romeo, friends) => {
      const addNickList = [{ userId: accounts.juliet.userId }]
      const answer = await romeo.manage(friends, { addNickList, receiveList: false })
      expect(answer.code, 'the result').is(200)
      expect(answer.as('ListManageResponse').nickList, 'the users').isAbsent()
      expect(usersOn(await romeo.read(friends)).length, 'the number of users later').is(1)
    }),
    { since: '1.2' },
  ),

  scenario(
    'PRSE-S-004',
    '8.1.2',
    'Properties of a contact list are changed and told as they are then',
    withFriends(async ({ expect }, romeo, friends) => {
      const contactListProperties = [property('DisplayName', 'Größte Freunde')] as const
      const answer = await romeo.manage(friends, { contactListProperties, receiveList: false })
      expect(propertyOf(answer.as('ListManageResponse'), 'DisplayName'), 'the name').is('Größte Freunde')
      expect(propertyOf(await romeo.read(friends), 'DisplayName'), 'the name later').is('Größte Freunde')
    }),
  ),

  scenario(
    'PRSE-S-004 PRSE-S-001',
    '8.1.1',
    'The default contact list changes when another is made it, and in no other way',
    withFriends(async ({ expect }, romeo, friends) => {
      await romeo.create(romeo.list('work'))
      const set = async (list: string, value: string) => {
        const contactListProperties = [property('Default', value)] as const
        const answer = await romeo.manage(list, { contactListProperties, receiveList: false })
        return propertyOf(answer.as('ListManageResponse'), 'Default')
      }
      expect(await set(friends, 'F'), 'Default of the default list').is('T')
      expect((await romeo.lists()).preferred, 'the default').is(folded(friends))
      expect(await set(romeo.list('work'), 'T'), 'Default of the other list').is('T')
      expect(propertyOf(await romeo.read(friends), 'Default'), 'Default of the former default list').is('F')
      expect((await romeo.lists()).preferred, 'the default now').is(folded(romeo.list('work')))
    }),
  ),

  scenario(
    'PRSE-S-004',
    '8.1.3',
    'A contact list cannot be changed in what it does not have: 752, 531',
    withFriends(async ({ expect, accounts }, romeo, friends) => {
      const contactListProperties = [{ name: 'Colour', value: 'red' }] as const
      const wrong = await romeo.manage(friends, { contactListProperties, receiveList: true })
      expect(wrong.code, 'the answer for an unknown property').is(752)
      const nobody = accounts.juliet.userId.replace(/^wv:/, 'wv:nobody-')
      const unknown = await romeo.manage(friends, { addNickList: [{ userId: nobody }], receiveList: true })
      expect(unknown.code, 'the answer for an unknown user').is(531)
      expect(usersOn(await romeo.read(friends)), 'the users').is([])
    }),
  ),

  scenario(
    'PRSE-S-004',
    '8.1.2',
    'Contact lists outlive the session',
    withFriends(async (stage, romeo, friends) => {
      await romeo.manage(friends, {
        addNickList: [{ userId: stage.accounts.juliet.userId, name: 'J' }],
        receiveList: true,
      })
      await romeo.phone.logout()
      const again = await listOwner(stage)
      stage.expect(nickNameOf(await again.read(friends), stage.accounts.juliet), 'the nickname').is('J')
    }),
  ),

  scenario(
    'PRSE-S-004',
    '8.1.2',
    'AuthorizeAndGrant puts a contact list on the grant list, once; F means nothing',
    withFriends(async ({ expect, skip }, romeo, friends) => {
      const granted = async () => {
        const answer = await romeo.phone.ask({ name: 'GetBlockedListRequest', body: {} })
        if ([405, 506].includes(answer.code ?? 0)) skip('there is no grant list to be read')
        const { grantList } = answer.as('GetBlockedListResponse')
        return (grantList?.entityList?.contactLists ?? []).filter(list => folded(list) === folded(friends)).length
      }
      await romeo.manage(friends, { receiveList: true, authorizeAndGrant: false })
      expect(await granted(), 'how often it is granted after F').is(0)
      for (let time = 0; time < 2; time++) await romeo.manage(friends, { receiveList: true, authorizeAndGrant: true })
      expect(await granted(), 'how often it is granted after T').is(1)
      const grantList = { removeList: { contactLists: [friends] } }
      await romeo.phone.ask({ name: 'BlockEntityRequest', body: { grantList } })
    }),
    { since: '1.3' },
  ),

  scenario(
    'IMSE-S-002 SERV-S-006',
    '5.5.2.1',
    'A message to a contact list reaches who is on it, once, and names no list',
    withFriends(async ({ expect, unique, phone }, romeo, friends) => {
      const juliet = await phone('juliet').online()
      const { userId } = juliet.account
      await romeo.manage(friends, { addNickList: [{ userId }], receiveList: true })
      const recipient = { users: [{ userId }], contactLists: [friends] }
      const text = unique('To all my friends')
      const answer = await romeo.phone.ask(messageTo([], romeo.phone, text, { info: { recipient } }))
      expect(answer.code, 'the answer').is(200)
      const { messageInfo } = (await juliet.receiveMessage(text)).as('NewMessage')
      expect(messageInfo.recipient.contactLists, 'the lists she is told of').is([])
      await juliet.fetchAll()
      expect(juliet.inbox.filter(it => textOf(it) === text).length, 'the number of further copies').is(0)
    }),
  ),

  scenario(
    'IMSE-S-002',
    '9.1.1.2',
    'A message to a contact list with nobody on it gets 703',
    withFriends(async ({ expect }, romeo, friends) => {
      const recipient = { contactLists: [friends] }
      const answer = await romeo.phone.ask(messageTo([], romeo.phone, 'Anybody?', { info: { recipient } }))
      expect(answer.code, 'the answer').is(703)
    }),
  ),

  scenario(
    'ADDR-S-005 IMSE-S-002',
    '5.3.5',
    'Nobody writes to a contact list of somebody else',
    withFriends(async ({ expect, accounts, phone }, romeo, friends) => {
      await romeo.manage(friends, { addNickList: [{ userId: accounts.juliet.userId }], receiveList: true })
      const juliet = await phone('juliet').online()
      const to = (list: string) =>
        juliet.ask(messageTo([], juliet, 'Psst', { info: { recipient: { contactLists: [list] } } }))
      const answer = await to(friends)
      expect(answer.code, 'the answer').isBetween(400, 999)
      expect((await to(romeo.list('nobody-made-this'))).code, 'the answer for a list that does not exist').is(
        answer.code,
      )
    }),
  ),

  scenario('IMSE-S-010', '9.1.10.1', 'A message can be forwarded to a contact list', async stage => {
    const { juliet, romeo } = await withNotified(stage, ['fwmsg'])
    await romeo.fetchAll()
    const owner = await withContactLists(juliet, stage)
    const list = owner.list(`readers-${stage.version}`)
    await owner.create(list, { nickList: [{ userId: romeo.account.userId }] })
    const text = stage.unique('Among friends')
    const messageId = await sendText(romeo, juliet, text)
    const sender = { user: { userId: juliet.account.userId } }
    const body = { messageId, sender, recipient: { contactLists: [list] } }
    const answer = await juliet.ask({ name: 'ForwardMessageRequest', body })
    await owner.delete(list)
    // Before 1.3 the answer is a Status.
    stage.expect(answer.code ?? 200, 'the answer').is(200)
    const { messageInfo } = (await romeo.receiveMessage(text)).as('NewMessage')
    stage.expect(folded(messageInfo.sender.user?.userId), 'the sender').is(folded(juliet.account.userId))
    stage.expect(messageInfo.recipient.contactLists, 'the lists he is told of').is([])
  }),
]
