import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { namesIn } from './attributes.ts'
import { folded } from './list-owner.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { type PresenceService, withPresence } from './with-presence.ts'

type Play = (stage: Stage, romeo: PresenceClient, juliet: PresenceClient) => Promise<void>

/** Plays with a Juliet who has something to tell, and has not decided on Romeo, who watches her. */
const about = (title: string, needs: readonly PresenceService[], play: Play, since?: '1.2') =>
  scenario(
    '',
    'reactive authorization until CSP 1.2',
    title,
    withPresence(['updpr', 'react', ...needs], async (stage, romeo, juliet) => {
      await juliet.say({ statusText: 'one' })
      await romeo.watch(users(juliet), ['statusText'])
      await play(stage, romeo, juliet)
    }),
    { since, until: '1.2' },
  )

/** Juliet is asked about somebody. */
async function asked(juliet: PresenceClient) {
  const request = await juliet.phone.receive('a PresenceAuth-Request', it => it.name === 'PresenceAuthRequest')
  return request.as('PresenceAuthRequest')
}

/** She agrees or refuses, for those attributes that she was asked for. */
const decide = (juliet: PresenceClient, { userId }: PresenceClient, acceptance: boolean) =>
  juliet.does({ name: 'PresenceAuthUser', body: { userId, acceptance } })

async function stateOf(juliet: PresenceClient, { userId }: PresenceClient) {
  const answer = await juliet.ask({ name: 'GetReactiveAuthStatusRequest', body: { userIds: [userId] } })
  const { reactiveAuthStatuses } = answer.as('GetReactiveAuthStatusResponse')
  return reactiveAuthStatuses.map(({ reactiveAuthState }) => reactiveAuthState)
}

/** How a user is asked who may see what, before 1.3 had notifications for it. */
export const reactiveAuthorization: readonly Scenario[] = [
  about(
    'A user is asked about who watches and was not decided on, and what she agrees to is told',
    [],
    async ({ expect }, romeo, juliet) => {
      const { userId, presenceSubList } = await asked(juliet)
      expect(folded(userId), 'the user she is asked about').is(folded(romeo.userId))
      if (presenceSubList !== undefined) expect(namesIn([presenceSubList]), 'the attributes').is(['statusText'])
      await decide(juliet, romeo, true)
      await romeo.sees(juliet, 'statusText', 'one')
    },
  ),

  about('Who was refused is told nothing', [], async ({ expect }, romeo, juliet) => {
    await asked(juliet)
    await decide(juliet, romeo, false)
    await juliet.say({ statusText: 'two' })
    await romeo.hearAll()
    expect(romeo.sight.attributesOf(juliet), 'the attributes he is told').is([])
  }),

  about('What a user has agreed to can be taken back', ['caaut'], async ({ expect }, romeo, juliet) => {
    await asked(juliet)
    await decide(juliet, romeo, true)
    await romeo.sees(juliet, 'statusText', 'one')
    await juliet.does({ name: 'CancelAuthRequest', body: { userId: romeo.userId } })
    await juliet.say({ statusText: 'two' })
    await romeo.hearAll()
    expect(romeo.sight.valuesOf(juliet, 'statusText'), 'the status text he knows').isOneOf([['one'], []])
  }),

  about(
    'A user can see whom she agreed to, whom she refused, and who waits',
    ['getaut'],
    async ({ expect }, romeo, juliet) => {
      await asked(juliet)
      expect(await stateOf(juliet, romeo), 'before she decides').is(['PENDING'])
      await decide(juliet, romeo, true)
      expect(await stateOf(juliet, romeo), 'when she has agreed').is(['GRANTED'])
      await decide(juliet, romeo, false)
      expect(await stateOf(juliet, romeo), 'when she has refused').is(['DENIED'])
    },
    '1.2',
  ),
]
