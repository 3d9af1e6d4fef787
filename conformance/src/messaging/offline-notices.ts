import { clientKey, type ServiceTree } from '@village/protocol'
import { theAnswer } from '../answer.ts'
import { type Phone, usualCapabilities } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { sendText } from './send.ts'

const number = '+358401234567'
const withNotices: ServiceTree = { fundamentalFeat: {}, imFeat: {} }
const withoutNotices: ServiceTree = { imFeat: { imSendFunc: {}, imReceiveFunc: { newm: true } } }

/** So long a notice that must not come is waited for. */
const doubtMilliseconds = 500

/** Agrees on notices, with the header in which gateways tell the number of a phone where one is given. */
async function askForNotices(romeo: Phone, { skip }: Stage, msisdn?: string): Promise<void> {
  const capabilityList = { ...usualCapabilities, supportedOfflineBearers: ['SMS', 'WAPPUSH'] }
  const primitive = { name: 'ClientCapabilityRequest', body: { capabilityList } } as const
  const body = romeo.write([{ mode: 'Request', id: romeo.nextId(), primitive }])
  const answer = theAnswer(await romeo.post(body, msisdn === undefined ? {} : { MSISDN: msisdn }))
  const { supportedOfflineBearers: agreed } = answer.as('ClientCapabilityResponse').agreedCapabilityList
  if (agreed.length === 0) skip('the server has no bearer for offline notifications')
  await agreeOn(romeo, withNotices)
}

const agreeOn = async (romeo: Phone, functions: ServiceTree) =>
  (await romeo.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })).as('ServiceResponse')

/** Romeo's phone, what he is told while it is logged out, and somebody who writes to him. */
async function romeoAway(stage: Stage) {
  const romeo = stage.phone()
  const receiver = stage.notices()
  const key = clientKey(romeo.clientId)
  const told = async (patienceMilliseconds?: number) => {
    const juliet = await stage.phone('juliet').online()
    await sendText(juliet, romeo, stage.unique('Are you there?'))
    return receiver.next(romeo.account.userId, key, patienceMilliseconds)
  }
  /** He fetches what was written, so that it is not in the way of others. */
  const comeBack = async () => {
    await romeo.online()
    await romeo.fetchAll()
  }
  return { romeo, told, comeBack }
}

/** What users are told while they are not logged in (CSP 9.1.7). */
export const offlineNotices: readonly Scenario[] = [
  scenario(
    'TRANSP-S-017',
    '9.1.7',
    'A user who is not logged in is told of a message that has come',
    async stage => {
      const { romeo, told, comeBack } = await romeoAway(stage)
      await romeo.login()
      await askForNotices(romeo, stage)
      stage.expect(await told(doubtMilliseconds), 'a notice while he is logged in').isAbsent()
      await romeo.logout()
      stage.expect(await told(), 'a notice').isPresent()
      await comeBack()
    },
    { since: '1.3' },
  ),

  scenario(
    'TRANSP-S-017',
    '9.1.7',
    'Notices are turned off by the service negotiation that came last',
    async stage => {
      const { romeo, told, comeBack } = await romeoAway(stage)
      await romeo.login()
      await askForNotices(romeo, stage)
      await agreeOn(romeo, withoutNotices)
      await romeo.logout()
      stage.expect(await told(doubtMilliseconds), 'a notice').isAbsent()
      await comeBack()
    },
    { since: '1.3' },
  ),

  scenario(
    'CCAPAB-S-002 TRANSP-S-017',
    '6.9.1',
    'The number is kept of a phone with bearers for offline notifications, in the session that follows as well',
    async stage => {
      const { romeo, told, comeBack } = await romeoAway(stage)
      await romeo.login()
      await askForNotices(romeo, stage, number)
      await romeo.logout()
      const first = stage.expect(await told(), 'a notice').isPresent()
      if (first.msisdn === null) stage.skip('the server does not let this suite tell it the numbers of phones')
      await romeo.login()
      await askForNotices(romeo, stage)
      await romeo.logout()
      const second = stage.expect(await told(), 'a notice after the next session').isPresent()
      stage.expect(second.msisdn, 'the number').is(number)
      await comeBack()
    },
    { since: '1.3' },
  ),
]
