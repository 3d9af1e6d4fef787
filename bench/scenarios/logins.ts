import type { Syntax } from '@village/protocol'
import { loadFigures, type Scenario } from '../load/bench.ts'
import { Connection } from '../load/connection.ts'
import { languageOf } from '../load/language.ts'
import { percentile } from '../load/percentile.ts'
import { Phone } from '../load/phone.ts'

/** A login goes through most of the server: so many are needed until the compiler has done its work. */
const untilCompiled = 8000

/** S6: connect, 4-way login, both negotiations, logout, close: five exchanges; so many phones at a time. */
export const logins = (syntax: Syntax, atOnce: number): Scenario => ({
  id: `s6-${syntax}-${atOnce}`,
  title: `S6: logins, 4-way digest, both negotiations, logout, ${atOnce} at a time, ${syntax.toUpperCase()}`,
  async run(bench) {
    const accounts = bench.scaled(400)
    await bench.makeAccounts(accounts)
    const subject = await bench.start()
    const language = languageOf(syntax)
    const capabilities = language.capabilities(1)
    const workers = Math.min(atOnce, accounts)
    let done = 0
    let isOver = false
    let times: number[] = []
    // Accounts of its own: a login where another phone of the same client is logged in would end that one's session.
    const work = async (_: unknown, worker: number) => {
      for (let next = worker; !isOver; next = next + workers < accounts ? next + workers : worker) {
        const begun = performance.now()
        const phone = new Phone(next, language, new Connection(subject))
        await phone.login(capabilities)
        await phone.logout()
        phone.connection.close()
        times.push(performance.now() - begun)
        done++
      }
    }
    const working = Array.from({ length: workers }, work)
    await bench.warmUp(() => done, untilCompiled)
    const measured = await bench.measure(
      subject,
      () => done,
      () => {
        times = []
      },
    )
    isOver = true
    await Promise.all(working)
    return [
      { name: 'logins per CPU second', value: measured.perCpuSecond, isRate: true, aim: { atLeast: 0.03 } },
      { name: 'p50 ms', value: percentile(times, 0.5) },
      { name: 'p99 ms', value: percentile(times, 0.99) },
      ...loadFigures(measured),
    ]
  },
})
