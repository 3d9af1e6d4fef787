import { sendText } from '../messaging/send.ts'
import { type Phone, usualCapabilities } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const functions = { fundamentalFeat: {}, imFeat: {} } as const
const services = { name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } } as const

/** The phone logs out and in again, and says nothing about itself, where the server does not want it to. */
async function comeBack(romeo: Phone, { expect, skip }: Stage): Promise<void> {
  await romeo.logout()
  const body = (await romeo.login()).as('LoginResponse')
  const asks = expect(body.capabilityRequest, 'the request for capabilities').isPresent()
  if (asks) skip('the server asks for the capabilities in every session, as CSP 6.9.1 allows')
  await romeo.ask(services)
}

/** How many of three messages that wait the first poll brings. */
async function atOnce(romeo: Phone, { unique }: Stage): Promise<number> {
  const texts = [unique('One'), unique('Two'), unique('Three')]
  for (const text of texts) await sendText(romeo, romeo, text)
  const { length } = await romeo.fetch()
  for (const text of texts) await romeo.receiveMessage(text)
  return length
}

const several = { multiTrans: 4, multiTransPerMessage: 4 }

/** What of an agreement outlives its session (CSP 6.9.1). */
export const remembered: readonly Scenario[] = [
  scenario('CCAPAB-S-001', '6.9.1', 'The next session of a client needs no new capabilities', async stage => {
    const romeo = await stage.phone().online()
    await comeBack(romeo, stage)
    const text = stage.unique('Without further ado')
    await sendText(romeo, romeo, text)
    await romeo.receiveMessage(text)
  }),

  scenario(
    'CCAPAB-S-001',
    '6.9.1',
    'The next session serves a client as the one before did',
    async stage => {
      const romeo = stage.phone()
      await romeo.login()
      await romeo.negotiate(several)
      const before = await atOnce(romeo, stage)
      await comeBack(romeo, stage)
      stage.expect(await atOnce(romeo, stage), 'the number of messages in a poll').is(before)
    },
    { since: '1.3' },
  ),

  scenario(
    'CCAPAB-S-001',
    '6.9.1',
    'Of two negotiations in a session the next session follows the last',
    async stage => {
      const romeo = stage.phone()
      await romeo.login()
      await romeo.negotiate(several)
      await romeo.negotiate()
      await comeBack(romeo, stage)
      stage.expect(await atOnce(romeo, stage), 'the number of messages in a poll').is(1)
    },
    { since: '1.3' },
  ),

  scenario(
    'CCAPAB-S-003',
    '6.9.1',
    'The wish for messages to a client that has logged out is kept',
    async stage => {
      const { romeo, write } = await wishful(stage)
      stage.expect(await write(), 'while it is here').is(200)
      await romeo.logout()
      stage.expect(await write(), 'after its logout').isBetween(400, 999)
    },
    { since: '1.3' },
  ),

  scenario(
    'CCAPAB-S-003',
    '6.9.1',
    'The wish for messages to a client that has logged out outlives a session that says nothing of it',
    async stage => {
      const { romeo, write } = await wishful(stage)
      await comeBack(romeo, stage)
      stage.expect(await write(), 'while it is here again').is(200)
      await romeo.logout()
      stage.expect(await write(), 'after its logout').isBetween(400, 999)
    },
    { since: '1.3' },
  ),
]

/** A phone that wants messages for it to be refused while it is not there, and somebody who writes to it. */
async function wishful({ phone, unique, expect }: Stage) {
  const romeo = phone()
  await romeo.login()
  const capabilityList = { ...usualCapabilities, offlineEtemHandling: 'REJECT' } as const
  const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body: { capabilityList } })
  const { agreedCapabilityList: agreed } = answer.as('ClientCapabilityResponse')
  // REJECT is the end of every chain of changes that are permitted.
  expect(agreed.offlineEtemHandling, 'OfflineETEMHandling').isAbsent()
  await romeo.ask(services)
  const juliet = await phone('juliet').online()
  const users = [{ userId: romeo.account.userId, clientId: romeo.clientId }]
  const messageInfo = { recipient: { users }, sender: { user: { userId: juliet.account.userId } } }
  /** The status code; what was taken is received. */
  const write = async () => {
    const text = unique('Only to that client')
    const body = { deliveryReport: false, messageInfo, contentData: text }
    const { code } = await juliet.ask({ name: 'SendMessageRequest', body })
    if (code === 200) await romeo.receiveMessage(text)
    return code
  }
  return { romeo, write }
}
