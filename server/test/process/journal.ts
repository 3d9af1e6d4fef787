import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Received } from './http-phone.ts'

export interface Comparison {
  readonly accepted: number
  /** Acknowledged and not received by whom they are for. */
  readonly lost: readonly string[]
  /** Received more than once, under one Message-ID each time. */
  readonly duplicated: number
  /** What must never be: a message under two Message-IDs, out of order, or with somebody it is not for. */
  readonly wrong: readonly string[]
}

interface Line {
  readonly recipient: string
  readonly text: string
  readonly messageId: string
}

/** What was acknowledged, written down as it happened, so that it also outlives those who write it. */
export class Journal {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
    writeFileSync(file, '')
  }

  acknowledged(line: Line) {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  read(): Line[] {
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
  }

  /** @param received by each recipient in the order in which it came */
  compare(received: ReadonlyMap<string, readonly Received[]>): Comparison {
    const lines = this.read()
    const wrong: string[] = []
    const lost: string[] = []
    let duplicated = 0
    const ids = new Map(lines.map(({ text, messageId }) => [text, messageId]))
    for (const [recipient, messages] of received) {
      const first = new Map<string, number>()
      messages.forEach(({ text, messageId }, index) => {
        const known = ids.get(text)
        if (known !== undefined && known !== messageId) wrong.push(`${text} has two Message-IDs`)
        ids.set(text, messageId)
        if (first.has(text)) duplicated++
        else first.set(text, index)
        // Texts begin with whom they are for.
        if (!text.startsWith(`${recipient} `)) wrong.push(`${recipient} got ${text}`)
      })
      const last = new Map<string, number>()
      for (const { text } of lines.filter(line => line.recipient === recipient)) {
        const place = first.get(text)
        if (place === undefined) {
          lost.push(text)
          continue
        }
        const sender = text.split(' ')[1]!
        if (place < (last.get(sender) ?? -1)) wrong.push(`${text} came before an earlier one of ${sender}`)
        last.set(sender, place)
      }
    }
    return { accepted: lines.length, lost, duplicated, wrong }
  }
}
