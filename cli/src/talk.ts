import {
  type AnnouncedMessage,
  type IncomingMessage,
  type OutgoingContent,
  RequestFailed,
  type Session,
  SessionEnded,
  TransportFailed,
} from '@village/client'
import pc from 'picocolors'
import { Attempts } from './chat-attempts.ts'
import { Blocking } from './chat-blocking.ts'
import { takeLine } from './chat-commands.ts'
import { ContactBook } from './chat-contacts.ts'
import { readContent } from './chat-file.ts'
import { describe, Offers } from './chat-offers.ts'
import { OwnPresence } from './chat-presence.ts'
import { Questions } from './chat-questions.ts'
import { type ChatRecipient, recipientFor } from './chat-recipient.ts'
import type { Screen } from './chat-screen.ts'
import { Ticks } from './chat-ticks.ts'
import { explain, explainRecipient, explainSend } from './explain.ts'
import { oneLine, printable } from './printable.ts'
import { bar } from './sizes.ts'
import { dayAndTimeOf, timeOf } from './times.ts'

const excerptLength = 24
/** Clocks differ: what was sent so shortly before the login did not wait for it. */
const toleranceMilliseconds = 5000

export interface TalkOptions {
  readonly url: string
  readonly to?: string | undefined
  /** Whether somebody is there to say what is to become of files. */
  readonly isInteractive: boolean
  /** Where files are saved. */
  readonly folder: string
}

/** One conversation: what is typed goes out, what comes in is shown. */
export class Talk {
  readonly screen: Screen
  readonly attempts: Attempts
  readonly offers: Offers
  readonly questions: Questions
  readonly #blocking: Blocking
  readonly #contacts: ContactBook
  readonly #presence: OwnPresence
  readonly #ticks: Ticks
  readonly #session: Session
  readonly #options: TalkOptions
  readonly #since = Date.now() - toleranceMilliseconds
  #lastWaited: string | undefined
  #to: ChatRecipient | undefined

  constructor(session: Session, screen: Screen, options: TalkOptions) {
    this.#session = session
    this.screen = screen
    this.#options = options
    this.attempts = new Attempts(screen, options.url)
    this.offers = new Offers(session, screen, this.attempts, options.folder)
    this.questions = new Questions(session, screen, this.attempts)
    this.attempts.onSystemMessages = messages => this.questions.show(messages)
    this.#blocking = new Blocking(session, screen, this.attempts)
    this.#contacts = new ContactBook(session, screen, this.attempts)
    this.#presence = new OwnPresence(session, screen, this.attempts)
    this.#ticks = new Ticks(screen)
    if (options.to === undefined) this.showRecipient()
    else this.name(options.to)
  }

