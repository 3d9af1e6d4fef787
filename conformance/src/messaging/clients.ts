import { isRefused } from '../offered.ts'
import type { Capabilities, LoginBody, Phone, PhoneOptions } from '../phone.ts'
import type { Person, Stage } from '../scenario.ts'

/** Services of messaging that a server may leave out, and where they are in the service tree (CSP 6.9.1). */
const branches = {
  mdeliv: 'imSendFunc',
  fwmsg: 'imSendFunc',
  setd: 'imReceiveFunc',
  getlm: 'imReceiveFunc',
  getm: 'imReceiveFunc',
  rejcm: 'imReceiveFunc',
  notif: 'imReceiveFunc',
} as const

type Service = keyof typeof branches

/** What a client says about itself, beside what is usual. */
export interface Traits {
  readonly capabilities?: Partial<Capabilities> | undefined
  readonly login?: Partial<LoginBody> | undefined
  /** Where it is to differ from the run. */
  readonly spoken?: Pick<PhoneOptions, 'version' | 'syntax'> | undefined
  /** Without these of the server there is no verdict. */
  readonly needs?: readonly Service[] | undefined
}

/** One of a person's clients, online. */
export async function client(
  { phone, skip }: Stage,
  person: Person,
  { capabilities, login, spoken, needs = [] }: Traits = {},
): Promise<Phone> {
  const made = await phone(person, spoken).online(login, capabilities)
  for (const service of needs)
    if (isRefused(made, 'imFeat', branches[service], service))
      skip(`the server does not offer ${service.toUpperCase()}`)
  return made
}

/** What earlier scenarios left behind for a person is fetched. */
export async function clear({ phone }: Stage, person: Person): Promise<void> {
  const made = await phone(person).online()
  await made.fetchAll()
  await made.logout()
}

/** Romeo, and Juliet with nothing waiting and a client that is told of messages instead of getting them. */
export async function withNotified(stage: Stage, needs: readonly Service[] = []) {
  await clear(stage, 'juliet')
  const romeo = await stage.phone().online()
  const notified = { initialDeliveryMethod: 'N' } as const
  const juliet = await client(stage, 'juliet', { capabilities: notified, needs: ['notif', 'getm', ...needs] })
  return { romeo, juliet }
}
