import { type DeliveryReport, type IncomingMessage, type Session, SessionEnded, TransportFailed } from '@village/client'
import pc from 'picocolors'
import type { Screen } from './chat-screen.ts'
import { explain, explainRecipient, explainSend } from './explain.ts'
import { oneLine, printable } from './printable.ts'

const help = `
  any text          goes to the one named before the prompt
  /to wv:bob@...    the next lines go to bob
  /help             this
  /quit             log out and leave (Ctrl-D, Ctrl-C)
  A line that begins with two slashes is sent with one.`

const excerptLength = 24

/** One conversation: what is typed goes out, what comes in is shown, with a tick for accepted and two for delivered. */
export class Talk {
  /** Whether anything could not be sent. */
  hasFailed = false
  readonly #session: Session
  readonly #screen: Screen
  readonly #url: string
  readonly #hasReports: boolean
  readonly #sent = new Map<string, string>()
  #to: string | undefined

  constructor(session: Session, screen: Screen, url: string, to: string | undefined) {
    this.#session = session
    this.#screen = screen
    this.#url = url
    this.#hasReports = session.isAgreed('imFeat', 'imSendFunc', 'mdeliv')
    this.#turnTo(to)
  }

  /** Shows what arrives, until the session ends. */
  async listen(): Promise<void> {
    const messages = this.#session.messaging.messages()
    const reports = this.#session.messaging.reports()
    try {
      await Promise.all([each(messages, message => this.#arrived(message)), each(reports, it => this.#delivered(it))])
    } catch (failure) {
      if (!(failure instanceof SessionEnded)) throw failure
      this.hasFailed = true
      this.#screen.problem(explain(failure, this.#url))
    }
  }

  /** Takes one typed line; resolves to whether to go on. */
  async line(text: string): Promise<boolean> {
    const [command, ...words] = text.trim().split(/\s+/)
    if (command === '/quit') return false
    if (command === '/help') this.#screen.notice(help.slice(1))
    else if (command === '/to') this.#name(words[0])
    else if (text.startsWith('/') && !text.startsWith('//'))
      this.#screen.problem(`there is no ${printable(command!)}; /help shows what there is`)
    else if (text.trim() === '') this.#screen.showRecipient(this.#to)
    else await this.say(text.startsWith('//') ? text.slice(1) : text)
    return true
  }

  /** Sends to the present recipient; what goes wrong is shown. */
  async say(text: string): Promise<void> {
    const to = this.#to
    if (to === undefined) return this.#fail('say to whom first: /to wv:bob@village.local')
    try {
      const { messageId, failed } = await this.#session.messaging.send({ to, text, report: this.#hasReports })
      for (const recipient of failed) this.#fail(explainRecipient(recipient))
      if (failed.length > 0) return
      if (messageId !== undefined) this.#remember(messageId, excerpt(text))
      this.#screen.notice(`${pc.green('✓')} accepted ${excerpt(text)}`)
    } catch (failure) {
      const why = explainSend(failure, to, this.#url)
      // It may have been accepted all the same, and the answer lost.
      this.#fail(failure instanceof TransportFailed ? `${excerpt(text)} was not acknowledged: ${why}` : why)
    }
  }

  #name(to: string | undefined) {
    if (to === undefined) this.#screen.problem('name somebody: /to wv:bob@village.local')
    else this.#turnTo(to)
  }

  #turnTo(to: string | undefined) {
    this.#to = to
    this.#screen.showRecipient(to)
  }

  #fail(line: string) {
    this.hasFailed = true
    this.#screen.problem(line)
  }

  #arrived({ from, text, bytes, sentAt, info }: IncomingMessage) {
    const said = text ?? (bytes ? `(${info.contentType}, ${bytes.length} octets)` : `(see ${info.messageUri})`)
    const lines = printable(said).split('\n').join('\n      ')
    this.#screen.message(`${pc.dim(timeOf(sentAt))} ${pc.bold(printable(from))}: ${lines}`)
    // Whoever speaks first to somebody who speaks to nobody, is spoken to.
    if (this.#to === undefined) this.#turnTo(printable(from))
  }

  #delivered({ messageId = '', to, isDelivered, description, at }: DeliveryReport) {
    const what = this.#sent.get(messageId) ?? 'a message'
    const who = printable(to)
    if (isDelivered) this.#screen.notice(`${pc.green('✓✓')} delivered ${what} to ${who}, ${timeOf(at)}`)
    else this.#screen.problem(`${what} did not reach ${who}: ${printable(description)}`)
  }

  #remember(messageId: string, what: string) {
    this.#sent.set(messageId, what)
    if (this.#sent.size > 1000) this.#sent.delete(this.#sent.keys().next().value!)
  }
}

async function each<T>(items: AsyncIterable<T>, show: (item: T) => void): Promise<void> {
  for await (const item of items) show(item)
}

const excerpt = (text: string): string => {
  const characters = [...oneLine(text)]
  return `"${characters.slice(0, excerptLength).join('')}${characters.length > excerptLength ? '…' : ''}"`
}

const timeOf = (date = new Date()): string =>
  [date.getHours(), date.getMinutes()].map(number => String(number).padStart(2, '0')).join(':')
