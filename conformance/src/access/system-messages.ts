import { type Answer, answersIn } from '../answer.ts'
import { miss } from '../expect.ts'
import { type Phone, pause } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const since13 = { since: '1.3' } as const

/** A user of a 1.3 client, logged in, and what an operator then says to them. */
const told = async (stage: Stage, more: Partial<Parameters<ReturnType<Stage['operator']>['announce']>[0]> = {}) => {
  const operator = stage.operator()
  const romeo = await stage.phone().online()
  const text = stage.unique('News from the operator')
  const id = await operator.announce({ to: [romeo.account.userId], text, validitySeconds: 60, ...more })
  return { romeo, id, text }
}

const answer = (systemMessageId: string, chosenOptionId?: number, verificationKey?: string) =>
  ({
    name: 'SystemMessageUser',
    body: { systemMessageResponses: [{ systemMessageId, chosenOptionId, verificationKey }] },
  }) as const

/** The System Message as a poll brings it, which is not answered yet. */
const shownIn = async (romeo: Phone, id: string): Promise<Answer> => {
  const isIt = (it: Answer) =>
    it.name === 'SystemMessageRequest' &&
    it.as('SystemMessageRequest').systemMessages.some(({ systemMessageId }) => systemMessageId === id)
  for (let looks = 0; looks < 20; looks++) {
    const came = answersIn(await romeo.poll(), 'Request').find(isIt)
    if (came !== undefined) return came
    await pause(50)
  }
  return miss('a poll should bring the System Message')
}

const verification = { text: 'Type the word tree', key: 'tree' }

/** So many wrong answers have to be enough for a server that counts them. */
const mostAnswers = 25
/** So long the end of a lock-out is waited for. */
const mostSeconds = 10

/** Somebody whom it does not matter to lock out, in romeo's domain. */
const scapegoat = ({ accounts, unique }: Stage) => {
  const name = unique('scapegoat').replaceAll(/[^a-z0-9]/g, '')
  return { userId: accounts.romeo.userId.replace(/^(wv:)?[^@]*/i, `wv:${name}`), password: `password of ${name}` }
}

/** Answers wrongly until that is no longer taken; the answer to the last. */
const answerBadly = async (phone: Phone, id: string, { expect, skip }: Stage): Promise<Answer> => {
  for (let answers = 0; answers < mostAnswers; answers++) {
    const told = await phone.ask(answer(id, undefined, 'bush'))
    if (told.code === 607) return told
    expect(told.code, `what wrong answer ${answers + 1} is told`).isOneOf([436, 438])
  }
  return skip(`the server takes ${mostAnswers} wrong answers and more, as CSP 7.1.2 allows`)
}

const alive = { name: 'KeepAliveRequest', body: {} } as const
const services = { name: 'ServiceRequest', body: { allFunctionsRequest: true } } as const

