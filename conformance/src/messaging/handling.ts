import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { clear } from './clients.ts'
import { copies, sum, twoClients, write } from './copies.ts'
import { sendText } from './send.ts'

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

/** What users and their clients want done with messages: OnlineETEMHandling, OfflineETEMHandling (CSP 6.9.1). */
export const handlings: readonly Scenario[] = [
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
