import type { Syntax } from '@village/protocol'
import { type Bench, loadFigures, type Scenario } from '../load/bench.ts'
import { languageOf } from '../load/language.ts'
import { percentile } from '../load/percentile.ts'
import type { Phone } from '../load/phone.ts'
import { logInAll } from '../load/phones.ts'
import { type PresenceLanguage, presenceLanguage, statusText } from '../load/presence-language.ts'
import type { Subject } from '../load/subject.ts'

/**
 * How watchers ask: with one transaction at a time they poll when there is something, as if they were woken; with four
 * their polls are held. A poll can come together with the Status of the notification before.
 */
type Asking = 'woken' | 'held' | 'joined'

const askings = {
  woken: { id: '', title: 'MultiTrans 1', multiTrans: 1, version: '1.2' },
  held: { id: '-held', title: 'MultiTrans 4 with held polls', multiTrans: 4, version: '1.2' },
  joined: { id: '-joined', title: 'held polls that come with the Status before', multiTrans: 4, version: '1.3' },
} as const

/** One user publishes, and all others watch: the next change when the last of them has the one before. */
class FanOut {
  readonly #publisher: Phone
  readonly #watchers: readonly Phone[]
  readonly #presence: PresenceLanguage
  readonly #asking: Asking
  #change = 0
  #begunAt = 0
  #missing = 0
  notifications = 0
  exchanges = 0
  /** Milliseconds from a change to its last watcher. */
  lasts: number[] = []

  constructor([publisher, ...watchers]: readonly Phone[], presence: PresenceLanguage, asking: Asking) {
    this.#publisher = publisher!
    this.#watchers = watchers
    this.#presence = presence
    this.#asking = asking
  }

  /** The text that is there when they subscribe is told at once. */
  async begin(): Promise<void> {
    const { services, show, subscribe } = this.#presence
    const said = async ({ connection, language }: Phone, request: string) => {
      if (!language.isOk(await connection.ask(request))) throw new Error('A request about presence was refused')
    }
    await Promise.all(
      [this.#publisher, ...this.#watchers].map(({ connection, sessionId }) => connection.ask(services(sessionId))),
    )
    await said(this.#publisher, show(this.#publisher.sessionId))
    await said(this.#publisher, this.#next())
    for (const watcher of this.#watchers) await said(watcher, subscribe(watcher.sessionId, this.#publisher.userId))
    this.#missing = this.#watchers.length
    for (const watcher of this.#watchers) this.#post(watcher, watcher.poll())
  }

  #next(): string {
    const n = ++this.#change
    return this.#presence.publish(this.#publisher.sessionId, String((n % 999) + 1), statusText(n))
  }

  #publish() {
    this.#missing = this.#watchers.length
    this.#begunAt = performance.now()
    this.#publisher.connection.post(this.#next(), answer => {
      if (!this.#publisher.language.isOk(answer)) throw new Error('A change was refused')
      // Who is not waiting already is woken, and polls.
      if (this.#asking === 'woken') for (const watcher of this.#watchers) this.#post(watcher, watcher.poll())
    })
  }

  #post(watcher: Phone, request: string) {
    this.exchanges++
    watcher.connection.post(request, answer => {
      const notified = this.#presence.notifiedIn(answer)
      if (notified !== undefined) {
        const { told, toldAndPolling } = this.#presence
        const answering = this.#asking === 'joined' ? toldAndPolling : told
        this.#post(watcher, answering(watcher.sessionId, notified.transactionId))
        this.#arrived(notified.text)
      } else if (this.#asking !== 'woken') this.#post(watcher, watcher.poll())
    })
  }

  #arrived(text: string) {
    if (text !== statusText(this.#change)) throw new Error(`Another change was due than: ${text}`)
    this.notifications++
    this.#missing--
    if (this.#missing > 0) return
    this.lasts.push(performance.now() - this.#begunAt)
    this.#publish()
  }
}

async function logIn(bench: Bench, count: number, syntax: Syntax, asking: Asking): Promise<[Subject, Phone[]]> {
  const { multiTrans, version } = askings[asking]
  await bench.makeAccounts(count + 1)
  const subject = await bench.start()
  const phones = await logInAll({ subject, language: languageOf(syntax, version), count: count + 1, multiTrans })
  bench.onClose(() => {
    for (const { connection } of phones) connection.close()
  })
  return [subject, phones]
}

/** @param lastMilliseconds what the last watcher may have to wait */
export const fanOut = (watchers: number, syntax: Syntax, asking: Asking, lastMilliseconds: number): Scenario => ({
  id: `s2-${watchers}-${syntax}${askings[asking].id}`,
  title: `S2: presence to ${watchers} watchers, ${askings[asking].title}, ${syntax.toUpperCase()}`,
  async run(bench) {
    const [subject, phones] = await logIn(bench, bench.scaled(watchers), syntax, asking)
    const fan = new FanOut(phones, presenceLanguage(syntax, askings[asking].version), asking)
    await fan.begin()
    let base = { exchanges: 0, notifications: 0 }
    const measured = await bench.measure(
      subject,
      () => fan.notifications,
      () => {
        fan.lasts = []
        base = { exchanges: fan.exchanges, notifications: fan.notifications }
      },
    )
    const exchanges = (fan.exchanges - base.exchanges) / (fan.notifications - base.notifications)
    return [
      { name: 'notifications per CPU second', value: measured.perCpuSecond, isRate: true, aim: { atLeast: 0.18 } },
      { name: 'last watcher has it, p50 ms', value: percentile(fan.lasts, 0.5), aim: { atMost: lastMilliseconds } },
      { name: 'last watcher has it, p99 ms', value: percentile(fan.lasts, 0.99) },
      { name: 'exchanges per notification', value: exchanges },
      ...loadFigures(measured),
    ]
  },
})
