import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Received, Report } from './http-phone.ts'

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
  /** Who is to have it in the end. */
  readonly recipient: string
  readonly text: string
  readonly messageId: string
  /** Somebody hands it on, and then it has another Message-ID. */
  readonly isForwarded?: boolean | undefined
  /** What the sender has to be told of it; undefined where nothing was asked for. */
  readonly report?: number | undefined
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
    const ids = new Map(lines.filter(it => !it.isForwarded).map(({ text, messageId }) => [text, messageId]))
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

  /** Messages whose senders are still to be told what became of them. */
  unreported(reports: readonly Report[]): Line[] {
    const reported = new Set(reports.map(({ messageId }) => messageId))
    return this.read().filter(({ report, messageId }) => report !== undefined && !reported.has(messageId))
  }

  /** What must never be: no report, two that differ, one that nobody asked for or that is not true. */
  compareReports(reports: readonly Report[]): string[] {
    const lines = new Map(this.read().map(line => [line.messageId, line]))
    const first = new Map<string, Report>()
    const wrong = this.unreported(reports).map(({ text }) => `${text} was never reported on`)
    for (const report of reports) {
      const { messageId, code, at } = report
      const line = lines.get(messageId)
      if (line?.report !== code) wrong.push(`${line?.text ?? messageId} is reported on with ${code}`)
      const known = first.get(messageId)
      if (known === undefined) first.set(messageId, report)
      else if (known.code !== code || known.at !== at) wrong.push(`${line?.text} is reported on twice`)
    }
    return wrong
  }
}
