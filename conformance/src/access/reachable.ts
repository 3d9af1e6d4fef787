import type { AgreedCapabilityList, BodyInput } from '@village/protocol'
import { type Phone, usualCapabilities } from '../phone.ts'
import type { Stage } from '../scenario.ts'

type Method = 'STCP' | 'SHTTP' | 'SUDP' | 'WAPUDP'
type Wishes = Partial<NonNullable<BodyInput<'ClientCapabilityRequest'>['capabilityList']>>

export interface Reachable {
  readonly juliet: Phone
  readonly agreed: AgreedCapabilityList
}

/** Logs juliet in, with ways to be woken; ends the scenario where the server does not have all of them. */
export async function reachable(
  stage: Stage,
  methods: readonly [Method, ...Method[]],
  wishes: Wishes = {},
): Promise<Reachable> {
  const juliet = stage.phone('juliet')
  await juliet.login()
  const capabilityList = { ...usualCapabilities, supportedCirMethods: methods, ...wishes }
  const answer = await juliet.ask({ name: 'ClientCapabilityRequest', body: { capabilityList } })
  const agreed = answer.as('ClientCapabilityResponse').agreedCapabilityList
  for (const method of methods)
    if (!agreed.supportedCirMethods.includes(method)) stage.skip(`the server does not offer ${method}`)
  const functions = { fundamentalFeat: {}, imFeat: {} }
  await juliet.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
  await juliet.fetchAll()
  return { juliet, agreed }
}

/** The Communication Initiation Request for a phone, the same in all methods. */
export const knockFor = (phone: Phone) => `WVCI ${phone.version} ${phone.loginBody().sessionCookie}`
