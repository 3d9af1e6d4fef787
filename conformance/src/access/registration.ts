import type { Answer } from '../answer.ts'
import type { Phone } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const since13 = { since: '1.3' } as const

/** A phone of somebody the server does not know yet, in romeo's domain. */
const stranger = (stage: Stage): Phone => {
  const name = stage.unique('newcomer').replaceAll(/[^a-z0-9]/g, '')
  const userId = stage.accounts.romeo.userId.replace(/^(wv:)?[^@]*/i, `wv:${name}`)
  return stage.phone('romeo', { name, account: { userId, password: `new ${name}` } })
}

/** A first login; ends the scenario where it makes nobody a user. */
const arrive = async ({ skip }: Stage, phone: Phone): Promise<Answer> => {
  const answer = await phone.login()
  if (answer.code === 531 || answer.code === 409) skip('the server does not register unknown users as they log in')
  if (answer.code === 503) skip('the server takes no more failed logins from here for now; try again in a minute')
  return answer
}

const asked = (answer: Answer) => answer.as('LoginResponse').result.systemMessages ?? []

/** Says yes to all that newcomers are asked; ends the scenario where something is wanted that only people can know. */
const agree = (stage: Stage, phone: Phone, answer: Answer): Promise<Answer> => {
  const messages = asked(answer)
  if (messages.some(it => it.verificationMechanism)) stage.skip('the server registers only those who know a word')
  return phone.login({
    systemMessageResponses: messages.map(({ systemMessageId, answerOptions }) => ({
      systemMessageId,
      chosenOptionId: answerOptions?.answerOptions[0]?.answerOptionId,
    })),
  })
}

/** Auto-registration (CSP 6.5), which leaves an account behind on the server. */
export const registration: readonly Scenario[] = [
  scenario(
    'SAP-S-008',
    '6.5',
    'An unknown user is registered with a login, and told under which User-ID',
    async stage => {
      const { expect } = stage
      const phone = stranger(stage)
      const first = await arrive(stage, phone)
      const answer = first.code === 903 ? await agree(stage, phone, first) : first
      expect(answer.code, 'the status code').is(200)
      const made = answer.as('LoginResponse')
      expect(made.sessionId, 'the Session-ID').isPresent()
      const userId = expect(made.userId, 'the User-ID').isPresent()
      expect((await phone.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer in the new session').is(200)
      await phone.logout()
      const password = made.password ?? phone.account.password
      expect((await phone.login({ userId, password })).code, 'the answer to the next login').is(200)
      await phone.logout()
      const wrong = await phone.login({ userId, password: 'not the password' })
      expect(wrong.code, 'the answer to a login with another password').is(409)
    },
    since13,
  ),

  scenario(
    'SAP-S-008 SAP-S-017',
    '6.5',
    'Who has to answer something to be registered is asked with 903, and not served before',
    async stage => {
      const { expect } = stage
      const phone = stranger(stage)
      const first = await arrive(stage, phone)
      if (first.code === 200) stage.skip('the server asks newcomers nothing')
      expect(first.code, 'the status code').is(903)
      expect(first.as('LoginResponse').sessionId, 'the Session-ID').isAbsent()
      expect(asked(first)[0]?.systemMessageText, 'what has to be answered').isPresent()
      const again = await phone.login()
      expect(again.code, 'the answer to a login that answers nothing').is(903)
      expect(again.as('LoginResponse').sessionId, 'its Session-ID').isAbsent()
      expect((await agree(stage, phone, again)).code, 'the answer to a login with the answers').is(200)
    },
    since13,
  ),
]
