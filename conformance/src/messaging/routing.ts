import { type Phone, textOf } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { clear, client } from './clients.ts'
import { messageTo, sendText } from './send.ts'

type Named = Pick<Phone, 'clientId'> | { readonly applicationId: string }

/** The status code of a message from Romeo to Juliet, or to one of her clients or applications. */
const write = async (romeo: Phone, { accounts }: Stage, text: string, named?: Named) => {
  const recipient = { users: [{ userId: accounts.juliet.userId, ...(named && pick(named)) }] }
  return (await romeo.ask(messageTo([], romeo, text, { info: { recipient } }))).code
}

const pick = (named: Named) => ('clientId' in named ? { clientId: named.clientId } : named)

/** How many copies of a text each of some phones gets. */
async function copies(text: string, phones: readonly Phone[]): Promise<number[]> {
  const counts: number[] = []
  for (const phone of phones) {
    await phone.fetchAll()
    counts.push(phone.inbox.filter(it => textOf(it) === text).length)
  }
  return counts
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)

/** Two clients of Juliet, the first of which has the higher priority. */
async function twoClients(stage: Stage): Promise<[Phone, Phone]> {
  await clear(stage, 'juliet')
  const first = await client(stage, 'juliet', { capabilities: { sessionPriority: 9 } })
  return [first, await client(stage, 'juliet', { capabilities: { sessionPriority: 2 } })]
}

/** Plays with a way of handling that is the user's own (CSP 6.9.1), and leaves her the one that she had. */
async function handling(way: 'SERVERLOGIC' | 'FORKALL', stage: Stage, play: () => Promise<void>): Promise<void> {
  const phone = await stage.phone('juliet').online()
  const { onlineEtemHandling: before } = await phone.negotiate({ onlineEtemHandling: 'DETECT' })
  const agreed = await phone.negotiate({ onlineEtemHandling: way })
  await phone.logout()
  if ((agreed.onlineEtemHandling ?? way) !== way) stage.skip(`the server does not offer ${way}`)
  try {
    await play()
  } finally {
    const after = await stage.phone('juliet').online({}, { onlineEtemHandling: before })
    await after.logout()
  }
}

/** A client that is named, has gone, and wanted this to be done with messages for it (CSP 6.9.1). */
const afterLeaving =
  (
    wish: 'PRIORITYSTORE' | 'PRIORITYREJECT' | 'SENDSTORE' | 'SENDREJECT' | 'REJECT',
    others: number[],
    alone: boolean,
  ) =>
  async (stage: Stage) => {
    const { expect, unique, skip, phone } = stage
    await clear(stage, 'juliet')
    const gone = phone('juliet')
    await gone.login()
    const agreed = await gone.negotiate({ offlineEtemHandling: wish })
    if ((agreed.offlineEtemHandling ?? wish) !== wish) skip(`the server does not agree to ${wish}`)
    await gone.logout()
    const romeo = await phone().online()

    const lonely = unique(`Nobody is in, ${wish}`)
    const code = await write(romeo, stage, lonely, gone)
    if (alone) expect(code, 'the answer while nobody is there').is(200)
    else expect(code, 'the answer while nobody is there').isBetween(400, 999)
    await clear(stage, 'juliet')

    const two = await twoClients(stage)
    const text = unique(`Others are in, ${wish}`)
    const answer = await write(romeo, stage, text, gone)
    if (sum(others) > 0) expect(answer, 'the answer while others are there').is(200)
    else expect(answer, 'the answer while others are there').isBetween(400, 999)
    expect(await copies(text, two), 'the copies at the others, that of the highest priority first').is(others)
  }

const since = '1.3'

/** Which of a user's clients a message goes to (CSP 5.5.2, 6.9.1). */
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
    '6.9.1',
    'With SERVERLOGIC one client gets a message to the user',
    stage =>
      handling('SERVERLOGIC', stage, async () => {
        const romeo = await stage.phone().online()
        const two = await twoClients(stage)
        const text = stage.unique('To one of you')
        await sendText(romeo, two[0], text)
        const counts = await copies(text, two)
        stage.expect(sum(counts), 'the number of copies').is(1)
        if (counts[0] === 0) stage.skip('the server goes by something else than SessionPriority')
      }),
    { since },
  ),

  scenario(
    'SERV-S-006',
    '6.9.1',
    'With FORKALL every client gets a message to the user, once',
    stage =>
      handling('FORKALL', stage, async () => {
        const romeo = await stage.phone().online()
        const two = await twoClients(stage)
        const text = stage.unique('To all of you')
        const messageId = await sendText(romeo, two[0], text, { report: true })
        stage.expect(await copies(text, two), 'the number of copies at each').is([1, 1])
        await romeo.receiveReport(messageId)
        await romeo.fetchAll()
        const isAnother = romeo.inbox.some(
          it =>
            it.name === 'DeliveryReportRequest' && it.as('DeliveryReportRequest').messageInfo.messageId === messageId,
        )
        stage.expect(isAnother, 'that a second report comes').is(false)
        const later = await stage.phone('juliet').online()
        stage.expect(await copies(text, [later]), 'the number of copies at a client that came later').is([0])
      }),
    { since },
  ),

  scenario(
    'SERV-S-006',
    '6.9.1',
    'OnlineETEMHandling is the same for all clients of a user',
    stage =>
      handling('FORKALL', stage, async () => {
        const other = stage.phone('juliet')
        await other.login()
        const { onlineEtemHandling } = await other.negotiate({ onlineEtemHandling: 'DETECT' })
        stage.expect(onlineEtemHandling, 'what another client detects').is('FORKALL')
      }),
    { since },
  ),

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

  ...(
    [
      ['PRIORITYSTORE', [1, 0], true, 'goes to the next by priority, or waits'],
      ['PRIORITYREJECT', [1, 0], false, 'goes to the next by priority, or is refused'],
      ['SENDSTORE', [1, 1], true, 'goes to all others, or waits'],
      ['SENDREJECT', [1, 1], false, 'goes to all others, or is refused'],
      ['REJECT', [0, 0], false, 'is refused'],
    ] as const
  ).map(([wish, others, alone, what]) =>
    scenario(
      'SERV-S-006',
      '6.9.1',
      `A message to a client that has gone with ${wish} ${what}`,
      afterLeaving(wish, [...others], alone),
      { since },
    ),
  ),
]
