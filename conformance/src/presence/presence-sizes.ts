import { isRefused } from '../offered.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { naming } from './attributes.ts'
import { folded } from './list-owner.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { type Presence, Sight } from './sight.ts'
import { presenceClient, withPresence } from './with-presence.ts'

/** Two pictures are more than a client reads at once, and one is not. */
const parserSize = 2600
const statusContent = { qualifier: true, directContent: 'QUJD'.repeat(300), contentType: 'image/gif' }

type Play = (stage: Stage, limited: PresenceClient, juliet: PresenceClient) => Promise<void>

/** Plays with a client of Romeo's that reads little, and a picture of each user for it. */
const withPictures = (play: Play) =>
  withPresence(['updpr', 'getpr'], async (stage, romeo, juliet) => {
    for (const one of [romeo, juliet]) await one.publish({ statusContent })
    await juliet.show(['statusContent'], users(romeo))
    await play(stage, await presenceClient(stage, 'romeo', { capabilities: { parserSize } }), juliet)
  })

const needSegments = ({ phone }: PresenceClient, { skip }: Stage) => {
  if (isRefused(phone, 'fundamentalFeat', 'serviceFunc', 'sgmnt')) skip('the server does not offer SGMNT')
}

/** That both users are told of, each once and with the whole picture. */
function expectBoth({ expect }: Stage, presences: readonly Presence[], both: readonly PresenceClient[]) {
  const told = presences.map(({ userId }) => folded(userId)).sort()
  expect(told, 'the users').is(both.map(({ userId }) => folded(userId)).sort())
  const { directContent, contentType } = statusContent
  for (const one of both)
    expect(new Sight(presences).valuesOf(one, 'statusContent'), `the picture of ${one.userId}`).is([
      JSON.stringify({ directContent, contentType }),
    ])
}

const pictures = ['statusContent'] as const

/** Clients are told no more at a time than they can read (CSP 6.9.1, 6.10). */
export const presenceSizes: readonly Scenario[] = [
  scenario(
    'SAP-S-016 PRSE-S-012',
    '6.9.1',
    'Presence notifications are no larger than their client can read, and all is told',
    withPictures(async (stage, limited, juliet) => {
      await limited.watch(users(limited, juliet), pictures)
      const presences: Presence[] = []
      while (presences.length < 2) {
        const presence = await limited.phone.receive('presence', it => it.name === 'PresenceNotificationRequest')
        stage.expect(presence.reply.http.body.length, 'the octets of a notification').isBetween(1, parserSize)
        presences.push(...presence.as('PresenceNotificationRequest').presences)
      }
      expectBoth(stage, presences, [limited, juliet])
    }),
  ),

  scenario(
    'SAP-S-016 PRSE-S-013',
    '6.10',
    'Presence that is too large for its client comes in segments, each user once',
    withPictures(async (stage, limited, juliet) => {
      needSegments(limited, stage)
      const { expect } = stage
      const body = { ...users(limited, juliet), presenceSubList: naming(pictures) }
      const first = await limited.ask({ name: 'GetPresenceRequest', body })
      const { segmentCount, segmentId } = expect(first.transaction.segment, 'the SegmentInfo').isPresent()
      const answers = [first]
      const presences = [...first.as('GetPresenceResponse').presences]
      for (let segmentReference = 1; segmentReference < segmentCount; segmentReference++) {
        const body = { segmentId: { ...segmentId, segmentReference } }
        const answer = await limited.ask({ name: 'GetSegmentRequest', body })
        answers.push(answer)
        presences.push(...answer.as('GetSegmentResponse').segmentContent.presences)
      }
      for (const { reply } of answers)
        expect(reply.http.body.length, 'the octets of a segment').isBetween(1, parserSize)
      expectBoth(stage, presences, [limited, juliet])
    }),
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-016 PRSE-S-013',
    '6.9.1',
    'Presence that is too large for a client without segments is not sent to it',
    withPictures(async ({ expect }, limited, juliet) => {
      await limited.phone.agree({ presenceFeat: {} })
      const body = { ...users(limited, juliet), presenceSubList: naming(pictures) }
      const answer = await limited.ask({ name: 'GetPresenceRequest', body })
      expect(answer.reply.http.body.length, 'the octets of the answer').isBetween(1, parserSize)
      expect(answer.code, 'the answer').isBetween(400, 999)
    }),
  ),
]
