import type { Scenario } from '../load/bench.ts'
import { Connection } from '../load/connection.ts'
import { languageOf } from '../load/language.ts'
import { Phone, userIdOf } from '../load/phone.ts'
import { type PresenceLanguage, presenceLanguage } from '../load/presence-language.ts'

const watchedByEach = 100

async function inTurns(phones: readonly Phone[], run: (phone: Phone, n: number) => Promise<void>) {
  const atATime = 16
  for (let n = 0; n < phones.length; n += atATime)
    await Promise.all(phones.slice(n, n + atATime).map((phone, k) => run(phone, n + k)))
}

/** Polls and confirms until nothing is left; resolves to how many notifications there were. */
async function fetchAll(phone: Phone, presence: PresenceLanguage): Promise<number> {
  const { connection, sessionId } = phone
  for (let count = 0; ; count++) {
    const transactionId = presence.notificationIn(await connection.ask(phone.poll()))
    if (transactionId === undefined) return count
    await connection.ask(presence.told(sessionId, transactionId))
  }
}

/**
 * What standing subscriptions hold in memory: everybody is logged in and watches a hundred of the others, and has heard of
 * them. Beside the same sessions before they subscribed, both after a garbage collection.
 */
export const subscriptions: Scenario = {
  id: 's2-memory',
  title: 'S2: memory of 100 000 standing subscriptions, 1000 sessions that watch 100 users each',
  async run(bench) {
    const count = bench.scaled(1000)
    await bench.makeAccounts(count)
    const subject = await bench.start()
    const language = languageOf('xml')
    const presence = presenceLanguage('xml')
    // A few connections for all of them: one of its own for each would be idle for too long.
    const lines = Array.from({ length: 16 }, () => new Connection(subject))
    bench.onClose(() => {
      for (const line of lines) line.close()
    })
    const phones = Array.from({ length: count }, (_, n) => new Phone(n, language, lines[n % lines.length]!))
    const capabilities = language.capabilities(1)
    const watched = Math.min(watchedByEach, count - 1)
    const notifications: number[] = []
    await inTurns(phones, async phone => {
      await phone.login(capabilities)
      await phone.connection.ask(presence.services(phone.sessionId))
    })
    const before = { heap: await subject.collect(), resident: subject.residentKib }
    await inTurns(phones, async (phone, n) => {
      const others = Array.from({ length: watched }, (_, k) => userIdOf((n + 1 + k) % count))
      const answer = await phone.connection.ask(presence.subscribeTo(others)(phone.sessionId))
      if (!language.isOk(answer)) throw new Error('A subscription was refused')
    })
    await inTurns(phones, async phone => void notifications.push(await fetchAll(phone, presence)))
    const after = { heap: await subject.collect(), resident: subject.residentKib }
    const mib = (after.heap - before.heap) / 1024
    return [
      { name: 'MiB of live heap', value: mib, aim: { atMost: 60 } },
      { name: 'octets of live heap per subscription', value: (mib * 2 ** 20) / (count * watched) },
      { name: 'MiB resident', value: (after.resident - before.resident) / 1024 },
      { name: 'subscriptions', value: count * watched },
      { name: 'notifications that told of them at once', value: notifications.reduce((sum, one) => sum + one, 0) },
    ]
  },
}
