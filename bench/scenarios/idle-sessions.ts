import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../load/bench.ts'
import { Connection } from '../load/connection.ts'
import { languageOf } from '../load/language.ts'
import { Phone } from '../load/phone.ts'

/**
 * S4: what a session costs that does nothing, some seconds after the last login. Told in three ways: above the server
 * as it was started, which is what an operator sees and has in it what any load leaves behind (code, young generation,
 * caches); above the same server after as many logins and logouts, which is what the sessions add; and as live heap
 * after a garbage collection, which is what they hold.
 */
export const idleSessions = (count: number, isHeld: boolean): Scenario => ({
  id: `s4-${count}${isHeld ? '-held' : ''}`,
  title: `S4: ${count} idle sessions, ${isHeld ? 'each with a held poll' : 'between polls, no connection'}`,
  async run(bench) {
    const sessions = bench.scaled(count)
    await bench.makeAccounts(sessions)
    const subject = await bench.start()
    const language = languageOf('xml')
    const multiTrans = isHeld ? 4 : 1
    const look = async () => {
      await sleep(1500 * bench.settings.seconds)
      const resident = subject.residentKib
      return { resident, heap: await subject.collect() }
    }
    const capabilities = language.capabilities(multiTrans)
    const lines = Array.from({ length: 16 }, () => new Connection(subject.port))
    const phones = Array.from({ length: sessions }, (_, n) => new Phone(n, language, lines[n % lines.length]!))
    const inTurns = async (run: (phone: Phone) => Promise<void>) => {
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
    if (isHeld)
      for (const phone of phones) {
        phone.connection = new Connection(subject.port, () => {})
        bench.onClose(() => phone.connection.close())
        phone.connection.post(phone.poll(), () => {})
      }
    const full = await look()
    const perSession = (kib: number) => kib / sessions
    const aim = { atMost: isHeld ? 32 : 6 }
    return [
      {
        name: 'KiB per session, above the started server',
        value: perSession(full.resident - started.resident),
        aim,
      },
      { name: 'KiB per session, above the warm server', value: perSession(full.resident - warm.resident), aim },
      { name: 'KiB per session, live heap', value: perSession(full.heap - warm.heap) },
      { name: 'MiB resident when started', value: started.resident / 1024, aim: { atMost: 90 } },
      { name: 'MiB resident with all', value: full.resident / 1024 },
    ]
  },
})
