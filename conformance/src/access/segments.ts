import type { Answer } from '../answer.ts'
import { withNotified } from '../messaging/clients.ts'
import { sendText } from '../messaging/send.ts'
import { getList, reject } from '../messaging/waiting.ts'
import type { Phone } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const segmentId = { transactionId: 'never-cut', segmentReference: 1 }
const getSegment = { name: 'GetSegmentRequest', body: { segmentId } } as const
const dropSegment = { name: 'DropSegmentRequest', body: { segmentId } } as const

const needSegments = ({ refused }: Phone, { skip }: Stage) => {
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

/** The list in its segments, none of which is larger than the client can read; for a phone with SGMNT. */
async function collect(juliet: Phone, { expect, skip }: Stage) {
  const octetsOf = (answer: Answer) => answer.reply.http.body.length
  const first = await getList(juliet)
  if (first.code === 432) skip('the server cuts no lists')
  expect(octetsOf(first), 'the octets of the first segment').isBetween(1, parserSize)
  const { segmentCount, segmentId } = expect(first.transaction.segment, 'the SegmentInfo').isPresent()
  expect(segmentId, 'the SegmentID of the first').is({ transactionId: first.id ?? '', segmentReference: 0 })
  const infos = [...(first.as('GetMessageListResponse').messageInfos ?? [])]
  for (let segmentReference = 1; segmentReference < segmentCount; segmentReference++) {
    const wanted = { transactionId: segmentId.transactionId, segmentReference }
    const answer = await juliet.ask({ name: 'GetSegmentRequest', body: { segmentId: wanted } })
    expect(octetsOf(answer), `the octets of segment ${segmentReference}`).isBetween(1, parserSize)
    infos.push(...(answer.as('GetSegmentResponse').segmentContent.messageInfos ?? []))
  }
  return { segmentId, segmentCount, messageIds: infos.map(({ messageId }) => messageId ?? '') }
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
      const { messageIds: came, segmentCount } = await collect(juliet, stage)
      stage.expect(segmentCount, 'the number of segments').isBetween(2, 24)
      stage.expect(came.sort(), 'the messages in all segments').is(messageIds)
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
      const { segmentId, segmentCount } = await collect(juliet, stage)
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
