import type { Phone } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const segmentId = { transactionId: 'never-cut', segmentReference: 1 }
const getSegment = { name: 'GetSegmentRequest', body: { segmentId } } as const
const dropSegment = { name: 'DropSegmentRequest', body: { segmentId } } as const

/** A phone that has agreed on segments, where the server has them. */
async function withSegments({ phone, skip }: Stage): Promise<Phone> {
  const romeo = phone()
  await romeo.login()
  const functions = { fundamentalFeat: { serviceFunc: { sgmnt: true } } } as const
  const answer = await romeo.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
  if (answer.as('ServiceResponse').functions?.fundamentalFeat !== undefined) skip('the server does not offer SGMNT')
  return romeo
}

/** Segmentation (CSP 6.10), as far as it can be seen without long lists. */
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
]
