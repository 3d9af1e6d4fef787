import { pause } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { Sight } from './sight.ts'
import { presenceClient, withTrust } from './with-presence.ts'

type Play = (stage: Stage, romeo: PresenceClient, juliet: PresenceClient) => Promise<void>

/** Plays with a Romeo who knows that Juliet is online. */
const withWatched = (play: Play) =>
  withTrust([], async (stage, romeo, juliet) => {
    await romeo.watch(users(juliet), ['onlineStatuses'])
    await romeo.seesOnline(juliet, true)
    await play(stage, romeo, juliet)
  })

const slowSeconds = 3

/** Who is there, by the word of the server (CSP 5.1.3, 8.3.1). */
export const onlineStatus: readonly Scenario[] = [
  scenario(
    'PRSE-S-012',
    '8.3.1',
    'Subscribers are told when a user comes and goes',
    withWatched(async (stage, romeo, juliet) => {
      await juliet.phone.logout()
      await romeo.seesOnline(juliet, false)
      await presenceClient(stage, 'juliet')
      await romeo.seesOnline(juliet, true)
    }),
  ),

  scenario(
    'PRSE-S-012 SAP-S-005',
    '5.1.3',
    'A user is online as long as any client of the user is',
    withWatched(async (stage, romeo, juliet) => {
      const other = await presenceClient(stage, 'juliet')
      await juliet.phone.logout()
      await romeo.hearAll()
      stage.expect(romeo.sight.isOnline(juliet), 'whether she is online with the other client').is(true)
      await other.phone.logout()
      await romeo.seesOnline(juliet, false)
    }),
  ),

  scenario(
    'PRSE-S-012 SAP-S-010',
    '8.3.1',
    'A user whose session ends for idleness is offline',
    withWatched(async (stage, romeo, juliet) => {
      await juliet.phone.logout()
      await romeo.seesOnline(juliet, false)
      const login = await juliet.phone.login({ timeToLive: 1 })
      const seconds = login.as('LoginResponse').keepAliveTime ?? Number.POSITIVE_INFINITY
      if (seconds > slowSeconds) stage.skip(`the server grants no keep-alive time under ${slowSeconds} seconds`)
      await romeo.seesOnline(juliet, true)
      await pause(seconds * 1000)
      await romeo.seesOnline(juliet, false)
      juliet.phone.sessionId = undefined
    }),
  ),

  scenario(
    'PRSE-S-012 SAP-S-010',
    '8.3.1',
    'A user whose session an operator ends is offline',
    withWatched(async (stage, romeo, juliet) => {
      await stage.operator().endSessions(juliet.userId)
      juliet.phone.sessionId = undefined
      await romeo.seesOnline(juliet, false)
    }),
  ),

  scenario(
    'PRSE-S-013',
    '8.3.1',
    'Who is offline has that as OnlineStatus',
    withTrust(['getpr'], async ({ expect }, romeo, juliet) => {
      await juliet.phone.logout()
      const sight = new Sight(await romeo.look(users(juliet), ['onlineStatuses', 'clientInfos']))
      expect(sight.isOnline(juliet), 'whether she is online').is(false)
      expect(sight.attributesOf(juliet), 'the attributes').is(['onlineStatuses'])
    }),
  ),
]
