import { Connection } from './connection.ts'
import type { Subject } from './subject.ts'

/** 600 octets, as long as requests of phones are. */
const body = 'x'.repeat(600)
/** For servers that do not look at what they are asked. */
export const bareRequest = `POST / HTTP/1.1\r\nHost: bench\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** Keeps a server busy with bare requests, one under way on each of so many connections. */
export class BareLoad {
  answered = 0
  readonly #connections: readonly Connection[]

  constructor(subject: Subject, connections: number) {
    this.#connections = Array.from({ length: connections }, () => new Connection(subject))
    for (const connection of this.#connections) {
      const again = () => {
        this.answered++
        connection.post(bareRequest, again)
      }
      connection.post(bareRequest, again)
    }
  }

  stop() {
    for (const connection of this.#connections) connection.close()
  }
}
