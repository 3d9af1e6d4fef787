import { CutRequest } from '../cut-request.ts'
import { type AccessLists, blockedBy, changeLists, withAccessLists } from '../messaging/access-lists.ts'
import { folded, listOwner, usersOn } from '../presence/list-owner.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { strangers } from '../strangers.ts'
import { needSegments } from './segments.ts'

const since13 = { since: '1.3' } as const

const many = strangers(60)
const blockAll = { name: 'BlockEntityRequest', body: { blockList: { addList: { userIds: many } } } } as const

const byNumber = (one: number, other: number) => one - other
const sorted = (userIds: readonly string[]) => userIds.map(it => it.toLowerCase()).sort()

/** Plays a scenario with Juliet, who has agreed on segments and blocks nobody. */
const withSegments = (run: (stage: AccessLists) => Promise<void>) =>
  withAccessLists(async stage => {
    needSegments(stage.juliet, stage)
    await run(stage)
  })

/** The segments that did not come by themselves. */
const others = ({ segmentCount }: CutRequest) => Array.from({ length: segmentCount - 1 }, (_, index) => index + 1)

/** Requests that come in segments (CSP 6.10). */
export const cutRequests: readonly Scenario[] = [
  scenario(
    'SAP-S-016 IMSE-S-012',
    '6.10',
    'A request in segments is carried out as a whole, and its segments are dropped then',
    withSegments(async ({ juliet, expect }) => {
      const request = new CutRequest(juliet, blockAll)
      expect((await request.send()).code, 'the answer').is(200)
      expect(request.asked.sort(byNumber), 'the segments that were asked for').is(others(request))
      expect(request.isDropped, 'that the segments were dropped').is(true)
      expect(sorted(await blockedBy(juliet)), 'who is blocked').is(sorted(many))
    }),
    since13,
  ),

  scenario(
    'SAP-S-016',
    '5.4',
    'A request in segments that is repeated is answered alike, and not carried out again',
    withSegments(async ({ juliet, expect }) => {
      const id = juliet.nextId()
      expect((await new CutRequest(juliet, blockAll, id).send()).code, 'the answer').is(200)
      await changeLists(juliet, { blockList: { removeList: { userIds: many } } })
      expect((await new CutRequest(juliet, blockAll, id).send()).code, 'the answer to the repeat').is(200)
      expect(await blockedBy(juliet), 'who is blocked').is([])
    }),
    since13,
  ),

  scenario(
    'SAP-S-016',
    '6.10.2',
    'What has come of a request counts when the client says that this is all: 480',
    withSegments(async ({ juliet, expect }) => {
      expect((await new CutRequest(juliet, blockAll).send(480)).code, 'the answer').is(200)
      expect((await blockedBy(juliet)).length, 'how many are blocked').isBetween(1, many.length - 1)
    }),
    since13,
  ),

  scenario(
    'SAP-S-016',
    '6.10.2',
    'Nothing of a request counts when the client takes it back: 481',
    withSegments(async ({ juliet, expect }) => {
      expect((await new CutRequest(juliet, blockAll).send(481)).code, 'the answer').isBetween(400, 999)
      expect(await blockedBy(juliet), 'who is blocked').is([])
    }),
    since13,
  ),

  scenario(
    'SAP-S-016',
    '6.10.2',
    'Who has not agreed on segments cannot send any: 506',
    withSegments(async ({ juliet, expect }) => {
      const functions = { imFeat: {} } as const
      await juliet.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
      expect((await new CutRequest(juliet, blockAll).send()).code, 'the answer').is(506)
      expect(await blockedBy(juliet), 'who is blocked').is([])
    }),
    since13,
  ),

  scenario(
    'SAP-S-016 PRSE-S-002',
    '6.10',
    'A contact list that is created in segments has the users of all of them',
    async (stage: Stage) => {
      const { expect, accounts } = stage
      const romeo = await listOwner(stage)
      needSegments(romeo.phone, stage)
      await romeo.deleteAll()
      const contactList = romeo.list('many')
      const ends = [accounts.romeo.userId, accounts.juliet.userId]
      const nickList = [ends[0]!, ...many, ends[1]!].map(userId => ({ userId }))
      const request = new CutRequest(romeo.phone, { name: 'CreateListRequest', body: { contactList, nickList } })
      // A server may know that there are no such strangers.
      expect((await request.send()).code, 'the status code').isOneOf([undefined, 200, 201])
      const users = usersOn(await romeo.read(contactList))
      for (const end of ends) expect(users.includes(folded(end)), `that ${end} is on the list`).is(true)
      await romeo.deleteAll()
    },
    since13,
  ),
]
