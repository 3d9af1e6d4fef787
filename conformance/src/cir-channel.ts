import { connect, type Socket } from 'node:net'
import { Heard } from './heard.ts'

/** A client's end of an STCP channel: says lines, and hears what comes back one by one. */
export class CirChannel {
  readonly #socket: Socket
  readonly #heard = new Heard()
  #rest = ''

  constructor(host: string, port: number) {
    this.#socket = connect(port, host)
    this.#socket.setEncoding('utf8')
    this.#socket.on('data', (text: string) => {
      const lines = (this.#rest + text).split(/\r?\n/)
      this.#rest = lines.pop()!
      this.#heard.push(...lines)
    })
    this.#socket.on('error', () => {}) // 'close' follows
    this.#socket.on('close', () => this.#heard.end())
  }

  say(line: string) {
    this.#socket.write(`${line}\r\n`)
  }

  /** The next line, undefined once the server has closed. */
  next(what: string): Promise<string | undefined> {
    return this.#heard.next(what)
  }

  close() {
    this.#socket.destroy()
  }
}
