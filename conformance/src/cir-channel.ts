import { connect, type Socket } from 'node:net'
import { miss } from './expect.ts'

const patienceMilliseconds = 5000

/** A client's end of an STCP channel: says lines, and hears what comes back one by one. */
export class CirChannel {
  readonly #socket: Socket
  readonly #lines: string[] = []
  #rest = ''
  #isClosed = false
  #look = () => {}

  constructor(host: string, port: number) {
    this.#socket = connect(port, host)
    this.#socket.setEncoding('utf8')
    this.#socket.on('data', (text: string) => {
      const lines = (this.#rest + text).split(/\r?\n/)
      this.#rest = lines.pop()!
      this.#lines.push(...lines)
      this.#look()
    })
    this.#socket.on('error', () => {}) // 'close' follows
    this.#socket.on('close', () => {
      this.#isClosed = true
      this.#look()
    })
  }

  say(line: string) {
    this.#socket.write(`${line}\r\n`)
  }

  /** The next line, undefined once the server has closed. */
  async next(what: string): Promise<string | undefined> {
    const until = Date.now() + patienceMilliseconds
    while (this.#lines.length === 0 && !this.#isClosed) {
      const left = until - Date.now()
      if (left <= 0) return miss(`${what} should come on the CIR channel, but nothing does`)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.#look = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return this.#lines.shift()
  }

  close() {
    this.#socket.destroy()
  }
}
