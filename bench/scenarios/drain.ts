import type { Syntax } from '@village/protocol'
import { bareRequest } from '../load/bare.ts'
import type { Bench, Scenario } from '../load/bench.ts'
import { Connection } from '../load/connection.ts'
import { languageOf } from '../load/language.ts'
import { compare, note, OfflineLoad } from '../load/offline.ts'
import { Phone } from '../load/phone.ts'

/** 50 000 stored messages for 500 phones, which log in all at once and fetch: from the first login to the last confirmation. */
export const drain = (syntax: Syntax, multiTrans: number): Scenario => ({
  id: `drain-${syntax}-${multiTrans}`,
  title: `Drain: 50 000 stored messages to 500 phones, logins included, ${multiTrans} at a time, 1.3 ${syntax.toUpperCase()}`,
  async run(bench) {
    const phones = bench.scaled(500)
    const senders = bench.scaled(50)
    const each = bench.scaled(100)
    await bench.makeAccounts(phones + senders)
    const subject = await bench.start()
    const load = new OfflineLoad(phones, phones * each)
    await load.start(subject, senders)
    await load.finish()

    // Only 1.3 knows MultiTransPerMessage, by which several ride one answer.
    const language = languageOf(syntax, '1.3')
    const capabilities = language.capabilities(multiTrans)
    const seen = new Map<string, number>()
    const one = async (n: number) => {
      const phone = new Phone(n, language, new Connection(subject))
      let left = each
      await phone.login(capabilities)
      await phone.fetch(
        message => {
          note(message, seen)
          left--
        },
        () => left === 0,
      )
      phone.connection.close()
      return phone.connection.exchanges
    }
    const cpuBefore = subject.cpuSeconds
    const { seconds, results } = await timed(phones, one)
    const cpuSeconds = subject.cpuSeconds - cpuBefore
    const exchanges = results.reduce((sum, count) => sum + count, 0)
    const ceiling = await bareSeconds(bench, phones, exchanges / phones)
    const { lost, duplicated } = compare(load.accepted, seen)
    return [
      { name: 'messages per CPU second', value: seen.size / cpuSeconds, isRate: true },
      { name: 'seconds', value: seconds, aim: { atMost: 30 } },
      { name: 'seconds of CPU', value: cpuSeconds },
      { name: 'seconds of a bare server for as many exchanges', value: ceiling.seconds },
      { name: 'its seconds of CPU', value: ceiling.cpuSeconds },
      { name: 'exchanges per message, logins included', value: exchanges / seen.size },
      { name: 'messages', value: seen.size },
      { name: 'lost', value: lost, aim: { atMost: 0 } },
      { name: 'delivered twice', value: duplicated, aim: { atMost: 0 } },
    ]
  },
})

/** All at once; until the last one is done. */
async function timed<T>(count: number, run: (n: number) => Promise<T>) {
  const begun = performance.now()
  const results = await Promise.all(Array.from({ length: count }, (_, n) => run(n)))
  return { seconds: (performance.now() - begun) / 1000, results }
}

async function bareSeconds(bench: Bench, connections: number, exchangesEach: number) {
  const subject = await bench.start('ceiling.ts')
  const cpuBefore = subject.cpuSeconds
  const { seconds } = await timed(connections, async () => {
    const connection = new Connection(subject)
    for (let n = 0; n < exchangesEach; n++) await connection.ask(bareRequest)
    connection.close()
  })
  return { seconds, cpuSeconds: subject.cpuSeconds - cpuBefore }
}
