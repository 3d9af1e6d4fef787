import { RequestFailed, type SystemMessage } from '@village/client'
import type { Screen } from './chat-screen.ts'
import { explain } from './explain.ts'

/** What is tried in a chat: what goes wrong is shown, and the chat goes on. */
export class Attempts {
  /** Whether anything did. */
  hasFailed = false
  /** Told what the server wants to be answered before it does anything else (436, CSP 7.1). */
  onSystemMessages: (messages: readonly SystemMessage[]) => void = () => {}
  readonly #screen: Screen
  readonly #url: string

  constructor(screen: Screen, url: string) {
    this.#screen = screen
    this.#url = url
  }

  fail(line: string) {
    this.hasFailed = true
    this.#screen.problem(line)
  }

  async run(work: () => Promise<void>, explained: (failure: unknown, url: string) => string = explain): Promise<void> {
    try {
      await work()
    } catch (failure) {
      this.fail(explained(failure, this.#url))
      if (failure instanceof RequestFailed && failure.systemMessages.length > 0)
        this.onSystemMessages(failure.systemMessages)
    }
  }
}
