import { couple, messageTo, sendText } from '../messaging/send.ts'
import { textOf } from '../phone.ts'
import { withContactLists } from '../presence/list-owner.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const domainOf = (userId: string) => userId.slice(userId.indexOf('@') + 1).toLowerCase()
const withoutDomain = (userId: string) => userId.replace(/@.*/, '')

const localAddress = ({ accounts, skip }: Stage) => {
  const { romeo, juliet } = accounts
  if (domainOf(romeo.userId) !== domainOf(juliet.userId)) skip('the two users have different domains')
  return withoutDomain(juliet.userId)
}

/** That a message reaches Juliet under some spelling of her address. */
const reaches = (spelling: (userId: string) => string) => async (stage: Stage) => {
  const { romeo, juliet } = await couple(stage)
  const text = stage.unique('Is it you?')
  const answer = await romeo.ask(messageTo([spelling(juliet.account.userId)], romeo, text))
  stage.expect(answer.code, 'the status code').is(200)
  await juliet.receiveMessage(text)
}

/** CSP 5.3. */
export const addresses: readonly Scenario[] = [
  scenario('ADDR-S-001', '5.3.2', 'A user of the own domain can be named without it', async stage => {
    const local = localAddress(stage)
    await reaches(() => local)(stage)
  }),
  scenario(
    'ADDR-S-002',
    '5.3.2',
    'A user can be named with the domain',
    reaches(userId => userId),
  ),
  scenario(
    'ADDR-S-006',
    '5.3.2',
    'A user can be named without wv:',
    reaches(userId => userId.replace(/^wv:/, '')),
  ),
  scenario(
    'ADDR-S-002',
    '5.3.2',
    'Addresses are the same in any case',
    reaches(userId => userId.toUpperCase()),
  ),
  scenario(
    'ADDR-S-002',
    '5.3.3',
    'An address is the same with and without an escape',
    reaches(userId => userId.replace(/:(.)/, (_, first: string) => `:%${first.charCodeAt(0).toString(16)}`)),
  ),

  scenario('ADDR-S-006', '5.3.2', 'A login may leave out wv:', async ({ phone, accounts, expect }) => {
    const answer = await phone().login({ userId: accounts.romeo.userId.replace(/^wv:/, '') })
    expect(answer.code, 'the status code').is(200)
  }),

  scenario(
    'ADDR-S-006',
    '5.3.2 as Movistar clients write it',
    'The Sender of a message may leave out wv:',
    async stage => {
      const { romeo, juliet } = await couple(stage)
      const text = stage.unique('From me')
      const sender = { user: { userId: romeo.account.userId.replace(/^wv:/, '') } }
      const answer = await romeo.ask(messageTo([juliet.account.userId], romeo, text, { info: { sender } }))
      stage.expect(answer.code, 'the status code').is(200)
      await juliet.receiveMessage(text)
    },
  ),

  ...(['sip', 'mailto'] as const).map(scheme =>
    scenario('ADDR-S-007', '5.3.2', `A user can be named by a ${scheme}: address`, async stage => {
      const { romeo, juliet } = await couple(stage)
      const text = stage.unique(`By ${scheme}`)
      const address = juliet.account.userId.replace(/^wv:/i, `${scheme}:`)
      const { code } = await romeo.ask(messageTo([address], romeo, text))
      if (code !== 200) stage.skip(`the server takes addresses of wv: only (${code})`)
      await juliet.receiveMessage(text)
    }),
  ),

  scenario('ADDR-S-003', '5.3.1', 'An answer writes addresses in the form of the request', async stage => {
    const { romeo, juliet } = await couple(stage)
    const address = juliet.account.userId
    localAddress(stage)
    const unknown = address.replace(/^wv:/, 'wv:nobody-')
    for (const written of [unknown, withoutDomain(unknown)]) {
      const answer = await romeo.ask(messageTo([address, written], romeo, stage.unique('Form')))
      stage
        .expect(
          answer.failures.map(({ about }) => about),
          'the addresses that failed',
        )
        .is([[written]])
    }
  }),

  scenario(
    'ADDR-S-003',
    '5.3.2',
    'Contact lists and who is on them are written in the form of the request',
    async stage => {
      const { expect, accounts } = stage
      localAddress(stage)
      for (const form of [(address: string) => address, withoutDomain]) {
        const phone = stage.phone()
        await phone.login({ userId: form(accounts.romeo.userId) })
        await phone.negotiate()
        const romeo = await withContactLists(phone, stage)
        await romeo.deleteAll()
        const list = form(romeo.list('form'))
        const [juliet, same] = [form(accounts.juliet.userId), (text: string | undefined) => text?.toLowerCase()]
        await romeo.create(list)
        const managed = await romeo.manage(list, { addNickList: [{ userId: juliet }], receiveList: true })
        const users = managed.as('ListManageResponse').nickList?.map(({ userId }) => same(userId))
        expect(users, 'who is on the list').is([same(juliet)])
        const { contactLists, defaultContactList } = await romeo.written()
        expect([...(contactLists ?? []), defaultContactList].map(same).filter(Boolean), 'the lists').is([same(list)])
        await romeo.deleteAll()
      }
    },
  ),

  scenario('ADDR-S-003', '5.3.2', 'What the server begins has full addresses', async stage => {
    const { romeo, juliet } = await couple(stage)
    const local = localAddress(stage)
    const text = stage.unique('In full')
    const sender = { user: { userId: withoutDomain(romeo.account.userId) } }
    await romeo.ask(messageTo([local], romeo, text, { info: { sender } }))
    const { messageInfo } = (await juliet.receiveMessage(text)).as('NewMessage')
    const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase()
    stage
      .expect(same(messageInfo.sender.user?.userId, romeo.account.userId), 'that the sender is named in full')
      .is(true)
    const [recipient] = messageInfo.recipient.users
    stage.expect(same(recipient?.userId, juliet.account.userId), 'that the recipient is named in full').is(true)
  }),

  scenario('ADDR-S-004', '5.3.7', 'A Client-ID may be a URL or a phone number', async ({ phone, expect }) => {
    const number = `+358${String(Date.now()).slice(-8)}`
    for (const clientId of [{ url: `http://phones.example/${number}` }, { msisdn: number }]) {
      const body = (await phone('romeo', { clientId }).login()).as('LoginResponse')
      expect(body.clientId, 'the Client-ID of the answer').is(clientId)
    }
  }),

  scenario(
    'ADDR-S-004 SERV-S-006',
    '5.5.2.1',
    'A message to one client of a user reaches that client only',
    async stage => {
      const { romeo, juliet: other } = await couple(stage)
      for (let i = 0; i < 2; i++) {
        // Before and after: which of the two is older must not matter.
        const meant = await stage.phone('juliet').online()
        const [wanted, unwanted] = i === 0 ? [meant, other] : [other, meant]
        const text = stage.unique(`For client ${i}`)
        const recipient = { users: [{ userId: wanted.account.userId, clientId: wanted.clientId }] }
        const answer = await romeo.ask(messageTo([], romeo, text, { info: { recipient } }))
        stage.expect(answer.code, 'the status code').is(200)
        await unwanted.fetchAll()
        const strays = unwanted.inbox.filter(it => textOf(it) === text).length
        stage.expect(strays, 'the number of copies at the other client').is(0)
        await wanted.receiveMessage(text)
        await meant.logout()
      }
    },
  ),

  scenario('ADDR-S-005', '5.3.5', 'The contact list of somebody else is no recipient', async stage => {
    const { romeo, juliet } = await couple(stage)
    const contactList = juliet.account.userId.replace('@', '/friends@')
    const recipient = { contactLists: [contactList] }
    const answer = await romeo.ask(messageTo([], romeo, 'Friends of a friend', { info: { recipient } }))
    stage.expect(answer.code, 'the status code').isBetween(400, 999)
  }),

  scenario('SERV-S-006', '5.5.2', 'Recipients are not told of each other, and get a message once', async stage => {
    const { romeo, juliet } = await couple(stage)
    const address = juliet.account.userId
    const text = stage.unique('To several')
    await romeo.ask(messageTo([romeo.account.userId, address, address.toUpperCase()], romeo, text))
    const { messageInfo } = (await juliet.receiveMessage(text)).as('NewMessage')
    stage.expect(messageInfo.recipient.users.length, 'the number of recipients she sees').is(1)
    await juliet.fetchAll()
    stage.expect(juliet.inbox.filter(it => textOf(it) === text).length, 'the number of further copies').is(0)
    await romeo.receiveMessage(text)
  }),

  scenario('SERV-S-006', '5.5.2', 'No Client-ID appears in a message whose sender named none', async stage => {
    const { romeo, juliet } = await couple(stage)
    const text = stage.unique('Plain')
    await sendText(romeo, juliet, text)
    const { messageInfo } = (await juliet.receiveMessage(text)).as('NewMessage')
    stage.expect(messageInfo.sender.user?.clientId, 'the Client-ID of the sender').isAbsent()
    stage.expect(messageInfo.recipient.users[0]?.clientId, 'the Client-ID of the recipient').isAbsent()
  }),
]
