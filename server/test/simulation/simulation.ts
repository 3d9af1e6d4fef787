import type { Syntax, Version } from '@village/protocol'
import { Chance } from './chance.ts'
import { Disk } from './disk.ts'
import { Ledger } from './ledger.ts'
import type { PhoneModel } from './model.ts'
import { calm, Network, type Weather } from './network.ts'
import { Phone } from './phone.ts'
import { credential, SimulatedServer, type Tamper } from './server.ts'
import { SimulatedWorld } from './world.ts'

export interface SimulationOptions {
  readonly seed: number
  /** How many things are done before the faults stop and everybody fetches what is theirs. */
  readonly steps: number
  /** Breaks the store on purpose. */
  readonly tamper?: Tamper | undefined
}

export interface SimulationResult {
  /** The first promise that was broken, or undefined where all were kept. */
  readonly broken: string | undefined
  /** What happened last, a line an event. */
  readonly history: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

const versions: readonly Version[] = ['1.1', '1.2', '1.3']
const syntaxes: readonly Syntax[] = ['xml', 'wbxml']

/** One run. The same seed and steps give the same run, down to the last octet. */
export async function simulate({ seed, steps, tamper }: SimulationOptions): Promise<SimulationResult> {
  const chance = new Chance(seed)
  const world = new SimulatedWorld(new Chance(seed + 1_000_003))
  const ledger = new Ledger(world)
  const disk = await Disk.open(world, chance)
  const settings = {
    'messages.queueLimit': String(chance.pick([6, 1000])),
    'login.attemptsPerMinute.account': '1000',
    'login.attemptsPerMinute.source': '1000',
  }
  const server = new SimulatedServer({ world, disk, ledger, settings, tamper })
  const network = new Network(world, chance, server, ledger)
  const phones = models(chance).map(
    model => new Phone({ model, world, chance, link: network.link(model.name), ledger }),
  )
  for (const { model } of phones) {
    const isAlone = phones.filter(phone => phone.model.user === model.user).length === 1
    ledger.enter({ name: model.name, user: model.user, isStrict: isAlone && model.multiTrans === 1 })
  }
  for (const user of new Set(phones.map(({ model }) => model.user)))
    await disk.store.commit(disk.store.accounts.add({ userId: user, address: user, createdAt: 0, credential }))

  const run = new Run(chance, world, ledger, disk, server, network, phones)
  await run.disturb(steps)
  await run.rest()
  await disk.store.close()
  return { broken: ledger.broken, history: ledger.history, counts: ledger.counts }
}

/** Four users; the last of them has two clients. */
const models = (chance: Chance): PhoneModel[] =>
  ['alice', 'bob', 'carol', 'dave', 'dave'].map((user, index) => ({
    name: `${user}${index === 4 ? '2' : ''}`,
    user: `wv:${user}@example.com`,
    version: chance.pick(versions),
    syntax: chance.pick(syntaxes),
    multiTrans: chance.pick([1, 4]),
    lastId: chance.pick([6, 999]),
    timeToLive: chance.pick([60, 300, 900]),
    usesDigest: chance.happens(0.5),
  }))

const weathers: readonly Weather[] = [
  calm,
  { requestLost: 0.03, answerLost: 0.05, repeated: 0.04, slow: 0.05 },
  { requestLost: 0.1, answerLost: 0.2, repeated: 0.1, slow: 0.2 },
]

const pauses = { none: 30, short: 50, long: 15, veryLong: 1.5, storm: 0.3 }
const pauseMilliseconds = {
  none: [0, 5],
  short: [5, 400],
  long: [400, 4000],
  veryLong: [20_000, 70_000],
  storm: [130_000, 900_000],
} as const
const doings = {
  send: 34,
  poll: 34,
  repeat: 4,
  keepAlive: 1,
  logOut: 0.7,
  forget: 0.7,
  goAway: 1.5,
  crash: 1.2,
  weather: 1,
  disk: 0.5,
}

class Run {
  readonly #chance: Chance
  readonly #world: SimulatedWorld
  readonly #ledger: Ledger
  readonly #disk: Disk
  readonly #server: SimulatedServer
  readonly #network: Network
  readonly #phones: readonly Phone[]
  #texts = 0

