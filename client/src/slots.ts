/** So many may be inside at a time; the others wait in the order they came. */
export class Slots {
  #limit: number
  #taken = 0
  #waiting: (() => void)[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  set limit(limit: number) {
    this.#limit = limit
    this.#admit()
  }

  /** Runs the work as soon as there is room. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await new Promise<void>(enter => {
      this.#waiting.push(enter)
      this.#admit()
    })
    try {
      return await work()
    } finally {
      this.#taken--
      this.#admit()
    }
  }

  #admit() {
    while (this.#taken < this.#limit && this.#waiting.length > 0) {
      this.#taken++
      this.#waiting.shift()!()
    }
  }
}
