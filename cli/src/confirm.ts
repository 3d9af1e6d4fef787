import { createInterface } from 'node:readline/promises'

/** Asks before something that cannot be undone; anything but yes, the end of the input included, is a no. */
export async function confirm(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const closed = new Promise<string>(resolve => reader.once('close', () => resolve('')))
    return /^y(es)?$/i.test((await Promise.race([reader.question(`${question} [y/N] `), closed])).trim())
  } finally {
    reader.close()
  }
}
