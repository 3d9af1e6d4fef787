import type { BodyInput } from '@village/protocol'
import { type Phone, textOf } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { changeLists as change, readLists as lists, withAccessLists as withLists } from './access-lists.ts'
import { messageTo, sendText } from './send.ts'

type Change = BodyInput<'BlockEntityRequest'>
type Entities = NonNullable<NonNullable<Change['blockList']>['addList']>

const block = (phone: Phone, addList: Entities) => change(phone, { blockList: { addList }, blockListInUse: true })

/** A server may tell the sender or hide it (CSP 11.4.15); Juliet must not hear it either way. */
const unheard = async (romeo: Phone, juliet: Phone, stage: Stage) => {
  const text = stage.unique('Not for her ears')
  const answer = await romeo.ask(messageTo([juliet.account.userId], romeo, text))
  stage.expect(answer.code, 'the status code').isOneOf([532, 200])
  await juliet.fetchAll()
  stage.expect(juliet.inbox.map(textOf).includes(text), 'whether the message arrives').is(false)
}

const heard = async (romeo: Phone, juliet: Phone, stage: Stage) => {
  const text = stage.unique('For her ears')
  await sendText(romeo, juliet, text)
  await juliet.receiveMessage(text)
}

const upperCase = (userId: string) => userId.toUpperCase().replace('WV:', 'wv:')

/** That a request with something wrong is refused, with nothing of it done. */
const refusedWith = (code: number, wrong: (stage: Stage) => Entities) =>
  withLists(async stage => {
    const entities = wrong(stage)
    const addList = { ...entities, userIds: [stage.accounts.romeo.userId, ...(entities.userIds ?? [])] }
    stage.expect(await block(stage.juliet, addList), 'the status code').is(code)
    stage.expect((await lists(stage.juliet)).blockList?.entityList, 'the block list').isAbsent()
  })

/** Whom a user hears (CSP 9.3.1). */
export const accessControl: readonly Scenario[] = [
  scenario(
    'IMSE-S-011',
    '9.3.1.1',
    'A list without entries is left out, and whether it is in use is told all the same',
    withLists(async ({ juliet, expect }) => {
      const { blockList, blockListInUse, grantList, grantListInUse } = await lists(juliet)
      expect(blockList?.entityList, 'the block list').isAbsent()
      expect(grantList?.entityList, 'the grant list').isAbsent()
      expect(blockListInUse, 'whether the block list is in use').is(true)
      expect(grantListInUse, 'whether the grant list is in use').is(false)
    }),
  ),

  scenario(
    'IMSE-S-011 IMSE-S-012',
    '9.3.1.1',
    'Who is blocked and who is granted is kept while neither list is in use, and over a logout',
    withLists(async ({ accounts, juliet, expect }) => {
      const one = { addList: { userIds: [accounts.romeo.userId] } }
      const off = { blockListInUse: false, grantListInUse: false }
      expect(await change(juliet, { blockList: one, grantList: one, ...off }), 'the status code').is(200)
      await juliet.logout()
      await juliet.online()
      const { blockList, grantList, ...use } = await lists(juliet)
      for (const list of [blockList, grantList])
        expect(list?.entityList?.userIds.map(upperCase), 'the list').is([upperCase(accounts.romeo.userId)])
      expect([use.blockListInUse, use.grantListInUse], 'whether they are in use').is([false, false])
    }),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1.1',
    'Who is blocked is not heard until unblocked',
    withLists(async stage => {
      const { romeo, juliet, accounts } = stage
      stage.expect(await block(juliet, { userIds: [accounts.romeo.userId] }), 'the answer to blocking').is(200)
      await unheard(romeo, juliet, stage)
      const removeList = { userIds: [accounts.romeo.userId] }
      stage.expect(await change(juliet, { blockList: { removeList } }), 'the answer to unblocking').is(200)
      await heard(romeo, juliet, stage)
    }),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1.1',
    'The use of the block list can be turned off and on',
    withLists(async stage => {
      const { romeo, juliet, accounts } = stage
      await block(juliet, { userIds: [accounts.romeo.userId] })
      await change(juliet, { blockListInUse: false })
      await heard(romeo, juliet, stage)
      await change(juliet, { blockListInUse: true })
      await unheard(romeo, juliet, stage)
    }),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1',
    'Entries mean the same in any case',
    withLists(async stage => {
      await block(stage.juliet, { userIds: [upperCase(stage.accounts.romeo.userId)] })
      await unheard(stage.romeo, stage.juliet, stage)
    }),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1',
    'With the grant list in use only those on it are heard, and of those only who is not blocked',
    withLists(async stage => {
      const { romeo, juliet, accounts } = stage
      await change(juliet, { grantListInUse: true })
      await unheard(romeo, juliet, stage)
      await change(juliet, { grantList: { addList: { userIds: [accounts.romeo.userId] } } })
      await heard(romeo, juliet, stage)
      await block(juliet, { userIds: [accounts.romeo.userId] })
      await unheard(romeo, juliet, stage)
    }),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1',
    'Messages that wait when their sender is blocked are not delivered any more',
    withLists(async stage => {
      const { romeo, juliet, accounts } = stage
      const text = stage.unique('Too late')
      await sendText(romeo, juliet, text)
      await block(juliet, { userIds: [accounts.romeo.userId] })
      await juliet.fetchAll()
      stage.expect(juliet.inbox.map(textOf).includes(text), 'whether the message arrives').is(false)
    }),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1.1',
    'An asterisk stands for a part of an address, where wildcards are allowed',
    withLists(async stage => {
      const { romeo, juliet, accounts } = stage
      const code = await block(juliet, { userIds: [accounts.romeo.userId.replace(/.@/, '*@')] })
      if ([546, 547, 548].includes(code ?? 0)) stage.skip('wildcards are not allowed')
      stage.expect(code, 'the status code').is(200)
      await unheard(romeo, juliet, stage)
    }),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1.2',
    'An unknown user cannot be blocked: 531, and nothing of the request is done',
    refusedWith(531, ({ accounts }) => ({ userIds: [accounts.juliet.userId.replace(/^wv:/, 'wv:nobody-')] })),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1.2',
    'A group that does not exist cannot be blocked: 800',
    refusedWith(800, ({ accounts }) => ({ groupIds: [accounts.juliet.userId.replace('@', '/nobody-made-this@')] })),
  ),

  scenario(
    'IMSE-S-012',
    '9.3.1.2',
    'A contact list that does not exist cannot be blocked: 700',
    refusedWith(700, ({ accounts }) => ({ contactLists: [accounts.juliet.userId.replace('@', '/nobody-made-this@')] })),
    { since: '1.3' },
  ),

  scenario('IMSE-S-011 IMSE-S-012', '9.3.1.2', 'Lists cannot be had by who did not agree on them: 506', async stage => {
    const juliet = stage.phone('juliet')
    await juliet.login()
    const functions = { imFeat: { imSendFunc: { mdeliv: true } } } as const
    await juliet.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
    const answer = await juliet.ask({ name: 'GetBlockedListRequest', body: {} })
    stage.expect(answer.code, 'the answer to reading').isOneOf([506, 405])
    stage.expect(await change(juliet, { blockListInUse: true }), 'the answer to blocking').isOneOf([506, 405])
  }),
]
