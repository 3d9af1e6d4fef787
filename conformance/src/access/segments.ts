import { type Body, join, type SegmentContentInput } from '@village/protocol'
import type { Answer } from '../answer.ts'
import { changeLists, withAccessLists } from '../messaging/access-lists.ts'
import { withNotified } from '../messaging/clients.ts'
import { sendText } from '../messaging/send.ts'
import { getList, reject } from '../messaging/waiting.ts'
import { type Phone, usualCapabilities } from '../phone.ts'
import { listOwner, usersOn } from '../presence/list-owner.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { strangers } from '../strangers.ts'

const segmentId = { transactionId: 'never-cut', segmentReference: 1 }
const getSegment = { name: 'GetSegmentRequest', body: { segmentId } } as const
const dropSegment = { name: 'DropSegmentRequest', body: { segmentId } } as const

/** There is nothing to say about a server without segments. */
export const needSegments = ({ refused }: Phone, { skip }: Stage) => {
  if (refused?.fundamentalFeat?.serviceFunc?.sgmnt !== undefined) skip('the server does not offer SGMNT')
}

/** A phone that has agreed on segments, where the server has them. */
async function withSegments(stage: Stage): Promise<Phone> {
  const romeo = await stage.phone().online()
  needSegments(romeo, stage)
  return romeo
}

const parserSize = 2048

/** Juliet's client, which reads no more than `parserSize`, and the Message-IDs of what waits for her, in no order. */
async function withLongList(stage: Stage) {
  const { romeo, juliet } = await withNotified(stage, ['getlm', 'rejcm'])
  await juliet.negotiate({ initialDeliveryMethod: 'N', parserSize })
  const ids: string[] = []
  for (let count = 0; count < 24; count++) ids.push(await sendText(romeo, juliet, stage.unique(`Number ${count}`)))
  const clear = () => reject(juliet, ids as [string, ...string[]])
  return { juliet, messageIds: ids.sort(), clear }
}

/** An answer in its segments, none of which is larger than the client can read; for a phone with SGMNT. */
async function collect(juliet: Phone, first: Answer, { expect, skip }: Stage) {
  const octetsOf = (answer: Answer) => answer.reply.http.body.length
  if (first.code === 432) skip('the server cuts no such lists')
  expect(octetsOf(first), 'the octets of the first segment').isBetween(1, parserSize)
  const { segmentCount, segmentId } = expect(first.transaction.segment, 'the SegmentInfo').isPresent()
  expect(segmentId, 'the SegmentID of the first').is({ transactionId: first.id ?? '', segmentReference: 0 })
  const contents: SegmentContentInput[] = []
  for (let segmentReference = 1; segmentReference < segmentCount; segmentReference++) {
    const wanted = { transactionId: segmentId.transactionId, segmentReference }
    const answer = await juliet.ask({ name: 'GetSegmentRequest', body: { segmentId: wanted } })
    expect(octetsOf(answer), `the octets of segment ${segmentReference}`).isBetween(1, parserSize)
    contents.push(answer.as('GetSegmentResponse').segmentContent)
  }
  return { segmentId, segmentCount, whole: join(first.transaction.primitive!, contents) }
}

