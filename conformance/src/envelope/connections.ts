import { setImmediate as nextTurn } from 'node:timers/promises'
import { acceptedId, messageTo } from '../messaging/send.ts'
import { pause, textOf } from '../phone.ts'
import { type Scenario, scenario } from '../scenario.ts'

const rounds = 24

/** Requests of one session that are under way at the same time, each on a connection of its own (CSP 5.1, 5.4). */
export const connections: readonly Scenario[] = [
  scenario(
    'TRACT-S-001 SAP-S-003',
    '5.4',
    'A poll and a request that leave almost at once on two connections are both answered, whichever arrives first',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      await romeo.fetchAll()
      await romeo.negotiate({ multiTrans: 4 })
      const polls: Promise<number | undefined>[] = []
      const poll = () => {
        const status = romeo.poll().then(({ http }) => http.status)
        polls.push(status.catch(() => undefined))
      }
      const alive = async () => {
        const { code } = await romeo.ask({ name: 'KeepAliveRequest', body: {} })
        expect(code, 'the answer beside a poll').is(200)
      }
      for (let round = 0; round < rounds; round++) {
        const isPollFirst = round % 2 === 0
        if (isPollFirst) poll()
        // From none to some tenths of a millisecond: connections are read in any order.
        for (let turn = round % 3; turn > 0; turn--) await nextTurn()
        const answered = alive()
        if (!isPollFirst) poll()
        await answered
      }
      let statuses: readonly (number | undefined)[] | undefined
      const ended = Promise.all(polls).then(all => {
        statuses = all
      })
      // A poll that arrived after all requests may be held until the next of them.
      while (statuses === undefined) await Promise.race([ended, alive().then(() => pause(20))])
      expect(statuses, 'the HTTP statuses of the polls').is(polls.map(() => 200))
    },
  ),

  scenario(
    'TRACT-S-001',
    '5.4',
    'Requests that leave together, the last Transaction-ID first, are all carried out, each once',
    async stage => {
      const [romeo, juliet] = [await stage.phone().online(), await stage.phone('juliet').online()]
      await juliet.fetchAll()
      await romeo.negotiate({ multiTrans: 4 })
      const texts = ['One', 'Two', 'Three', 'Four'].map(stage.unique)
      const sent = texts.map((text, index) => {
        const id = String(900 - index)
        return romeo.ask(messageTo([juliet.account.userId], romeo, text), id).then(answer => {
          stage.expect(answer.id, 'the Transaction-ID').is(id)
          return acceptedId(answer)
        })
      })
      stage.expect(new Set(await Promise.all(sent)).size, 'the number of Message-IDs').is(texts.length)
      for (const text of texts) await juliet.receiveMessage(text)
      await juliet.fetchAll()
      stage.expect(juliet.inbox.filter(it => texts.includes(textOf(it) ?? '')).length, 'further copies').is(0)
    },
  ),
]
