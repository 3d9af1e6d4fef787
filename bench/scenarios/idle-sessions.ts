import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Figure, Scenario } from '../load/bench.ts'
import { listenBy } from '../load/channel.ts'
import { Connection } from '../load/connection.ts'
import { languageOf, type WakeMethod } from '../load/language.ts'
import { Phone } from '../load/phone.ts'
import type { Subject } from '../load/subject.ts'

/** What a session keeps open while it does nothing. */
type Open = 'nothing' | 'held poll' | 'STCP channel'

interface Kind {
  readonly id: string
  readonly title: string
  readonly multiTrans: number
  readonly wakeMethods: readonly WakeMethod[]
  /** KiB per session. */
  readonly aim: number
  open(phone: Phone, subject: Subject, bench: Bench): Promise<void> | void
}

const kinds: Readonly<Record<Open, Kind>> = {
  nothing: { id: '', title: 'between polls, no connection', multiTrans: 1, wakeMethods: [], aim: 6, open: () => {} },
  'held poll': {
    id: '-held',
    title: 'each with a held poll',
    multiTrans: 4,
    wakeMethods: [],
    aim: 32,
    open(phone, subject, bench) {
      phone.connection = new Connection(subject, () => {})
      bench.onClose(() => phone.connection.close())
      phone.connection.post(phone.poll(), () => {})
    },
  },
  'STCP channel': {
    id: '-stcp',
    title: 'each with an STCP channel',
    multiTrans: 1,
    wakeMethods: ['STCP'],
    aim: 29, // 300 MB for 10 000
    async open(phone, subject, bench) {
      bench.onClose(await listenBy.STCP(phone, subject, async () => {}))
    },
  },
}

/**
 * S4: what a session costs that does nothing, some seconds after the last login. Told in three ways: above the server
 * as it was started, which is what an operator sees and has in it what any load leaves behind (code, young generation,
 * caches); above the same server after as many logins and logouts, which is what the sessions add; and as live heap
 * after a garbage collection, which is what they hold.
 */
export const idleSessions = (count: number, what: Open): Scenario => ({
  id: `s4-${count}${kinds[what].id}`,
  title: `S4: ${count} idle sessions, ${kinds[what].title}`,
  once: what === 'STCP channel' || undefined,
  async run(bench) {
    const { multiTrans, wakeMethods, aim, open } = kinds[what]
    const sessions = bench.scaled(count)
    checkOpenFiles(sessions)
    await bench.makeAccounts(sessions)
    const subject = await bench.start()
    const language = languageOf('xml')
    const look = async () => {
      await sleep(1500 * bench.settings.seconds)
      const resident = subject.residentKib
      const heap = await subject.collect()
      await sleep(300 * bench.settings.seconds)
      return { resident, heap, settled: subject.residentKib }
    }
    const capabilities = language.capabilities(multiTrans, wakeMethods)
    const lines = Array.from({ length: 16 }, () => new Connection(subject))
    const phones = Array.from({ length: sessions }, (_, n) => new Phone(n, language, lines[n % lines.length]!))
    const inTurns = async (run: (phone: Phone) => Promise<void> | void) => {
      for (let n = 0; n < sessions; n += lines.length) await Promise.all(phones.slice(n, n + lines.length).map(run))
    }

    const started = await look()
    await inTurns(async phone => {
      await phone.login(capabilities)
      await phone.logout()
    })
    const warm = await look()
    await inTurns(phone => phone.login(capabilities))
    for (const line of lines) line.close()
    await inTurns(phone => open(phone, subject, bench))
    const full = await look()
    const perSession = (name: string, kib: number): Figure => ({
      name: `KiB per session, ${name}`,
      value: kib / sessions,
    })
    return [
      { ...perSession('above the started server', full.resident - started.resident), aim: { atMost: aim } },
      { ...perSession('above the warm server', full.resident - warm.resident), aim: { atMost: aim } },
      {
        ...perSession('above the started server, both after a collection', full.settled - started.settled),
        aim: { atMost: aim },
      },
      perSession('live heap', full.heap - warm.heap),
      { name: 'MiB resident when started', value: started.resident / 1024, aim: { atMost: 90 } },
      { name: 'MiB resident with all', value: full.resident / 1024 },
    ]
  },
})

/** Both sides need a file for each connection; Node.js has raised its limit as far as it may. */
function checkOpenFiles(connections: number) {
  const most = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))![1])
  const needed = connections + 200
  if (most < needed) throw new Error(`Only ${most} files can be open: allow more with "ulimit -Hn ${needed}"`)
}