/** Segmentation (CSP 6.10). */
export const segments: readonly Scenario[] = [
  scenario(
    'SAP-S-016',
    '6.10.2',
    'What was never cut has no segments: 434',
    async stage => {
      const romeo = await withSegments(stage)
      stage.expect((await romeo.ask(getSegment)).code, 'the answer to Get Segment').is(434)
      stage.expect((await romeo.ask(dropSegment)).code, 'the answer to Drop Segment').is(434)
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-016',
    '6.10.2',
    'Segments that were not agreed cannot be asked for: 506',
    async stage => {
      await withSegments(stage)
      const juliet = stage.phone('juliet')
      await juliet.login()
      stage.expect((await juliet.ask(getSegment)).code, 'the answer to Get Segment').is(506)
      stage.expect((await juliet.ask(dropSegment)).code, 'the answer to Drop Segment').is(506)
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-016 IMSE-S-003',
    '6.10',
    'A list too large for its client comes in segments, each message once',
    async stage => {
      const { juliet, messageIds, clear } = await withLongList(stage)
      needSegments(juliet, stage)
      const { whole, segmentCount } = await collect(juliet, await getList(juliet), stage)
      const { messageInfos = [] } = whole.body as Body<'GetMessageListResponse'>
      stage.expect(segmentCount, 'the number of segments').isBetween(2, 24)
      const came = messageInfos.map(({ messageId }) => messageId ?? '').sort()
      stage.expect(came, 'the messages in all segments').is(messageIds)
      await clear()
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-016',
    '6.10.2',
    'Segments can be asked for until they are dropped: 435, 434',
    async stage => {
      const { juliet, clear } = await withLongList(stage)
      needSegments(juliet, stage)
      const { segmentId, segmentCount } = await collect(juliet, await getList(juliet), stage)
      const ask = async (segmentReference: number) =>
        (await juliet.ask({ name: 'GetSegmentRequest', body: { segmentId: { ...segmentId, segmentReference } } })).code
      stage.expect(await ask(1), 'the answer for one that was had already').isAbsent()
      stage.expect(await ask(segmentCount), 'the answer for one beyond the last').is(435)
      const drop = { name: 'DropSegmentRequest', body: { segmentId } } as const
      stage.expect((await juliet.ask(drop)).code, 'the answer to Drop Segment').is(200)
      stage.expect(await ask(1), 'the answer for one that was dropped').is(434)
      await clear()
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-016 IMSE-S-011',
    '6.10',
    'A block list too large for its client comes in segments, each user once',
    withAccessLists(async stage => {
      const { juliet, expect } = stage
      needSegments(juliet, stage)
      const userIds = strangers(80)
      await changeLists(juliet, { blockList: { addList: { userIds } } })
      await juliet.negotiate({ parserSize })
      const answer = await juliet.ask({ name: 'GetBlockedListRequest', body: {} })
      const { whole } = await collect(juliet, answer, stage)
      await juliet.negotiate()
      const came = (whole.body as Body<'GetBlockedListResponse'>).blockList?.entityList?.userIds ?? []
      expect([...came].sort(), 'the users in all segments').is([...userIds].sort())
    }),
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-016 PRSE-S-004',
    '6.10',
    'A contact list too large for its client comes in segments, each user once',
    async stage => {
      const romeo = await listOwner(stage)
      needSegments(romeo.phone, stage)
      await romeo.deleteAll()
      const list = romeo.list('long')
      const answer = await romeo.create(list, { nickList: strangers(60).map(userId => ({ userId })) })
      const users = usersOn(await romeo.read(list))
      if (users.length < 60) stage.skip(`the server takes no users of other domains (${answer.code})`)
      await romeo.phone.ask({
        name: 'ClientCapabilityRequest',
        body: { capabilityList: { ...usualCapabilities, parserSize } },
      })
      const { whole } = await collect(romeo.phone, await romeo.manage(list, { receiveList: true }), stage)
      stage.expect(usersOn(whole.body as Body<'ListManageResponse'>), 'the users in all segments').is(users)
      await romeo.deleteAll()
    },
    { since: '1.3' },
  ),

  scenario('SAP-S-016', '6.9.1', 'Nothing larger than a client can read is sent to it', async stage => {
    const { juliet, clear } = await withLongList(stage)
    const functions = { imFeat: {} } as const
    await juliet.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
    const answer = await getList(juliet)
    stage.expect(answer.reply.http.body.length, 'the octets of the answer').isBetween(1, parserSize)
    stage.expect(answer.code, 'the answer without segments').isBetween(400, 999)
    await clear()
  }),
]
