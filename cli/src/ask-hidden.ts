import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Asks at the terminal without showing what is typed; undefined if the question is left with Ctrl-C or Ctrl-D. */
export function askHidden(question: string): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  process.stderr.write(question)
  return new Promise<string | undefined>(resolve => {
    reader.on('close', () => resolve(undefined))
    reader.on('SIGINT', () => reader.close())
    reader.question('', answer => {
      resolve(answer)
      reader.close()
    })
  }).finally(() => process.stderr.write('\n'))
}
