import { miss } from './expect.ts'
import { pause } from './phone.ts'

const patienceMilliseconds = 5000
const lookMilliseconds = 5

/** What has come on a channel from the server and was not looked at yet. */
export class Heard {
  readonly #came: string[] = []
  #isOver = false

  push(...came: readonly string[]) {
    this.#came.push(...came)
  }

  /** Nothing more will come. */
  end() {
    this.#isOver = true
  }

  /** The first of it, or what comes in time; undefined when nothing more will. */
  async next(what: string): Promise<string | undefined> {
    const until = Date.now() + patienceMilliseconds
    while (this.#came.length === 0 && !this.#isOver) {
      if (Date.now() > until) return miss(`${what} should come on the CIR channel, but nothing does`)
      await pause(lookMilliseconds)
    }
    return this.#came.shift()
  }
}
