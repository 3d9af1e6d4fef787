import { answersIn } from '../answer.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { changesIn, type ListListener, unaware, withListener } from './list-listener.ts'
import { folded, type ListOwner } from './list-owner.ts'

/** A later addition to CSP 1.3, which has no conformance items. */
const clause = '8.1, change request'

const told = (
  title: string,
  run: Parameters<typeof withListener>[0],
  capabilities?: Parameters<typeof withListener>[1],
) => scenario('', clause, title, withListener(run, capabilities), { since: '1.3' })

const add = (romeo: ListOwner, list: string, userId: string, name: string) =>
  romeo.manage(list, { addNickList: [{ userId, name }], receiveList: false })
const remove = (romeo: ListOwner, list: string, userId: string) =>
  romeo.manage(list, { removeNickList: [userId], receiveList: false })

const both = ({ accounts }: Stage) => ({
  romeos: folded(accounts.romeo.userId)!,
  juliets: folded(accounts.juliet.userId)!,
  ...accounts,
})

/** Polls once and answers with an error. */
async function decline({ phone }: ListListener) {
  for (const it of answersIn(await phone.poll(), 'Request'))
    await phone.reply(it, { name: 'Status', body: { result: { code: 501 } } })
}

/** The server owns contact lists: what others change is told to the clients that have agreed on NCLS. */
export const listChanges: readonly Scenario[] = [
  told(
    'A client that comes for the first time is told who is on contact lists',
    async (stage, listener, _, friends) => {
      const { juliets } = both(stage)
      stage.expect(await listener.told(), 'what it is told').is([{ list: folded(friends), added: { [juliets]: 'J' } }])
      stage.expect(await listener.told(), 'what it is told then').is([])
    },
  ),

  told(
    'What one client changes on a contact list is told to another that has agreed on it, and to no others',
    async (stage, listener, romeo, friends) => {
      const list = folded(friends)
      const { juliets, romeos, ...accounts } = both(stage)
      const other = await unaware(stage)
      await listener.told()
      await add(romeo, friends, accounts.romeo.userId, 'Me')
      stage.expect(await listener.told(), 'what it is told').is([{ list, added: { [romeos]: 'Me' } }])
      await remove(romeo, friends, accounts.juliet.userId)
      stage.expect(await listener.told(), 'what it is told then').is([{ list, removed: [juliets] }])
      for (const phone of [other, romeo.phone]) {
        await phone.fetchAll()
        stage.expect(changesIn(phone.inbox), 'what others are told').is([])
      }
    },
  ),

  told('Clients of earlier versions are not told of changes', async (stage, listener, romeo, friends) => {
    const { syntax, accounts, expect } = stage
    const others = [await unaware(stage, { version: '1.1', syntax }), await unaware(stage, { version: '1.2', syntax })]
    await add(romeo, friends, accounts.romeo.userId, 'Me')
    expect((await listener.told()).length, 'how often the other client is told').is(1)
    for (const phone of others) {
      await phone.fetchAll()
      // None that cannot be read, either.
      const strange = phone.inbox.filter(({ name }) => name === undefined || name === 'ListManageNotificationRequest')
      expect(strange.length, `how often a client of ${phone.version} is told`).is(0)
    }
  }),

  told('A client is not told of what it did itself', async (stage, listener, romeo, friends) => {
    await listener.told()
    const { phone } = listener
    const addNickList = [{ userId: stage.accounts.romeo.userId, name: 'Me' }] as const
    await phone.ask({ name: 'ListManageRequest', body: { contactList: friends, addNickList, receiveList: false } })
    stage.expect(await listener.told(), 'what it is told').is([])
    await remove(romeo, friends, stage.accounts.romeo.userId)
    stage.expect((await listener.told()).length, 'how often it is told of what another client did').is(1)
  }),

  told('A new nickname is told as an addition', async (stage, listener, romeo, friends) => {
    const { juliets, juliet } = both(stage)
    await listener.told()
    await add(romeo, friends, juliet.userId, 'Größte <3 & "Liebe"')
    const added = { [juliets]: 'Größte <3 & "Liebe"' }
    stage.expect(await listener.told(), 'what it is told').is([{ list: folded(friends), added }])
  }),

  told(
    'However much has changed, a contact list is told in two transactions, in one message where that was agreed',
    async (stage, listener, romeo, friends) => {
      const { juliet, romeo: myself, romeos, juliets } = both(stage)
      // Nothing is fetched in vain: where several transactions can be open, a poll may be held.
      await listener.phone.fetch()
      for (const name of ['Me', 'Myself', 'I']) await add(romeo, friends, myself.userId, name)
      for (const name of ['Jule', 'Julchen']) await add(romeo, friends, juliet.userId, name)
      await remove(romeo, friends, juliet.userId)
      const came = answersIn(await listener.phone.poll(), 'Request')
      const list = folded(friends)
      stage.expect(changesIn(came), 'what the message tells').is([
        { list, added: { [romeos]: 'I' } },
        { list, removed: [juliets] },
      ])
      for (const it of came) await listener.phone.acknowledge(it)
    },
    { multiTrans: 2, multiTransPerMessage: 2 },
  ),

  told(
    'A contact list that was deleted is told as the removal of who was on it',
    async (stage, listener, romeo, friends) => {
      const removed = [both(stage).juliets]
      await listener.told()
      await romeo.delete(friends)
      stage.expect(await listener.told(), 'what it is told').is([{ list: folded(friends), removed }])
    },
  ),

  told(
    'What a client has confirmed does not come again in its next session',
    async (stage, listener, romeo, friends) => {
      await add(romeo, friends, stage.accounts.romeo.userId, 'Me')
      stage.expect((await listener.told()).length, 'how often it is told').is(1)
      await remove(romeo, friends, stage.accounts.juliet.userId)
      stage.expect((await listener.told()).length, 'how often it is told then').is(1)
      await listener.comeBack()
      stage.expect(await listener.told(), 'what it is told in the next session').is([])
    },
  ),

  told('What a client has not confirmed comes again in its next session', async (stage, listener, romeo, friends) => {
    const { juliets, romeos, romeo: myself } = both(stage)
    const list = folded(friends)
    await decline(listener)
    stage.expect(await listener.told(), 'what it is told again in the session').is([])
    await listener.comeBack()
    await listener.phone.poll()
    await listener.comeBack()
    stage.expect(await listener.told(), 'what it is told').is([{ list, added: { [juliets]: 'J' } }])
    await add(romeo, friends, myself.userId, 'Me')
    await decline(listener)
    await listener.comeBack()
    stage.expect(await listener.told(), 'what it is told of a change').is([{ list, added: { [romeos]: 'Me' } }])
  }),

  told('A client that was away is told exactly what has changed', async (stage, listener, romeo, friends) => {
    const { juliets, romeos, juliet, romeo: myself } = both(stage)
    const [list, work] = [folded(friends), romeo.list('work')]
    await add(romeo, friends, myself.userId, 'Me')
    await listener.told()
    await listener.phone.logout()
    await add(romeo, friends, juliet.userId, 'Jule')
    await romeo.create(work, { nickList: [{ userId: juliet.userId, name: 'Ms Capulet' }] })
    await listener.comeBack()
    stage.expect(await listener.told(), 'what it is told').is([
      { list, added: { [juliets]: 'Jule' } },
      { list: folded(work), added: { [juliets]: 'Ms Capulet' } },
    ])
    await listener.phone.logout()
    await remove(romeo, friends, myself.userId)
    await remove(romeo, work, juliet.userId)
    await add(romeo, work, juliet.userId, 'Ms Capulet')
    await listener.comeBack()
    stage.expect(await listener.told(), 'what it is told the next time').is([
      { list, removed: [romeos] },
      { list: folded(work), added: { [juliets]: 'Ms Capulet' } },
    ])
  }),

  told('What an operator changes on a contact list is told', async (stage, listener, _, friends) => {
    const { romeos, romeo, juliet, juliets } = both(stage)
    const operator = stage.operator()
    const list = folded(friends)
    await listener.told()
    await operator.changeContacts(romeo.userId, friends, { add: [{ userId: romeo.userId, nickName: 'Me' }] })
    stage.expect(await listener.told(), 'what it is told').is([{ list, added: { [romeos]: 'Me' } }])
    await operator.changeContacts(romeo.userId, friends, { remove: [juliet.userId] })
    stage.expect(await listener.told(), 'what it is told then').is([{ list, removed: [juliets] }])
  }),
]
