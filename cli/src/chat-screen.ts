import { createInterface, type Interface } from 'node:readline'
import pc from 'picocolors'

/** Where a chat is seen, and where its lines come from. */
export interface Screen {
  /** What somebody says. */
  message(line: string): void
  /** What happens to one's own messages, and everything else worth knowing. */
  notice(line: string): void
  /** Something went wrong. */
  problem(line: string): void
  /** To whom the next line goes. */
  showRecipient(to: string | undefined): void
  /** How far something got, until the recipient is shown again. */
  showProgress(line: string): void
  /** Lines as they are typed; ends when the input does. */
  lines(): AsyncIterable<string>
  close(): void
}

/** For pipes and scripts: messages on one stream, everything else on the other. */
export const plainScreen = (
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  errors: NodeJS.WritableStream,
): Screen => {
  let reader: Interface | undefined
  const write = (stream: NodeJS.WritableStream) => (line: string) => void stream.write(`${line}\n`)
  return {
    message: write(output),
    notice: write(errors),
    problem: line => write(errors)(`${pc.red('village:')} ${line}`),
    showRecipient: () => {},
    showProgress: () => {},
    lines: () => (reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })),
    close: () => reader?.close(),
  }
}

/** For people: a line to type on, below everything that is said, and drawn again whenever something is. */
export const terminalScreen = (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Screen => {
  const reader = createInterface({ input, output, terminal: true, prompt: promptFor(undefined) })
  // Collects from now on: a line typed before anybody asks for it is not lost.
  const lines = reader[Symbol.asyncIterator]()
  const above = (line: string) => {
    // Typed text may fill several rows, of which the cursor is on one.
    const { rows } = reader.getCursorPos()
    if (rows > 0) output.write(`\x1b[${rows}A`)
    output.write(`\r\x1b[J${line}\n`)
    reader.prompt(true)
  }
  reader.on('SIGINT', () => reader.close())
  return {
    message: above,
    notice: line => above(pc.dim(line)),
    problem: line => above(pc.red(line)),
    showRecipient: to => {
      reader.setPrompt(promptFor(to))
      reader.prompt(true)
    },
    showProgress: line => {
      reader.setPrompt(`${line} `)
      reader.prompt(true)
    },
    lines: () => lines,
    close: () => reader.close(),
  }
}

const promptFor = (to: string | undefined) => `${to ?? '(nobody, see /help)'}> `
