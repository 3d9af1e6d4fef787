import { subscribe } from '../access/notified-client.ts'
import { isRefused } from '../offered.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { type AttributeKey, naming } from './attributes.ts'
import { folded } from './list-owner.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { type Presence, Sight } from './sight.ts'
import { presenceClient, withPresence } from './with-presence.ts'

/** Two pictures are more than a client reads at once, and one is not. */
const parserSize = 2600
const statusContent = { qualifier: true, directContent: 'QUJD'.repeat(300), contentType: 'image/gif' }
/** With a picture it is more than a client reads at once, and without it is not. */
const containedvCard = `BEGIN:VCARD\nNOTE:${'x'.repeat(1200)}\nEND:VCARD`

/** The addresses of so many contact lists are too. */
const manyLists = 40

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

/** The presence of users, segment by segment, none of which is larger than the client reads. */
async function presenceInSegments(
  limited: PresenceClient,
  of: ReturnType<typeof users>,
  attributes: readonly AttributeKey[],
  { expect }: Stage,
): Promise<Presence[]> {
  const body = { ...of, presenceSubList: naming(attributes) }
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
  for (const { reply } of answers) expect(reply.http.body.length, 'the octets of a segment').isBetween(1, parserSize)
  return presences
}

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
      const presences = await presenceInSegments(limited, users(limited, juliet), pictures, stage)
      expectBoth(stage, presences, [limited, juliet])
    }),
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-016 PRSE-S-013',
    '6.10',
    'One user whose presence is too large for a client comes in segments, and does not keep others from coming',
    withPictures(async (stage, limited, juliet) => {
      needSegments(limited, stage)
      const attributes = ['statusContent', 'contactInfo'] as const
      await juliet.publish({ contactInfo: { qualifier: true, containedvCard } })
      await juliet.show(attributes, users(limited))
      const presences = await presenceInSegments(limited, users(limited, juliet), attributes, stage)
      const sight = new Sight(presences)
      stage.expect(sight.users, 'the users').is([limited, juliet].map(({ userId }) => folded(userId)!).sort())
      stage.expect(sight.attributesOf(juliet), 'what is told of Juliet').is([...attributes].sort())
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

  scenario(
    'SAP-S-016 SAP-S-018 PRSE-S-005',
    '6.9.1',
    'Notifications that name much are no larger than their client can read, and all is told',
    withPresence(['ccli', 'dcli'], async (stage, romeo) => {
      const { expect, skip } = stage
      const limited = await presenceClient(stage, 'romeo', { capabilities: { parserSize } })
      const code = await subscribe(limited.phone, ['AC'])
      if (code === 405) skip('the server does not offer general notifications')
      expect(code, 'the answer to the subscription to notifications').is(200)
      const lists: string[] = []
      for (let count = 0; count < manyLists; count++)
        lists.push(await romeo.befriend(`people-of-whom-there-are-many-${count}`))
      await romeo.show(['alias'], { contactLists: lists })
      const told: string[] = []
      while (told.length < lists.length) {
        const notification = await limited.phone.receive('AC', it => it.name === 'NotificationRequest')
        expect(notification.reply.http.body.length, 'the octets of a notification').isBetween(1, parserSize)
        told.push(...(notification.as('NotificationRequest').contactLists ?? []))
      }
      expect(told.map(folded).sort(), 'the lists').is(lists.map(folded).sort())
    }),
    { since: '1.3' },
  ),
]
