import { clientKey } from '@village/protocol'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { presenceClient, withTrust } from './with-presence.ts'

type Play = (stage: Stage, romeo: PresenceClient, juliet: PresenceClient) => Promise<void>

/** Plays with a Romeo who reads what Juliet's clients say of themselves. */
const withClients = (play: Play) =>
  withTrust(['getpr', 'updpr'], async (stage, romeo, juliet) => {
    await juliet.show(['onlineStatuses', 'clientInfos', 'freeTextLocations'], users(romeo))
    await play(stage, romeo, juliet)
  })

async function readStatus(romeo: PresenceClient, juliet: PresenceClient) {
  const [presence] = await romeo.look(users(juliet))
  const { onlineStatuses = [], clientInfos = [], freeTextLocations = [] } = presence?.presenceSubLists[0] ?? {}
  return { onlineStatuses, clientInfos, freeTextLocations }
}

const keysOf = (values: readonly { readonly clientId?: Parameters<typeof clientKey>[0] | undefined }[]) =>
  values.map(({ clientId }) => clientId && clientKey(clientId)).sort()

const since13 = { since: '1.3' } as const

/** What is said of each client of a user: where it is, and what it can do (CSP 5.1.3, 6.4.2, 6.9.1). */
export const clientStatus: readonly Scenario[] = [
  scenario(
    'PRSE-S-014 PRSE-S-013 SAP-S-005',
    '5.1.3',
    'Each client has a status of its own, marked with its Client-ID',
    withClients(async (stage, romeo, juliet) => {
      const { expect } = stage
      const other = await presenceClient(stage, 'juliet')
      await juliet.say({ freeTextLocations: 'The balcony' })
      await other.say({ freeTextLocations: 'The tomb' })
      const clients = [juliet, other].map(({ phone }) => clientKey(phone.clientId)).sort()
      const { onlineStatuses, clientInfos, freeTextLocations } = await readStatus(romeo, juliet)
      expect(keysOf(onlineStatuses), 'whose OnlineStatus is told').is(clients)
      expect(keysOf(clientInfos), 'whose ClientInfo is told').is(clients)
      const ofOther = freeTextLocations.find(
        ({ clientId }) => clientId && clientKey(clientId) === clientKey(other.phone.clientId),
      )
      expect(ofOther?.presenceValue, 'where the other client is').is('The tomb')
    }),
    since13,
  ),

  scenario(
    'PRSE-S-014 PRSE-S-013 SAP-S-005',
    '5.1.3',
    'Before 1.3 a user has one status, whichever clients there are',
    withClients(async (stage, romeo, juliet) => {
      const other = await presenceClient(stage, 'juliet')
      await juliet.say({ freeTextLocations: 'The balcony' })
      await other.say({ freeTextLocations: 'The tomb' })
      const { onlineStatuses, clientInfos, freeTextLocations } = await readStatus(romeo, juliet)
      for (const values of [onlineStatuses, clientInfos, freeTextLocations])
        stage.expect(values.length, 'the number of occurrences').is(1)
      const [location] = freeTextLocations
      stage.expect(location?.presenceValue, 'where she is').isOneOf(['The balcony', 'The tomb'])
    }),
    { until: '1.2' },
  ),

  scenario(
    'PRSE-S-014 PRSE-S-013',
    '5.1.3',
    'With its session the status of a client ends, and that of others does not',
    withClients(async (stage, romeo, juliet) => {
      const other = await presenceClient(stage, 'juliet')
      await juliet.say({ freeTextLocations: 'The balcony' })
      await other.say({ freeTextLocations: 'The tomb' })
      await other.phone.logout()
      const { clientInfos, freeTextLocations } = await readStatus(romeo, juliet)
      stage.expect(clientInfos.length, 'the number of clients').is(1)
      stage
        .expect(
          freeTextLocations.map(({ presenceValue }) => presenceValue),
          'where she is',
        )
        .is(['The balcony'])
    }),
  ),

  scenario(
    'SAP-S-015 PRSE-S-013',
    '6.9.1',
    'ClientInfo has the content limits that the client has agreed on',
    withClients(async (stage, romeo, juliet) => {
      const { expect } = stage
      const limits = { acceptedTextContentLength: 400, acceptedPullLength: 2000, acceptedPushLength: 1000 }
      const agreed = await juliet.phone.negotiate({ ...limits, anyContent: true }, { presenceFeat: {} })
      const [info] = (await readStatus(romeo, juliet)).clientInfos
      const limit = expect(info?.clientContentLimit, 'ClientContentLimit').isPresent()
      expect(limit.anyContent, 'AnyContent').is(agreed.anyContent ?? true)
      expect(limit.maxPullLength, 'MaxPullLength').is(agreed.acceptedPullLength ?? 2000)
      expect(limit.maxPushLength, 'MaxPushLength').is(agreed.acceptedPushLength ?? 1000)
      expect(limit.acceptedTextContentLength, 'the length of text').is(agreed.acceptedTextContentLength ?? 400)
    }),
    since13,
  ),

  scenario(
    'SAP-S-006 PRSE-S-013',
    '6.4.2',
    'ClientInfo has the Application-ID that the client logged in with',
    withClients(async (stage, romeo, juliet) => {
      await juliet.phone.logout()
      const applicationId = 'letters.example'
      const other = await presenceClient(stage, 'juliet', { login: { applicationId } })
      const [info] = (await readStatus(romeo, juliet)).clientInfos
      stage.expect(info?.applicationId, 'the Application-ID').is(applicationId)
      stage.expect(keysOf([info ?? {}]), 'the Client-ID beside it').is([clientKey(other.phone.clientId)])
    }),
    since13,
  ),
]
