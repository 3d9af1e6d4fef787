import type { Capabilities } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { Sight } from './sight.ts'
import { presenceClient, withPresence } from './with-presence.ts'

/** A picture of so many characters, which all clients get as BASE64. */
const picture = (length: number, contentType = 'image/gif') => ({
  statusContent: { qualifier: true, directContent: 'QUJD'.repeat(length / 4), contentType },
})

/** The number of characters of what is known of a picture; 0 for nothing. */
const lengthSeen = (sight: Sight, juliet: PresenceClient): number => {
  const [value] = sight.valuesOf(juliet, 'statusContent')
  return value === undefined ? 0 : (JSON.parse(value).directContent?.length ?? 0)
}

type Play = (stage: Stage, limited: PresenceClient, juliet: PresenceClient) => Promise<void>

/** Plays with a client of Romeo's with limits, who may see Juliet's picture. */
const withLimited = (capabilities: Partial<Capabilities>, play: Play) =>
  withPresence(['updpr', 'getpr'], async (stage, _, juliet) => {
    const limited = await presenceClient(stage, 'romeo', { capabilities })
    await juliet.show(['statusContent', 'alias'], users(limited))
    await play(stage, limited, juliet)
  })

/** How much of a picture reaches the client, where it watches and where it looks. */
const about = (
  title: string,
  capabilities: Partial<Capabilities>,
  shown: ReturnType<typeof picture>,
  reaches: { readonly told: number; readonly read: number },
  since?: '1.3',
) =>
  scenario(
    'SERV-S-007 PRSE-S-012 PRSE-S-013',
    '5.6.4',
    title,
    withLimited(capabilities, async ({ expect }, limited, juliet) => {
      await juliet.publish({ ...shown, alias: { qualifier: true, presenceValue: 'Jule' } })
      await limited.watch(users(juliet))
      // What is beside it is told all the same.
      await limited.sees(juliet, 'alias', 'Jule')
      await limited.hearAll()
      expect(lengthSeen(limited.sight, juliet), 'the length of the picture that is told').is(reaches.told)
      const looked = new Sight(await limited.look(users(juliet)))
      expect(looked.valuesOf(juliet, 'alias'), 'the alias that is read').is(['Jule'])
      expect(lengthSeen(looked, juliet), 'the length of the picture that is read').is(reaches.read)
    }),
    { since },
  )

const onlyGif = { anyContent: undefined, acceptedContentTypes: [{ contentType: 'image/gif' }] } as const
const policyR = {
  anyContent: undefined,
  acceptedContentTypes: [
    { contentType: 'image/gif', acceptedRichContentLength: 8, contentPolicy: 'R', contentPolicyLimit: 32 },
  ],
} as const

/** Pictures in presence are for clients that can have them (CSP 5.6.3, 5.6.4). */
export const presenceContent: readonly Scenario[] = [
  about('A picture in presence is for clients that take its type', onlyGif, picture(16), { told: 16, read: 16 }),

  about('A picture in presence is not for clients that do not take its type', onlyGif, picture(16, 'image/png'), {
    told: 0,
    read: 0,
  }),

  about('A picture in presence is not for clients that take no content', { anyContent: false }, picture(16), {
    told: 0,
    read: 0,
  }),

  about(
    'A picture in presence that is too long to be told can be read where it is not too long for that',
    { acceptedPushLength: 40, acceptedPullLength: 80 },
    picture(80),
    { told: 0, read: 80 },
    '1.3',
  ),

  about(
    'A picture in presence beyond the limit of policy R is not for the client',
    policyR,
    picture(36),
    { told: 0, read: 0 },
    '1.3',
  ),

  scenario(
    'SERV-S-007 PRSE-S-012',
    '5.6.4',
    'A picture that a client cannot have takes the place of the one before all the same',
    withLimited(onlyGif, async ({ expect }, limited, juliet) => {
      await juliet.publish(picture(16))
      await limited.watch(users(juliet))
      while (lengthSeen(limited.sight, juliet) === 0) await limited.hear('the picture')
      await juliet.publish(picture(20, 'image/png'))
      await limited.sees(juliet, 'statusContent')
      expect(lengthSeen(limited.sight, juliet), 'the length of the picture that is known').is(0)
    }),
  ),
]