/** System Messages (CSP 7.1). What starts them is an operator. */
export const systemMessages: readonly Scenario[] = [
  scenario(
    'SAP-S-017',
    '7.1.1',
    'A System Message reaches the client, with its answer options',
    async stage => {
      const { romeo, id, text } = await told(stage, { options: ['Yes', 'No'] })
      const came = await romeo.receive('the System Message', it => it.name === 'SystemMessageRequest')
      const [first] = came.as('SystemMessageRequest').systemMessages
      stage.expect(first?.systemMessageId, 'its id').is(id)
      stage.expect(first?.systemMessageText, 'its text').is(text)
      const options = first?.answerOptions?.answerOptions ?? []
      stage
        .expect(
          options.map(it => it.answerOptionText),
          'the answers to choose from',
        )
        .is(['Yes', 'No'])
      const chosen = options[1]?.answerOptionId
      stage.expect((await romeo.ask(answer(id, chosen))).code, 'what the choice is told').is(200)
    },
    since13,
  ),

  scenario(
    'SAP-S-017',
    '7.1.1',
    'A System Message that has to be answered stands in the way of everything but keep-alive',
    async stage => {
      const { expect } = stage
      const { romeo, id } = await told(stage, { requireAnswer: true, options: ['I agree'] })
      const blocked = await romeo.ask(services)
      expect(blocked.code, 'the answer to a request').is(436)
      const [first] = blocked.as('Status').result.systemMessages ?? []
      expect(first?.systemMessageId, 'the System Message in it').is(id)
      expect((await romeo.ask(alive)).code, 'the answer to a keep-alive').is(200)
      const chosen = first?.answerOptions?.answerOptions[0]?.answerOptionId
      expect((await romeo.ask(answer(id, chosen))).code, 'the answer to the answer').is(200)
      ;(await romeo.ask(services)).as('ServiceResponse')
    },
    since13,
  ),

  scenario(
    'SAP-S-017',
    '7.1.2',
    'An answer to an unknown System Message is refused with 437',
    async ({ phone, expect, unique }) => {
      const romeo = await phone().online()
      expect((await romeo.ask(answer(unique('unknown')))).code, 'the status code').is(437)
    },
    since13,
  ),

  scenario(
    'SAP-S-017',
    '7.1.2',
    'An answer with a wrong verification key is refused with 438',
    async stage => {
      const { romeo, id } = await told(stage, { requireAnswer: true, verification })
      stage.expect((await romeo.ask(answer(id, undefined, 'bush'))).code, 'the answer to a wrong key').is(438)
      stage.expect((await romeo.ask(answer(id, undefined, 'tree'))).code, 'the answer to the right one').is(200)
    },
    since13,
  ),

  scenario(
    'SAP-S-017',
    '7.1.2',
    'A client that cannot show a System Message (439) is not held up by it',
    async stage => {
      const { romeo, id } = await told(stage, { requireAnswer: true, verification })
      stage.expect((await romeo.ask(services)).code, 'the answer to a request before').is(436)
      const came = await shownIn(romeo, id)
      await romeo.reply(came, { name: 'Status', body: { result: { code: 439 } } })
      ;(await romeo.ask(services)).as('ServiceResponse')
      stage
        .expect((await romeo.ask(answer(id, undefined, 'tree'))).code, 'the answer, if it can be had after all')
        .is(200)
    },
    since13,
  ),

  scenario(
    'SAP-S-017',
    '6.4.1',
    'A login is refused with 436 until the System Message is answered in it',
    async stage => {
      const { romeo, id } = await told(stage, { requireAnswer: true, options: ['I agree'] })
      await romeo.logout()
      const refused = await romeo.login()
      stage.expect(refused.code, 'the answer to the login').is(436)
      const [first] = refused.as('LoginResponse').result.systemMessages ?? []
      const chosenOptionId = first?.answerOptions?.answerOptions[0]?.answerOptionId
      const systemMessageResponses = [{ systemMessageId: id, chosenOptionId }]
      stage.expect((await romeo.login({ systemMessageResponses })).code, 'the answer with the response').is(200)
    },
    since13,
  ),

  scenario(
    'SAP-S-017',
    '7.1.2',
    'Who answers wrongly again and again is disconnected with 607, and may come back after the time that it tells',
    async stage => {
      const { expect } = stage
      const operator = stage.operator()
      const account = scapegoat(stage)
      const { userId } = account
      await operator.addUser(account)
      try {
        const phone = await stage.phone('romeo', { name: 'scapegoat', account }).online()
        const text = stage.unique('News from the operator')
        const announcement = { to: [userId], text, requireAnswer: true, verification, validitySeconds: 60 }
        const last = await answerBadly(phone, await operator.announce(announcement), stage)
        const seconds = expect(last.as('Status').result.tryAgainTimeout, 'the time to wait').isPresent()
        const reply = await phone.poll()
        const [told] = [...answersIn(reply, 'Request'), ...answersIn(reply, 'Response')]
        expect(told?.code, 'what a poll is told').is(607)
        expect((await phone.ask(services)).code, 'the answer to another request').isOneOf([604, 607])
        phone.sessionId = undefined
        const refused = await phone.login()
        expect(refused.code, 'the answer to a login meanwhile').is(607)
        expect(phone.sessionId, 'a session').isAbsent()
        if (seconds > mostSeconds) return
        await pause(1000 * seconds)
        // The message may still be there to be answered.
        expect((await phone.login()).code, 'the answer to a login after that time').isOneOf([200, 436])
      } finally {
        await operator.removeUser(userId)
      }
    },
    since13,
  ),
]
