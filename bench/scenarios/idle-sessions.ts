import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../load/bench.ts'
import { Connection } from '../load/connection.ts'
import { languageOf } from '../load/language.ts'
import { Phone } from '../load/phone.ts'
import { logInAll } from '../load/phones.ts'

/**
 * S4: what a session costs that does nothing. The base is the same server after 200 logins and logouts, so that code
 * and caches are warm. Both are taken as they stand some seconds after the last login, and again after a garbage
 * collection on request: the first is what an operator sees, the second what the sessions hold.
 */
export const idleSessions = (count: number, isHeld: boolean): Scenario => ({
  id: `s4-${count}${isHeld ? '-held' : ''}`,
  title: `S4: ${count} idle sessions, ${isHeld ? 'each with a held poll' : 'between polls, no connection'}`,
  async run(bench) {
    const sessions = bench.scaled(count)
    const warmUp = bench.scaled(200)
    await bench.makeAccounts(sessions + warmUp)
    const subject = await bench.start()
    const language = languageOf('xml')
    const multiTrans = isHeld ? 4 : 1
    const settle = () => sleep((1000 * bench.settings.seconds * 6) / 4)
    const look = async () => {
      await settle()
      const seen = subject.residentKib
      const heap = await subject.collect()
      return { seen, heap, collected: subject.residentKib }
    }

    for (const phone of await logInAll({ subject, language, count: warmUp, multiTrans, first: sessions })) {
      await phone.logout()
      phone.connection.close()
    }
    const base = await look()
    const capabilities = language.capabilities(multiTrans)
    const lines = Array.from({ length: 16 }, () => new Connection(subject.port))
    const phones = Array.from({ length: sessions }, (_, n) => new Phone(n, language, lines[n % lines.length]!))
    for (let n = 0; n < sessions; n += lines.length)
      await Promise.all(phones.slice(n, n + lines.length).map(phone => phone.login(capabilities)))
    for (const line of lines) line.close()
    if (isHeld)
      for (const phone of phones) {
        phone.connection = new Connection(subject.port, () => {})
        bench.onClose(() => phone.connection.close())
        phone.connection.post(phone.poll(), () => {})
      }
    const full = await look()
    return [
      {
        name: 'KiB per session, resident',
        value: (full.seen - base.seen) / sessions,
        aim: { atMost: isHeld ? 32 : 6 },
      },
      { name: 'KiB per session, resident after collection', value: (full.collected - base.collected) / sessions },
      { name: 'KiB per session, heap after collection', value: (full.heap - base.heap) / sessions },
      { name: 'MiB resident before', value: base.seen / 1024, aim: { atMost: 90 } },
      { name: 'MiB resident with all', value: full.seen / 1024 },
    ]
  },
})
