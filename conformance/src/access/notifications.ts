import { folded, type ListOwner, property, withOwner } from '../presence/list-owner.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import {
  changeAccess,
  client,
  notified,
  receive,
  subscribe,
  typesOfOthers,
  unsubscribe,
  withBlockList,
} from './notified-client.ts'

const about = (clause: string, title: string, run: (stage: Stage) => Promise<void>) =>
  scenario('SAP-S-018', clause, title, run, { since: '1.3' })

const ofLists = (clause: string, title: string, run: (stage: Stage, romeo: ListOwner) => Promise<void>) =>
  about(clause, title, withOwner(run))

/** That a subscription is refused, with nothing of it done. */
const refusedWith = (code: number, wrong: string) => (stage: Stage) =>
  withBlockList(stage, async (doer, juliet) => {
    const { expect } = stage
    const ears = await notified(stage, ['OEU'])
    expect(await subscribe(ears, ['BLC', wrong]), 'the answer to the subscription').is(code)
    await changeAccess(doer, { blockList: { addList: { userIds: [juliet] } } })
    expect(await typesOfOthers(ears), 'what comes').is([])
  })

/** General notifications: who is told of what (CSP 7.2). */
export const notifications: readonly Scenario[] = [
  about(
    '7.2.2',
    'A subscription to a notification type that there is not is refused as a whole: 433',
    refusedWith(433, 'XYZ'),
  ),

  about(
    '7.2.2',
    'A subscription to notifications of services that were not agreed is refused as a whole: 440',
    refusedWith(440, 'GMG'),
  ),

  about('7.2.1', 'A change of the block list is notified to the other clients of the user', stage =>
    withBlockList(stage, async (doer, juliet) => {
      const { expect } = stage
      const [ears, deaf] = [await notified(stage, ['BLC', 'BLUC']), await client(stage)]
      expect(await subscribe(doer, ['BLC', 'BLUC']), 'the answer to the subscription of the one that changes it').is(
        200,
      )
      await changeAccess(doer, { blockList: { addList: { userIds: [juliet] } }, blockListInUse: false })
      await receive(ears, 'BLC')
      expect((await receive(ears, 'BLUC')).blockListInUse, 'whether it says that the list is in use').is(false)
      expect(await typesOfOthers(ears), 'what else comes').is([])
      expect(await typesOfOthers(deaf.phone), 'what comes to a client that did not subscribe').is([])
      expect(await typesOfOthers(doer), 'what comes to the client that changed it').is([])
    }),
  ),

  about('7.2.1', 'A change of the grant list is notified to the other clients of the user', stage =>
    withBlockList(stage, async (doer, juliet) => {
      const ears = await notified(stage, ['GLC', 'GLUC'])
      const [addList, removeList] = [{ userIds: [juliet] }, { userIds: [juliet] }] as const
      await changeAccess(doer, { grantList: { addList }, grantListInUse: true })
      try {
        await receive(ears, 'GLC')
        stage.expect((await receive(ears, 'GLUC')).grantListInUse, 'whether it says that the list is in use').is(true)
      } finally {
        await changeAccess(doer, { grantList: { removeList }, grantListInUse: false })
      }
    }),
  ),

  about('7.2.1', 'A client is sent the notification types it has subscribed to, and no others', stage =>
    withBlockList(stage, async (doer, juliet) => {
      const ears = await notified(stage, ['BLUC', 'GLC'])
      await changeAccess(doer, { blockList: { addList: { userIds: [juliet] } }, blockListInUse: false })
      await receive(ears, 'BLUC')
      stage.expect(await typesOfOthers(ears), 'what else comes').is([])
    }),
  ),

  ...[undefined, []].map(types =>
    about('7.2.1', `A subscription ${types ? 'with an empty list' : 'without a list'} is one to all types`, stage =>
      withBlockList(stage, async (doer, juliet) => {
        const ears = await notified(stage, types)
        await changeAccess(doer, { blockList: { addList: { userIds: [juliet] } }, blockListInUse: false })
        await receive(ears, 'BLC')
        await receive(ears, 'BLUC')
      }),
    ),
  ),

  about('7.2.1', 'Who has unsubscribed from notifications is sent the others only, or none', stage =>
    withBlockList(stage, async (doer, juliet) => {
      const { expect } = stage
      const ears = await notified(stage, ['BLC', 'BLUC'])
      expect(await unsubscribe(ears, ['BLC', 'GLC']), 'the answer').is(200)
      await changeAccess(doer, { blockList: { addList: { userIds: [juliet] } }, blockListInUse: false })
      await receive(ears, 'BLUC')
      expect(await typesOfOthers(ears), 'what else comes').is([])
      expect(await unsubscribe(ears), 'the answer for all types').is(200)
      await changeAccess(doer, { blockListInUse: true })
      expect(await typesOfOthers(ears), 'what comes then').is([])
    }),
  ),

  about('7.2.1', 'Subscriptions to notifications end with their session', stage =>
    withBlockList(stage, async (doer, juliet) => {
      const ears = await notified(stage, ['BLC'])
      await ears.logout()
      await ears.online()
      await changeAccess(doer, { blockList: { addList: { userIds: [juliet] } } })
      stage.expect(await typesOfOthers(ears), 'what comes').is([])
    }),
  ),

  ofLists(
    '8.1.2',
    'A contact list that is created, changed or deleted is notified to the other clients',
    async (stage, romeo) => {
      const ears = await notified(stage, ['CLCR', 'CLC', 'CLD'])
      const friends = romeo.list('friends')
      const told = async (type: string) => {
        const { contactLists } = await receive(ears, type)
        stage.expect(contactLists?.map(folded), 'the contact lists').is([folded(friends)])
        stage.expect(await typesOfOthers(ears), 'what else comes').is([])
      }
      await romeo.create(friends)
      await told('CLCR')
      await romeo.manage(friends, { addNickList: [{ userId: stage.accounts.juliet.userId }], receiveList: false })
      await told('CLC')
      await romeo.manage(friends, { contactListProperties: [property('DisplayName', 'Friends')], receiveList: false })
      await told('CLC')
      await romeo.delete(friends)
      await told('CLD')
    },
  ),

  ofLists('8.1.2', 'Who is added to a contact list is notified by whom, once', async (stage, romeo) => {
    const { expect, accounts } = stage
    const juliet = await notified(stage, ['ATCL'], 'juliet')
    const friends = romeo.list('friends')
    const add = (name: string) =>
      romeo.manage(friends, { addNickList: [{ userId: accounts.juliet.userId, name }], receiveList: false })
    await romeo.create(friends, { contactListProperties: [{ name: 'DoNotNotify', value: 'F' }] })
    await add('Jule')
    // Table 31 has a list of User-IDs here, table 35 one of users.
    const { userIds, userList } = await receive(juliet, 'ATCL')
    const users = userIds ?? userList?.users.map(({ userId }) => userId)
    expect(users?.map(folded), 'who has added her').is([folded(accounts.romeo.userId)])
    await add('Julietta')
    expect(await typesOfOthers(juliet), 'what comes of another nickname').is([])
  }),

  ofLists('8.1.1', 'Who is added to a contact list with DoNotNotify is not notified', async (stage, romeo) => {
    const juliet = await notified(stage, ['ATCL'], 'juliet')
    const contactListProperties = [{ name: 'DoNotNotify', value: 'T' }] as const
    await romeo.create(romeo.list('secret'), { contactListProperties, nickList: [stage.accounts.juliet] })
    stage.expect(await typesOfOthers(juliet), 'what comes').is([])
  }),

  about('7.2.1', 'Another OnlineETEMHandling is notified to the other clients, with its value', async stage => {
    const ears = await notified(stage, ['OEU'])
    const doer = await stage.phone().online()
    const { onlineEtemHandling: before } = await doer.negotiate({ onlineEtemHandling: 'DETECT' })
    const after = before === 'FORKALL' ? 'SERVERLOGIC' : 'FORKALL'
    const agreed = await doer.negotiate({ onlineEtemHandling: after })
    if ((agreed.onlineEtemHandling ?? after) !== after) stage.skip(`the server does not offer ${after}`)
    try {
      stage.expect((await receive(ears, 'OEU')).onlineEtemHandling, 'the value').is(after)
      stage.expect(await typesOfOthers(ears), 'what else comes').is([])
    } finally {
      await doer.negotiate({ onlineEtemHandling: before })
    }
  }),
]
