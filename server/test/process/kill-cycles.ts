import { join } from 'node:path'
import { Chance } from '../simulation/chance.ts'
import { type Habits, HttpPhone } from './http-phone.ts'
import { type Comparison, Journal } from './journal.ts'
import { PresenceWatch } from './presence-watch.ts'
import { addUsers, freePort, ServerProcess, type ServerSettings } from './server-process.ts'

export interface KillLoopOptions {
  /** An empty folder. */
  readonly folder: string
  /** Undefined for the SQLite file in the data folder. */
  readonly storeUrl: string | undefined
  readonly cycles: number
  /** After so many lives one lasts until messages have expired, and ends while their senders are told; 10 if left out. */
  readonly expiryEvery?: number | undefined
  readonly seed: number
  readonly say: (line: string) => void
}

export interface KillLoopResult extends Comparison {
  readonly slowestStartMilliseconds: number
  /** What became of messages that were announced. */
  readonly done: HttpPhone['done']
  /** Delivery reports by their status codes. */
  readonly reports: Readonly<Record<number, number>>
}

const names = (what: string, count: number) => Array.from({ length: count }, (_, n) => `wv:${what}${n}@example.com`)
const pause = (milliseconds: number) => new Promise<void>(done => setTimeout(done, milliseconds))

/** Who a message is sent to, who is to have it in the end, and what its sender has to be told. */
interface Errand {
  readonly to: string
  readonly recipient: string
  readonly report: number
  readonly validity?: number | undefined
}

/** So many messages there are in the end, however slow the machine is. */
const least = 150

/** A server that lives so long has found what has expired. */
const longestMilliseconds = 10_000

/**
 * Senders keep on sending while the server is killed at random moments: to recipients who are there, and are pushed
 * their messages or fetch them; to those who are not there, and log in at the end; to one who hands on all that it is
 * told of; to one who rejects it; to one who does not come in time, so that messages expire. They ask for reports on half
 * of it. One of them changes the presence of its user all the while, and others watch.
 */
