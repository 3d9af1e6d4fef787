import { setTimeout as sleep } from 'node:timers/promises'
import { type Bench, loadFigures, type Scenario } from '../load/bench.ts'
import { Connection } from '../load/connection.ts'
import { carry, type Flow, logInRing, Tally } from '../load/flow.ts'
import { Gauge } from '../load/gauge.ts'
import { languageOf } from '../load/language.ts'
import { percentile } from '../load/percentile.ts'
import { Phone } from '../load/phone.ts'
import type { Subject } from '../load/subject.ts'

const language = languageOf('xml')
/** Far more than are checked at a time: some wait for the disk, and there should always be one to check. */
const atOnce = 32
const pauseMilliseconds = 200
/** So many logins, of accounts that keep no hash, and so many messages until the compiler has done its work. */
const untilCompiled = 8000

/**
 * S6 for accounts that keep an argon2id hash: a login in one step, both negotiations, logout; all over TLS, and beside
 * phones that exchange messages. The ceiling is a server that checks passwords and does nothing else, at the same cost
 * and as many at a time. How late the event loop is says whether anybody else feels the checks; it waits for every
 * flush as well, so it is told without the logins, too.
 */
export const hashLogins: Scenario = {
  id: 's6-argon2id',
  title: 'S6: logins in one step against argon2id hashes, TLS, beside phones that exchange messages',
  async run(bench) {
    const gauge = await Gauge.start(bench, 'argon2.ts', atOnce)
    const before = await gauge.read()
    const accounts = bench.scaled(64)
    const others = bench.scaled(20)
    await bench.makeAccounts(2 * accounts + others, accounts)
    const subject = await bench.start('village.ts', true)
    await warmUp(bench, subject, { first: accounts + others, count: accounts })
    const messages = await exchangeMessages(bench, subject, { first: accounts, count: others })
    await subject.loopDelay()
    await sleep(bench.settings.seconds * 1000)
    const lateWithout = await subject.loopDelay()
    const logins = new Logins(subject, { first: 0, count: accounts })
    const measured = await bench.measure(
      subject,
      () => logins.done,
      () => {
        void subject.loopDelay()
        messages.tally.begin()
      },
    )
    const late = await subject.loopDelay()
    await logins.stop()
    await messages.stop()
    // Not before: from then on it looks at the clock all the time.
    await gauge.subject.loopDelay()
    const after = await gauge.read()
    const bare = {
      perSecond: (before.perSecond + after.perSecond) / 2,
      perCpuSecond: (before.perCpuSecond + after.perCpuSecond) / 2,
      late: await gauge.subject.loopDelay(),
    }
    return [
      { name: 'logins as a part of bare checks', value: measured.perSecond / bare.perSecond, aim: { atLeast: 0.8 } },
      { name: 'the same by CPU time', value: measured.perCpuSecond / bare.perCpuSecond },
      { name: 'bare checks per second', value: bare.perSecond },
      { name: 'event loop late, p99 ms', value: late, aim: { atMost: 5 } },
      { name: 'event loop late without logins, p99 ms', value: lateWithout },
      { name: 'event loop late with bare checks, p99 ms', value: bare.late },
      { name: 'login to logout, p50 ms', value: percentile(logins.times, 0.5) },
      ...messages.tally.figures(),
      ...loadFigures(measured),
    ]
  },
}

async function warmUp(bench: Bench, subject: Subject, phones: PhoneRange) {
  const logins = new Logins(subject, phones)
  await bench.warmUp(() => logins.done, untilCompiled)
  await logins.stop()
}

interface PhoneRange {
  readonly first: number
  readonly count: number
}

/** Each phone sends a message, pauses when it was delivered, and goes on so; the first ones follow each other at once. */
async function exchangeMessages(bench: Bench, subject: Subject, phones: PhoneRange) {
  const { flows } = await logInRing(bench, { subject, language, multiTrans: 1, ...phones })
  const tally = new Tally()
  let [isWarm, isOver] = [false, false]
  const run = async (flow: Flow) => {
    while (!isOver) {
      await new Promise<unknown>(resolve => carry(flow, tally, resolve))
      if (isWarm) await sleep(pauseMilliseconds)
    }
  }
  const running = Promise.all(flows.map(run))
  await bench.warmUp(() => tally.delivered, untilCompiled)
  isWarm = true
  const stop = async () => {
    isOver = true
    await running
  }
  return { tally, stop }
}

/** Phones that log in and out, some at a time, each time another. */
class Logins {
  done = 0
  readonly times: number[] = []
  readonly #working: Promise<unknown>
  #isOver = false

  constructor(subject: Subject, { first, count }: PhoneRange) {
    const capabilities = language.capabilities(1)
    const workers = Math.min(atOnce, count)
    // Accounts of its own: a login where another phone of the same client is logged in would end that one's session.
    const work = async (_: unknown, worker: number) => {
      let next = worker
      const connection = new Connection(subject)
      while (!this.#isOver) {
        const begun = performance.now()
        const phone = new Phone(first + next, language, connection)
        next = next + workers < count ? next + workers : worker
        await phone.loginInOneStep(capabilities)
        await phone.logout()
        this.times.push(performance.now() - begun)
        this.done++
      }
      connection.close()
    }
    this.#working = Promise.all(Array.from({ length: workers }, work))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#working
  }
}
