import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeAccounts } from './accounts.ts'
import { makeLists } from './lists.ts'
import { Subject, type SubjectFile } from './subject.ts'
import { Vigil } from './vigil.ts'

export interface Settings {
  /** Length of a measured window in seconds; the load runs as long before it. */
  readonly seconds: number
  /** Divides numbers of phones, sessions and kills: 1 for a measurement, more for a look whether all works. */
  readonly scale: number
  /** How often the server is killed in mid-load. */
  readonly kills: number
  /** The core of the server; undefined: not pinned. */
  readonly core: number | undefined
  readonly profile?: string | undefined
}

const longestWarmUpMilliseconds = 30_000

/** One number of a run. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** A rate per CPU second, to be told as a ratio to the ceiling as well. */
  readonly isRate?: boolean | undefined
  /** In the unit of the value, or for a rate as a ratio. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number } | undefined
}

export interface Scenario {
  readonly id: string
  readonly title: string
  /** Repetitions would add nothing: it repeats itself. */
  readonly once?: true | undefined
  run(bench: Bench): Promise<readonly Figure[]>
}

/** What a scenario works with: a fresh folder, servers on it, and a clock. All is gone when it is closed. */
export class Bench {
  readonly settings: Settings
  readonly #folder = mkdtempSync(join(tmpdir(), 'village-bench-'))
  readonly #subjects: Subject[] = []
  readonly #undo: (() => void)[] = []

  constructor(settings: Settings) {
    this.settings = settings
  }

  /** A number of phones or sessions, in this run's scale. */
  scaled(count: number): number {
    return Math.max(2, Math.round(count / this.settings.scale))
  }

  /** @param hashed so many of them, the first ones, keep an argon2id hash in place of the password */
  makeAccounts(count: number, hashed = 0): Promise<void> {
    return makeAccounts(this.#folder, count, hashed)
  }

  /** Contacts and block lists for so many of the accounts. */
  makeLists(count: number): Promise<void> {
    return makeLists(this.#folder, count)
  }

  start(file: SubjectFile = 'village.ts', isTls = false): Promise<Subject> {
    const { core, profile } = this.settings
    const folder = file === 'village.ts' ? this.#folder : undefined
    return Subject.start({ file, folder, isTls, core, profile }).then(subject => {
      this.#subjects.push(subject)
      return subject
    })
  }

  /** The same on another folder. */
  another(): Bench {
    return new Bench(this.settings)
  }

  onClose(run: () => void) {
    this.#undo.push(run)
  }

  /**
   * Lets the load run until the compiler has done its work, but no longer than half a minute. Not where all is made
   * small, for then nothing is measured.
   * @param until so many are done, of what `count` tells
   */
  async warmUp(count: () => number, until: number): Promise<void> {
    if (this.settings.scale > 1) return
    const latest = performance.now() + longestWarmUpMilliseconds
    while (count() < until && performance.now() < latest) await sleep(50)
  }

  /**
   * Lets the load run and measures a window of it.
   * @param count tells how much was done since the beginning
   * @param begin is called when the warm-up is over
   */
  async measure(subject: Subject, count: () => number, begin = () => {}): Promise<Measured> {
    const { seconds, core } = this.settings
    // Where nothing is pinned the core may be the server's.
    const vigil = new Vigil(core !== undefined)
    await sleep(seconds * 1000)
    begin()
    const look = () => {
      return { count: count(), cpu: subject.cpuSeconds, own: vigil.busySeconds, at: performance.now() / 1000 }
    }
    const before = look()
    await sleep(seconds * 1000)
    const after = look()
    vigil.end()
    const lasted = after.at - before.at
    const done = after.count - before.count
    return {
      done,
      perCpuSecond: done / (after.cpu - before.cpu),
      perSecond: done / lasted,
      cpuSecondsPer1000: ((after.cpu - before.cpu) * 1000) / done,
      serverShare: (after.cpu - before.cpu) / lasted,
      generatorShare: (after.own - before.own) / lasted,
    }
  }

  async close(): Promise<void> {
    for (const run of this.#undo) run()
    for (const subject of this.#subjects) if (!subject.isGone) await subject.end(this.settings.profile !== undefined)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export interface Measured {
  readonly done: number
  readonly perCpuSecond: number
  readonly perSecond: number
  readonly cpuSecondsPer1000: number
  /** Of one core. */
  readonly serverShare: number
  readonly generatorShare: number
}

/** What every rate is told with: whether the server was full, and whether the generator was not. */
export const loadFigures = ({ perSecond, serverShare, generatorShare }: Measured): Figure[] => [
  { name: 'per second', value: perSecond },
  { name: 'core of the server used', value: serverShare },
  { name: 'core of the generator used', value: generatorShare },
]
