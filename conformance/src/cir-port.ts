import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { Heard } from './heard.ts'
import { pause } from './phone.ts'

const patienceMilliseconds = 15_000
const lookMilliseconds = 20

/** A client's own port, on which it hears datagrams; each is told as text, one character an octet. */
export class CirPort {
  readonly #socket: Socket
  readonly #heard = new Heard()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', octets => this.#heard.push(octets.toString('latin1')))
  }

  /** Any free port, or a certain one as soon as nobody else has it; undefined when that takes too long. */
  static async open(number = 0): Promise<CirPort | undefined> {
    for (const until = Date.now() + patienceMilliseconds; Date.now() < until; await pause(lookMilliseconds)) {
      const socket = createSocket('udp4')
      try {
        socket.bind(number)
        await once(socket, 'listening')
        return new CirPort(socket)
      } catch (error) {
        socket.close()
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      }
    }
    return undefined
  }

  get number(): number {
    return this.#socket.address().port
  }

  say(text: string, host: string, port: number) {
    this.#socket.send(text, port, host, () => {}) // whether it has arrived is told by the answer
  }

  next(what: string): Promise<string | undefined> {
    return this.#heard.next(what)
  }

  close() {
    this.#socket.close()
  }
}
