import { BareLoad } from './bare.ts'
import type { Bench, Measured } from './bench.ts'
import type { Subject, SubjectFile } from './subject.ts'

/**
 * A server that does as little as one can, beside which another is measured: before it and after it, for machines change
 * their pace within minutes.
 */
export class Gauge {
  readonly subject: Subject
  readonly #bench: Bench
  readonly #connections: number

  private constructor(bench: Bench, subject: Subject, connections: number) {
    this.#bench = bench
    this.subject = subject
    this.#connections = connections
  }

  /** It stays with the bench, and costs nothing between readings. */
  static async start(bench: Bench, file: SubjectFile, connections: number): Promise<Gauge> {
    return new Gauge(bench, await bench.start(file), connections)
  }

  async read(): Promise<Measured> {
    const load = new BareLoad(this.subject, this.#connections)
    try {
      return await this.#bench.measure(this.subject, () => load.answered)
    } finally {
      load.stop()
    }
  }
}