  /** Shows what arrives, until the session ends. */
  async listen(): Promise<void> {
    const { messaging, systemMessages } = this.#session
    try {
      await Promise.all([
        each(messaging.messages(), message => this.#arrived(message)),
        each(messaging.notifications(), announced => this.#announced(announced)),
        each(messaging.reports(), report => this.#ticks.report(report)),
        each(systemMessages.arriving(), messages => this.questions.show(messages)),
        ...(this.#options.isInteractive ? [this.#contacts.listen(), this.#presence.listen()] : []),
      ])
    } catch (failure) {
      if (!(failure instanceof SessionEnded)) throw failure
      this.attempts.fail(explain(failure, this.#options.url))
    }
  }

  /** Takes one typed line; resolves to whether to go on. */
  line(text: string): Promise<boolean> {
    const { offers, questions } = this
    const [blocking, contacts, presence] = [this.#blocking, this.#contacts, this.#presence]
    return takeLine(text, { talk: this, offers, questions, blocking, contacts, presence })
  }

  /** Sends to the present recipient; what goes wrong is shown. */
  say(text: string): Promise<void> {
    return this.#send(excerpt(text), { text })
  }

  /** Sends a file, if it is one and fits. */
  async sendFile(path: string): Promise<void> {
    if (path === '') return this.attempts.fail('say which: /send holiday.png')
    let content: OutgoingContent | undefined
    await this.attempts.run(async () => {
      content = await readContent(path, this.#session.messaging.maxContentOctets)
    })
    if (content) await this.#send(oneLine(content.name ?? path), content)
  }

  /** Sends where something is found rather than the thing itself. */
  async sendUri(uri: string): Promise<void> {
    if (!URL.canParse(uri)) return this.attempts.fail('say where it is found: /uri http://example.com/holiday.jpg')
    await this.#send(oneLine(uri), { uri })
  }

  name(to: string) {
    if (to === '') this.screen.problem('name somebody: /to wv:bob@village.local')
    else this.#turnTo(recipientFor(to, this.#session))
  }

  showRecipient() {
    this.screen.showRecipient(this.#to?.name)
  }

  /** What is to be known when this is over. */
  leave() {
    for (const what of this.#options.isInteractive ? this.offers.unsaved : []) this.screen.notice(`not saved: ${what}`)
  }

  async #send(what: string, content: OutgoingContent): Promise<void> {
    const recipient = this.#to
    if (recipient === undefined) return this.attempts.fail('say to whom first: /to wv:bob@village.local')
    const report = this.#session.isAgreed('imFeat', 'imSendFunc', 'mdeliv')
    const onProgress = (sent: number, whole: number) => this.screen.showProgress(`${what} ${bar(sent, whole)}`)
    const work = async () => {
      const watch = content.bytes === undefined ? {} : { onProgress }
      const sent = await this.#session.messaging.send({ ...content, ...watch, to: recipient.to, report })
      for (const failed of sent.failed) this.attempts.fail(explainRecipient(failed))
      if (sent.failed.length === 0) this.#ticks.accepted(sent.messageId, what)
    }
    await this.attempts.run(work, (failure, url) => {
      const why = explainSend(failure, recipient.name, url)
      // It may have been accepted all the same, and the answer lost.
      return failure instanceof TransportFailed ? `${what} was not acknowledged: ${why}` : why
    })
    if (content.bytes !== undefined) this.showRecipient()
  }

  #turnTo(to: ChatRecipient) {
    this.#to = to
    this.showRecipient()
  }

  /** Text is fetched at once, everything else when somebody says so. */
  async #announced(announced: AnnouncedMessage): Promise<void> {
    const { id } = announced
    if (this.#options.isInteractive && !isTalk(announced))
      return this.#showing(announced, () => this.offers.add(announced))
    await this.attempts.run(async () => {
      const message = await this.#session.messaging.getMessage(id ?? '').catch(unlessGone)
      if (message) this.#arrived(message)
      await message?.confirm()
    })
  }

  #arrived(message: IncomingMessage) {
    if (this.#options.isInteractive && !isTalk(message))
      return this.#showing(message, () => this.offers.add(message, message))
    const { from, text, bytes, sentAt, info } = message
    const said = text ?? (bytes ? describe(message) : `(see ${info.messageUri})`)
    const lines = printable(said).split('\n').join('\n      ')
    this.#showing(message, () => this.screen.message(`${pc.dim(timeOf(sentAt))} ${pc.bold(oneLine(from))}: ${lines}`))
  }

  /** Says first that something waited while its recipient was away, and since when. */
  #showing({ sentAt, from }: AnnouncedMessage, show: () => void) {
    const waited = sentAt && sentAt.getTime() < this.#since ? dayAndTimeOf(sentAt) : undefined
    if (waited !== undefined && waited !== this.#lastWaited) this.screen.notice(`sent while you were away, ${waited}:`)
    this.#lastWaited = waited
    show()
    // Whoever speaks first to somebody who speaks to nobody, is spoken to.
    if (this.#to === undefined) this.#turnTo({ to: from, name: oneLine(from) })
  }
}

/** What is shown rather than offered: text that is no file, and what only says where to look. */
const isTalk = ({ contentType, name, info }: AnnouncedMessage): boolean =>
  info.messageUri !== undefined || (name === undefined && /^text\/plain\b/i.test(contentType))

/** Another client of the user was faster. */
const unlessGone = (failure: unknown): undefined => {
  if (!(failure instanceof RequestFailed && failure.name === 'InvalidMessageId')) throw failure
}

async function each<T>(items: AsyncIterable<T>, show: (item: T) => void | Promise<void>): Promise<void> {
  for await (const item of items) await show(item)
}

const excerpt = (text: string): string => {
  const characters = [...oneLine(text)]
  return `"${characters.slice(0, excerptLength).join('')}${characters.length > excerptLength ? '…' : ''}"`
}
