import { isRefused } from '../offered.ts'
import type { Capabilities, LoginBody, Phone, PhoneOptions } from '../phone.ts'
import type { Person, Stage } from '../scenario.ts'
import { PresenceClient } from './presence-client.ts'

/** Services of presence that a server may leave out, and where they are in the service tree (CSP 6.9.1). */
const branches = {
  ccli: 'contListFunc',
  mcls: 'contListFunc',
  dcli: 'contListFunc',
  getwl: 'presenceAuthFunc',
  react: 'presenceAuthFunc',
  caaut: 'presenceAuthFunc',
  getaut: 'presenceAuthFunc',
  getpr: 'presenceDeliverFunc',
  updpr: 'presenceDeliverFunc',
} as const

export type PresenceService = keyof typeof branches

/** What a client says about itself, beside what is usual. */
interface Traits {
  readonly capabilities?: Partial<Capabilities> | undefined
  readonly login?: Partial<LoginBody> | undefined
  /** Where it is to differ from others. */
  readonly options?: Partial<PhoneOptions> | undefined
}

export const services = { fundamentalFeat: {}, imFeat: {}, presenceFeat: {} } as const

/** One of a person's clients, online; where the server has no presence, or not these services, there is no verdict. */
export async function presenceClient(
  stage: Stage,
  person: Person = 'romeo',
  { capabilities, login, options }: Traits = {},
  needs: readonly PresenceService[] = [],
): Promise<PresenceClient> {
  const phone = await stage.phone(person, options).online(login, capabilities, services)
  needPresence(phone, stage, needs)
  return new PresenceClient(phone)
}

export function needPresence(phone: Phone, { skip }: Stage, needs: readonly PresenceService[] = []) {
  if (isRefused(phone, 'presenceFeat', 'mp')) skip('the server does not offer presence')
  for (const service of needs)
    if (isRefused(phone, 'presenceFeat', branches[service], service))
      skip(`the server does not offer ${service.toUpperCase()}`)
}

/** The client takes a session up again (CSP 5.1.2, 6.4.4): its own, which it may have lost or logged out from. */
export async function takeUp({ phone }: PresenceClient, { expect, skip }: Stage, sessionId = phone.sessionId) {
  phone.sessionId = sessionId
  const { code } = await phone.login()
  if (code === 502) {
    phone.sessionId = undefined
    skip('the server does not give this session back, as CSP 5.1.1 allows')
  }
  expect(code, 'the answer to the login').is(200)
}

type Play = (stage: Stage, romeo: PresenceClient, juliet: PresenceClient) => Promise<void>

/** Plays with both, who have published nothing and authorised nobody, and have no contact lists: what there was is gone. */
export const withPresence =
  (needs: readonly PresenceService[], play: Play) =>
  async (stage: Stage): Promise<void> => {
    const [romeo, juliet] = [
      await presenceClient(stage, 'romeo', {}, needs),
      await presenceClient(stage, 'juliet', {}, needs),
    ]
    for (const one of [romeo, juliet]) await one.forget([romeo.userId, juliet.userId])
    await play(stage, romeo, juliet)
  }

/** The same, where Romeo may see all that Juliet tells of herself. */
export const withTrust = (needs: readonly PresenceService[], play: Play) =>
  withPresence(needs, async (stage, romeo, juliet) => {
    await juliet.show(usual, { userIds: [romeo.userId] })
    await play(stage, romeo, juliet)
  })

/** What scenarios are about when they are about no attribute in particular. */
export const usual = ['onlineStatuses', 'statusText', 'alias', 'userAvailability'] as const
