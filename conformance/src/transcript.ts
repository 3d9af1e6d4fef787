import { describe } from './describe.ts'
import type { HttpReply, HttpRequest } from './http.ts'

interface Entry {
  readonly who: string
  readonly sent: HttpRequest
  readonly received: HttpReply | Error
}

/** What went over the wire in one scenario. Kept as octets; made readable only when somebody has to read it. */
export class Transcript {
  readonly #entries: Entry[] = []

  note(who: string, sent: HttpRequest, received: HttpReply | Error) {
    this.#entries.push({ who, sent, received })
  }

  /** The last exchanges, oldest first. */
  tell(last = 4): string {
    const left = this.#entries.length - last
    const told = this.#entries.slice(-last).map(({ who, sent, received }) => {
      const { method = 'POST', body = '' } = sent
      const answer = received instanceof Error ? `no answer: ${received.message}` : tellReply(received)
      return `${who} sent ${method}:\n${shift(describe(body))}\nand got ${answer}`
    })
    return [...(left > 0 ? [`(${left} exchanges before)`] : []), ...told].join('\n\n')
  }
}

const tellReply = ({ status, headers, body }: HttpReply) =>
  `HTTP ${status} ${headers['content-type'] ?? ''}:\n${shift(describe(body))}`

const shift = (text: string) => text.replace(/^/gm, '    ')
