import { type Scenario, scenario } from '../scenario.ts'
import { clear, client } from './clients.ts'
import { copies, sum, twoClients, write } from './copies.ts'
import { messageTo, sendText } from './send.ts'

const since = '1.3'

/** Which of a user's clients a message goes to (CSP 5.5.2). */
export const routing: readonly Scenario[] = [
  scenario('SERV-S-006', '5.5.2.1', 'A message to a user with several clients arrives', async stage => {
    const romeo = await stage.phone().online()
    const two = await twoClients(stage)
    const text = stage.unique('Wherever you are')
    await sendText(romeo, two[0], text)
    stage.expect(sum(await copies(text, two)), 'the number of copies at both').isBetween(1, 2)
    stage.expect(Math.max(...(await copies(text, two))), 'the number of copies at one').is(1)
  }),

  scenario(
    'SERV-S-006',
    '5.5.2.1',
    'A message to an application reaches the clients that have it',
    async stage => {
      await clear(stage, 'juliet')
      const romeo = await stage.phone().online()
      const login = { applicationId: `Chess${stage.unique('').replace(/\W/g, '')}` }
      const players = [await client(stage, 'juliet', { login }), await client(stage, 'juliet', { login })]
      const other = await client(stage, 'juliet', { capabilities: { sessionPriority: 10 } })
      const text = stage.unique('e2 to e4')
      stage.expect(await write(romeo, stage, text, login), 'the answer').is(200)
      stage.expect(await copies(text, [...players, other]), 'the number of copies at each').is([1, 1, 0])
    },
    { since },
  ),

  scenario(
    'SERV-S-006',
    '5.5.2.1',
    'A message to an application waits for a client that has it',
    async stage => {
      await clear(stage, 'juliet')
      const romeo = await stage.phone().online()
      const login = { applicationId: `Go${stage.unique('').replace(/\W/g, '')}` }
      const text = stage.unique('Your move')
      const code = await write(romeo, stage, text, login)
      if (code !== 200) stage.skip('the server stores nothing for applications that are not there')
      const player = await client(stage, 'juliet', { login })
      await player.receiveMessage(text)
    },
    { since },
  ),

  scenario('SERV-S-006', '5.5.2.2', 'An answer goes where Sender says', async stage => {
    const { expect, unique } = stage
    const [first, second] = [await stage.phone().online(), await stage.phone().online()]
    const juliet = await stage.phone('juliet').online()
    for (const phone of [first, second, juliet]) await phone.fetchAll()
    for (const [index, romeo] of [first, second].entries()) {
      const question = unique(`Question ${index}`)
      const sender = { user: { userId: romeo.account.userId, clientId: romeo.clientId } }
      await sendText(romeo, juliet, question, { info: { sender } })
      const { messageInfo } = (await juliet.receiveMessage(question)).as('NewMessage')
      const answer = unique(`Answer ${index}`)
      const users = messageInfo.sender.user === undefined ? [] : [messageInfo.sender.user]
      const { code } = await juliet.ask(messageTo([], juliet, answer, { info: { recipient: { users } } }))
      expect(code, 'the answer to the answer').is(200)
      const counts = await copies(answer, [first, second])
      expect(counts, 'the number of copies at each client').is(index === 0 ? [1, 0] : [0, 1])
    }
  }),
]
