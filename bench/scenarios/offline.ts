import { setTimeout as sleep } from 'node:timers/promises'
import { loadFigures, type Scenario } from '../load/bench.ts'
import { killAndCount, OfflineLoad } from '../load/offline.ts'

/** S5: 50 senders, one message in flight each, 400 recipients who are not there; killed in mid-load at the end. */
export const offline: Scenario = {
  id: 's5',
  title: 'S5: offline messages, 50 senders, 400 recipients, then SIGKILL',
  async run(bench) {
    const recipients = bench.scaled(400)
    const senders = bench.scaled(50)
    await bench.makeAccounts(recipients + senders)
    const subject = await bench.start()
    const load = new OfflineLoad(recipients)
    await load.start(subject, senders)
    const measured = await bench.measure(subject, () => load.accepted.size)
    const { lost, duplicated, repeated, accepted } = await killAndCount(bench, subject, load, recipients)
    return [
      { name: 'accepted per CPU second', value: measured.perCpuSecond, isRate: true, aim: { atLeast: 0.09 } },
      { name: 'accepted in all', value: accepted },
      { name: 'unanswered at the kill and repeated', value: repeated },
      { name: 'lost', value: lost, aim: { atMost: 0 } },
      { name: 'delivered twice', value: duplicated, aim: { atMost: 0 } },
      ...loadFigures(measured),
    ]
  },
}

/** Messages for 9 950 of 10 000 users, so that nobody's lists are found in memory again before all have been asked for. */
export const offlineToMany = (hasLists: boolean): Scenario => ({
  id: hasLists ? 's5-many-lists' : 's5-many',
  title: `S5: offline messages, 50 senders, 9 950 recipients${hasLists ? ' with block lists' : ''}`,
  async run(bench) {
    const recipients = bench.scaled(9950)
    const senders = bench.scaled(50)
    await bench.makeAccounts(recipients + senders)
    if (hasLists) await bench.makeLists(recipients)
    const subject = await bench.start()
    const load = new OfflineLoad(recipients)
    await load.start(subject, senders)
    const measured = await bench.measure(subject, () => load.accepted.size)
    return [
      { name: 'accepted per CPU second', value: measured.perCpuSecond, isRate: true, aim: { atLeast: 0.09 } },
      ...loadFigures(measured),
    ]
  },
})

/** The same kill many times, at moments that differ: each time on a fresh folder. */
export const kills: Scenario = {
  id: 's5-kills',
  title: 'S5: SIGKILL in mid-load, again and again',
  once: true,
  async run(bench) {
    const count = Math.max(1, Math.round(bench.settings.kills / bench.settings.scale))
    const total = { accepted: 0, repeated: 0, lost: 0, duplicated: 0 }
    const recipients = bench.scaled(400)
    const senders = bench.scaled(50)
    for (let n = 0; n < count; n++) {
      const own = bench.another()
      await own.makeAccounts(recipients + senders)
      const subject = await own.start()
      const load = new OfflineLoad(recipients)
      await load.start(subject, senders)
      await sleep(150 + 67 * n)
      const { accepted, repeated, lost, duplicated } = await killAndCount(own, subject, load, recipients)
      total.accepted += accepted
      total.repeated += repeated
      total.lost += lost
      total.duplicated += duplicated
      await own.close()
    }
    return [
      { name: 'kills', value: count },
      { name: 'accepted in all', value: total.accepted },
      { name: 'unanswered at a kill and repeated', value: total.repeated },
      { name: 'lost', value: total.lost, aim: { atMost: 0 } },
      { name: 'delivered twice', value: total.duplicated, aim: { atMost: 0 } },
    ]
  },
}
