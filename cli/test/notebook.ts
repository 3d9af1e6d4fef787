import { stripVTControlCharacters } from 'node:util'
import { expect, vi } from 'vitest'
import type { Screen } from '../src/chat-screen.ts'

/** Keeps what it is shown, without the colours, which depend on where the test runs. */
export class Notebook implements Screen {
  readonly shown: string[] = []
  readonly progress: string[] = []
  to: string | undefined
  readonly message = (line: string) => void this.shown.push(line)
  readonly notice = (line: string) => void this.shown.push(line)
  readonly problem = (line: string) => void this.shown.push(`! ${line}`)
  readonly showProgress = (line: string) => void this.progress.push(line)
  readonly showRecipient = (to: string | undefined) => void (this.to = to)
  readonly close = () => {}
  async *lines() {}

  readonly text = () => stripVTControlCharacters(this.shown.join('\n'))

  /** Waits for a line like this one. */
  has = (like: RegExp | string) => vi.waitFor(() => expect(this.text()).toMatch(like), { timeout: 5000, interval: 20 })
}
