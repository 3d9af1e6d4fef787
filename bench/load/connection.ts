import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type OnAnswer = (body: string) => void

/** Where to connect to. */
interface Place {
  readonly port: number
  readonly isTls?: boolean | undefined
}

interface Waiting {
  readonly request: string
  readonly onAnswer: OnAnswer
}

/**
 * One keep-alive connection of a client that asks one question at a time; further ones wait in line. It works on
 * octets as latin1 text and understands just as much of HTTP as it needs, so that the generator stays cheaper than
 * the server it loads. Anything but a 200 with a stated length is thrown, and ends the run.
 */
export class Connection {
  readonly #socket: Socket
  #pending = ''
  #onAnswer: OnAnswer | undefined
  readonly #line: Waiting[] = []
  #isClosed = false
  /** How many requests were sent. */
  exchanges = 0

  /** @param onLost is told when the server closes a connection that still waits for an answer */
  constructor({ port, isTls }: Place, onLost: (why: string) => void = fail) {
    const at = { port, host: '127.0.0.1' }
    this.#socket = isTls ? connectTls({ ...at, rejectUnauthorized: false }) : connect(at)
    this.#socket.setNoDelay()
    this.#socket.on('data', chunk => this.#read(chunk))
    const lost = (why: string) => {
      if (!this.#isClosed && this.#onAnswer !== undefined) onLost(why)
      this.#isClosed = true
    }
    this.#socket.on('error', error => lost(error.message))
    this.#socket.on('close', () => lost('closed by the server'))
  }

  post(request: string, onAnswer: OnAnswer) {
    if (this.#onAnswer !== undefined) this.#line.push({ request, onAnswer })
    else this.#send(request, onAnswer)
  }

  ask(request: string): Promise<string> {
    return new Promise(resolve => this.post(request, resolve))
  }

  close() {
    this.#isClosed = true
    this.#socket.destroy()
  }

  #send(request: string, onAnswer: OnAnswer) {
    this.#onAnswer = onAnswer
    this.exchanges++
    this.#socket.write(request, 'latin1')
  }

  #read(chunk: Buffer) {
    const text = this.#pending + chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    const lengthAt = end < 0 ? -1 : text.indexOf('ontent-Length: ')
    if (end >= 0 && (lengthAt < 0 || lengthAt > end || !text.startsWith('HTTP/1.1 200')))
      throw new Error(`Unexpected answer: ${text.slice(0, end)}`)
    const length = end < 0 ? 0 : Number.parseInt(text.slice(lengthAt + 15, lengthAt + 23), 10)
    if (end < 0 || text.length < end + 4 + length) {
      this.#pending = text
      return
    }
    this.#pending = ''
    const onAnswer = this.#onAnswer!
    this.#onAnswer = undefined
    onAnswer(text.slice(end + 4))
    const next = this.#onAnswer === undefined ? this.#line.shift() : undefined
    if (next) this.#send(next.request, next.onAnswer)
  }
}

const fail = (why: string): never => {
  throw new Error(`Connection lost: ${why}`)
}