export async function killLoop({
  folder,
  storeUrl,
  cycles,
  expiryEvery = 10,
  seed,
  say,
}: KillLoopOptions): Promise<KillLoopResult> {
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
  const users = { senders: names('sender', 6), present: names('present', 4), absent: names('absent', 3) }
  const [notified, forwarders, rejecters, [late]] = [
    names('notified', 2),
    names('forwarder', 2),
    names('rejecter', 1),
    names('late', 1),
  ]
  const everybody = [users.senders, users.present, users.absent, notified, forwarders, rejecters, late!].flat()
  await addUsers(settings, everybody)
  const phoneOf = (habits: Habits) => (user: string, index: number) =>
    new HttpPhone(user, settings.port, index % 2 ? '1.3' : '1.2', index % 3 ? 'wbxml' : 'xml', habits)
  const senders = users.senders.map(phoneOf({}))
  const present = [...users.present.map(phoneOf({})), ...notified.map(phoneOf({ isNotified: true }))]
  const absent = users.absent.map(phoneOf({}))
  const heirs = [users.present[0]!, users.absent[0]!]
  const handing = forwarders.map((user, index) => phoneOf({ isNotified: true, forwardsTo: heirs[index]! })(user, index))
  const rejecting = rejecters.map(phoneOf({ isNotified: true, isRejecting: true }))
  const journal = new Journal(join(folder, 'journal'))
  const errands: Errand[] = [
    ...[...users.present, ...notified, ...users.absent].map(user => ({ to: user, recipient: user, report: 200 })),
    ...forwarders.map((user, index) => ({ to: user, recipient: heirs[index]!, report: 541 })),
    ...rejecters.map(user => ({ to: user, recipient: user, report: 538 })),
    { to: late!, recipient: late!, report: 542, validity: 1 },
  ]

  let server = await ServerProcess.start(settings)
  let isOver = false
  let accepted = 0
  let refused = 0
  try {
    for (const phone of [...senders, ...present, ...handing, ...rejecting]) await phone.logIn()
    const presence = new PresenceWatch(senders[0]!, [...present, ...handing])
    await presence.begin()
    let isChanging = true
    const changing = (async () => {
      for (; isChanging; await pause(10)) await presence.publish()
    })()
    const sending = senders.map(async (phone, index) => {
      for (let count = 1; !isOver; count++) {
        const { to, recipient, report, validity } = errands[(count + index) % errands.length]!
        const isAsked = count % 2 === 0
        // Handed on they are in an order of their own.
        const text = `${recipient} ${phone.user}${to === recipient ? '' : `>${to}`} ${count}`
        const answer = await phone.send(to, text, { report: isAsked, validity })
        if (answer.name === 'SendMessageResponse') {
          accepted++
          const messageId = answer.body.messageId ?? ''
          const [isForwarded, expected] = [to !== recipient, isAsked ? report : undefined]
          journal.acknowledged({ recipient, text, messageId, isForwarded, report: expected })
        } else refused++
        await pause(2)
      }
    })
    const polling = [...senders, ...present, ...handing, ...rejecting].map(async phone => {
      while (!isOver) if (!(await phone.poll())) await pause(20)
    })

    const told = () => senders.flatMap(({ reports }) => reports)
    const expiries = () => told().filter(({ code }) => code === 542).length
    let slowest = 0
    for (let cycle = 1; cycle <= cycles; cycle++) {
      const before = accepted
      const born = performance.now()
      await pause(chance.between(200, 1500))
      if (cycle % expiryEvery === 0) {
        const known = expiries()
        while (expiries() === known && performance.now() - born < longestMilliseconds) await pause(1)
      }
      if (cycle === cycles) {
        isChanging = false
        await changing
      }
      await server.end('SIGKILL')
      presence.onKill()
      const life = Math.round(performance.now() - born)
      const begun = performance.now()
      server = await ServerProcess.start(settings)
      presence.onRestart()
      const start = Math.round(performance.now() - begun)
      slowest = Math.max(slowest, start)
      say(`cycle ${cycle}: killed after ${life} ms, ${accepted - before} accepted, up again in ${start} ms`)
    }
    do await pause(300)
    while (accepted < least)
    isOver = true
    await Promise.all([...sending, ...polling])
    await Promise.all(absent.map(phone => phone.logIn()))
    // Whoever hands on first: what it has is for the others.
    for (const some of [
      [...handing, ...rejecting],
      [...present, ...absent],
    ])
      await drain(some)
    await drain(senders, () => journal.unreported(told()).length === 0)
    const tardy = phoneOf({})(late!, 0)
    await pause(1000)
    await tardy.logIn()
    await drain([tardy])

    const phones = [...senders, ...present, ...absent, ...handing, ...rejecting, tardy]
    const lostSessions = phones.reduce((sum, phone) => sum + phone.sessionsLost, 0)
    const all = [...present, ...absent, ...handing]
    const compared = journal.compare(new Map(all.map(phone => [phone.user, phone.received])))
    const wrong = [...compared.wrong, ...journal.compareReports(told()), ...phones.flatMap(({ again }) => again)]
    wrong.push(...presence.wrong(), ...tardy.received.map(({ text }) => `${text} came after its time`))
    if (lostSessions > 0) wrong.push(`sessions were lost: ${lostSessions} requests answered so`)
    if (refused > 0) wrong.push(`${refused} messages were refused`)
    const count = (what: keyof HttpPhone['done']) => phones.reduce((sum, phone) => sum + phone.done[what], 0)
    const done = { fetched: count('fetched'), forwarded: count('forwarded'), rejected: count('rejected') }
    const reports: Record<number, number> = {}
    for (const { code } of told()) reports[code] = (reports[code] ?? 0) + 1
    say(
      `${cycles} kills: ${compared.accepted} accepted, ${compared.lost.length} lost, ${compared.duplicated} duplicated ` +
        `with the same id, of those announced ${JSON.stringify(done)}, reports ${JSON.stringify(reports)}, ` +
        `${wrong.length} wrong; ` +
        `slowest restart ${slowest} ms`,
    )
    for (const phone of phones) phone.close()
    return { ...compared, wrong, slowestStartMilliseconds: slowest, done, reports }
  } finally {
    isOver = true
    await server.end('SIGKILL')
  }
}

const patienceMilliseconds = 60_000

/** They fetch what there is, until a poll brings nothing and there is nothing more to wait for. */
async function drain(phones: readonly HttpPhone[], isEnough = () => true) {
  const deadline = Date.now() + patienceMilliseconds
  await Promise.all(
    phones.map(async phone => {
      while (Date.now() < deadline && ((await phone.poll()) || !isEnough()));
    }),
  )
}