  constructor(
    chance: Chance,
    world: SimulatedWorld,
    ledger: Ledger,
    disk: Disk,
    server: SimulatedServer,
    network: Network,
    phones: readonly Phone[],
  ) {
    this.#chance = chance
    this.#world = world
    this.#ledger = ledger
    this.#disk = disk
    this.#server = server
    this.#network = network
    this.#phones = phones
  }

  async disturb(steps: number) {
    this.#disk.onFault = () => this.#ledger.diskFailed()
    this.#startServer()
    for (let step = 0; step < steps && this.#ledger.broken === undefined; step++) {
      const [least, most] = pauseMilliseconds[this.#chance.weighted(pauses)]
      await this.#world.pass(this.#chance.between(least, most))
      this.#do(this.#chance.weighted(doings))
    }
  }

  /** The faults are over: everybody comes back and asks until there is nothing more. */
  async rest() {
    this.#ledger.note('the faults are over')
    this.#network.weather = calm
    this.#disk.faultRate = 0
    this.#network.onArrival = () => {}
    if (!this.#server.isUp) this.#startServer()
    for (const phone of this.#phones) {
      phone.hearing.isCareless = false
      if (phone.isAway) phone.comeBack()
    }
    // First those who are there; then, when lost sessions and short-lived messages have run out, everybody.
    await this.#fetch(240_000, 4000)
    await this.#fetch(1_000_000, 100_000)
    await this.#fetch(60_000, 4000)
    const { mailboxes } = this.#disk.store
    for (let more = await mailboxes.countAll(); more > 0; ) {
      await this.#fetch(100_000, 4000)
      const left = await mailboxes.countAll()
      if (left >= more) break
      more = left
    }
    const waiting: Record<string, number> = {}
    for (const { model } of this.#phones) waiting[model.user] = await mailboxes.count(model.user, 'message')
    this.#ledger.checkAll(waiting)
  }

  async #fetch(milliseconds: number, interval: number) {
    const until = this.#world.now() + milliseconds
    while (this.#world.now() < until && this.#ledger.broken === undefined) {
      for (const phone of this.#phones) {
        if (phone.canLogIn) void phone.logIn()
        else if (phone.isReady) void phone.poll()
      }
      await this.#world.pass(interval)
    }
  }

  #do(what: keyof typeof doings) {
    if (what === 'crash') return this.#planCrash()
    if (what === 'weather') return this.#changeWeather()
    if (what === 'disk') {
      this.#disk.faultRate = this.#chance.pick([0, 0, 0.1])
      return
    }
    const phone = this.#chance.pick(this.#phones)
    if (phone.isAway) {
      if (this.#chance.happens(0.2)) phone.comeBack()
    } else if (phone.canLogIn) void phone.logIn()
    else if (what === 'goAway') phone.goAway()
    else if (what === 'forget') phone.forget()
    else if (what === 'logOut') void phone.logOut()
    else if (!phone.isReady) return
    else if (what === 'send') void phone.send(`m${++this.#texts}`, this.#someUsers())
    else if (what === 'repeat') void phone.repeatItself()
    else if (what === 'keepAlive') void phone.keepAlive()
    else void phone.poll()
  }

  #someUsers(): string[] {
    const users = [...new Set(this.#phones.map(({ model }) => model.user))]
    const first = this.#chance.pick(users)
    const second = this.#chance.pick(users)
    return this.#chance.happens(0.2) && second !== first ? [first, second] : [first]
  }

  #changeWeather() {
    this.#network.weather = this.#chance.pick(weathers)
    this.#ledger.note(`the network loses ${this.#network.weather.answerLost * 100} % of answers`)
  }

  /** Mostly when something is under way, for that is when it matters. */
  #planCrash() {
    const crash = () => {
      if (!this.#server.isUp) return
      this.#server.crash()
      this.#world.after(this.#chance.between(100, this.#chance.happens(0.8) ? 3000 : 30_000), () => this.#startServer())
    }
    if (this.#chance.happens(0.2)) return crash()
    this.#network.onArrival = () => {
      this.#network.onArrival = () => {}
      this.#world.after(this.#chance.between(0, 25), crash)
    }
  }

  #startServer() {
    if (this.#server.isUp) return
    this.#server.start()
    this.#ledger.life = this.#server.life
  }
}
