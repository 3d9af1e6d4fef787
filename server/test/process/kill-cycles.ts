import { join } from 'node:path'
import { Chance } from '../simulation/chance.ts'
import { HttpPhone } from './http-phone.ts'
import { type Comparison, Journal } from './journal.ts'
import { addUsers, freePort, ServerProcess, type ServerSettings } from './server-process.ts'

export interface KillLoopOptions {
  /** An empty folder. */
  readonly folder: string
  /** Undefined for the SQLite file in the data folder. */
  readonly storeUrl: string | undefined
  readonly cycles: number
  readonly seed: number
  readonly say: (line: string) => void
}

export interface KillLoopResult extends Comparison {
  readonly slowestStartMilliseconds: number
}

const names = (what: string, count: number) => Array.from({ length: count }, (_, n) => `wv:${what}${n}@example.com`)
const pause = (milliseconds: number) => new Promise<void>(done => setTimeout(done, milliseconds))

/**
 * Senders keep on sending to recipients of whom some are there and some are not, while the server is killed at random
 * moments. Nobody logs in again until the end, when those who were away fetch what is theirs.
 */
export async function killLoop({ folder, storeUrl, cycles, seed, say }: KillLoopOptions): Promise<KillLoopResult> {
  const chance = new Chance(seed)
  const settings: ServerSettings = {
    data: join(folder, 'data'),
    port: await freePort(),
    settings: {
      'messages.queueLimit': '1000000',
      'poll.holdSeconds': '1',
      ...(storeUrl !== undefined && { 'store.url': storeUrl }),
    },
  }
  const users = { senders: names('sender', 6), present: names('present', 4), absent: names('absent', 4) }
  await addUsers(settings, [...users.senders, ...users.present, ...users.absent])
  const phoneOf = (user: string, index: number) =>
    new HttpPhone(user, settings.port, index % 2 ? '1.3' : '1.2', index % 3 ? 'wbxml' : 'xml')
  const senders = users.senders.map(phoneOf)
  const present = users.present.map(phoneOf)
  const absent = users.absent.map(user => new HttpPhone(user, settings.port, '1.3', 'wbxml'))
  const journal = new Journal(join(folder, 'journal'))
  const recipients = [...users.present, ...users.absent]

  let server = await ServerProcess.start(settings)
  let isOver = false
  let accepted = 0
  let refused = 0
  try {
    for (const phone of [...senders, ...present]) await phone.logIn()
    const sending = senders.map(async (phone, index) => {
      for (let count = 1; !isOver; count++) {
        const recipient = recipients[(count + index) % recipients.length]!
        const text = `${recipient} ${phone.user} ${count}`
        const answer = await phone.send(recipient, text)
        if (answer.name === 'SendMessageResponse') {
          accepted++
          journal.acknowledged({ recipient, text, messageId: answer.body.messageId ?? '' })
        } else refused++
        await pause(2)
      }
    })
    const polling = present.map(async phone => {
      while (!isOver) if (!(await phone.poll())) await pause(20)
    })

    let slowest = 0
    for (let cycle = 1; cycle <= cycles; cycle++) {
      const before = accepted
      const life = chance.between(200, 1500)
      await pause(life)
      await server.end('SIGKILL')
      const begun = performance.now()
      server = await ServerProcess.start(settings)
      const start = Math.round(performance.now() - begun)
      slowest = Math.max(slowest, start)
      say(`cycle ${cycle}: killed after ${life} ms, ${accepted - before} accepted, up again in ${start} ms`)
    }
    await pause(300)
    isOver = true
    await Promise.all([...sending, ...polling])
    await drain(present, absent)

    const phones = [...senders, ...present, ...absent]
    const lostSessions = phones.reduce((sum, phone) => sum + phone.sessionsLost, 0)
    const compared = journal.compare(new Map([...present, ...absent].map(phone => [phone.user, phone.received])))
    const wrong = [...compared.wrong]
    if (lostSessions > 0) wrong.push(`sessions were lost: ${lostSessions} requests answered so`)
    if (refused > 0) wrong.push(`${refused} messages were refused`)
    say(
      `${cycles} kills: ${compared.accepted} accepted, ${compared.lost.length} lost, ${compared.duplicated} duplicated ` +
        `with the same id, ${wrong.length} wrong; slowest restart ${slowest} ms`,
    )
    for (const phone of phones) phone.close()
    return { ...compared, wrong, slowestStartMilliseconds: slowest }
  } finally {
    isOver = true
    await server.end('SIGKILL')
  }
}

/** Everybody fetches what there is: nothing can be open any more that a poll would not bring at once. */
async function drain(present: readonly HttpPhone[], absent: readonly HttpPhone[]) {
  await Promise.all(absent.map(phone => phone.logIn()))
  const deadline = Date.now() + 60_000
  await Promise.all(
    [...present, ...absent].map(async phone => {
      while (Date.now() < deadline && (await phone.poll()));
    }),
  )
}
