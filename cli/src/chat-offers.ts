import { resolve } from 'node:path'
import type { AnnouncedMessage, IncomingMessage, Session } from '@village/client'
import type { Attempts } from './chat-attempts.ts'
import { FileTrouble } from './chat-file.ts'
import { recipientFor } from './chat-recipient.ts'
import type { Screen } from './chat-screen.ts'
import { nameFor } from './content-types.ts'
import { oneLine } from './printable.ts'
import { safeName, saveNew } from './safe-file.ts'
import { sizeOf } from './sizes.ts'
import { momentOf } from './times.ts'

/** What came whole is kept in memory until it is saved, so not for ever. */
const mostKept = 16
/** What waits at the server is no more than known of here; `/list` shows the rest. */
const mostNumbered = 1000

interface Offer {
  readonly number: number
  readonly announced: AnnouncedMessage
  /** Where it came whole; else it waits at the server. */
  readonly message: IncomingMessage | undefined
}

/** What others sent that is no talk, numbered in the order in which it was seen: to be saved, rejected or passed on. */
export class Offers {
  readonly #session: Session
  readonly #screen: Screen
  readonly #attempts: Attempts
  readonly #folder: string
  readonly #offers = new Map<number, Offer>()
  #count = 0

  /** @param folder where files are saved */
  constructor(session: Session, screen: Screen, attempts: Attempts, folder: string) {
    this.#session = session
    this.#screen = screen
    this.#attempts = attempts
    this.#folder = folder
  }

  /** Shows what somebody sent, and remembers it. */
  add(announced: AnnouncedMessage, message?: IncomingMessage) {
    const { number } = this.#remember(announced, message)
    const { from, sentAt } = announced
    const ways = message ? `/save ${number}` : `/save ${number}, /reject ${number} or /forward ${number} ADDRESS`
    this.#screen.message(`${momentOf(sentAt)} ${oneLine(from)} sends ${describe(announced)}: ${ways}`)
  }

  /** All that waits at the server. */
  list(): Promise<void> {
    return this.#attempts.run(async () => {
      const { messages, total } = await this.#session.messaging.listMessages()
      if (messages.length === 0) return this.#screen.notice('nothing waits for you')
      for (const announced of messages) {
        const { number } = this.#remember(announced)
        const { from, sentAt } = announced
        this.#screen.notice(`${number}  ${momentOf(sentAt)} ${oneLine(from)}: ${describe(announced)}`)
      }
      if (total > messages.length) this.#screen.notice(`and ${total - messages.length} more`)
    })
  }

  /** Puts the content into a new file, then lets go of it at the server. */
  save(which: string): Promise<void> {
    return this.#with(which, async offer => {
      const { id, contentType, name } = offer.announced
      const message = offer.message ?? (await this.#session.messaging.getMessage(id ?? ''))
      const octets = message.bytes ?? new TextEncoder().encode(message.text ?? '')
      const usual = nameFor(contentType)
      const path = await saveNew(this.#folder, safeName(name ?? usual, usual), octets).catch(error => {
        throw new FileTrouble(`it cannot be saved: ${oneLine((error as Error).message)}`)
      })
      this.#screen.notice(`saved as ${oneLine(resolve(path))} (${sizeOf(octets.length)})`)
      this.#offers.delete(offer.number)
      await message.confirm()
    })
  }

  reject(which: string): Promise<void> {
    return this.#with(which, async ({ number, announced: { id } }) => {
      await this.#session.messaging.rejectMessages(id ?? '')
      this.#offers.delete(number)
      this.#screen.notice('rejected')
    })
  }

  async forward(which: string, typed: string): Promise<void> {
    if (typed === '') return this.#attempts.fail('say which and to whom: /forward 1 wv:carol@village.local')
    await this.#with(which, async ({ number, announced: { id } }) => {
      const { to, name } = recipientFor(typed, this.#session)
      await this.#session.messaging.forwardMessage(id ?? '', to)
      this.#offers.delete(number)
      this.#screen.notice(`forwarded to ${name}`)
    })
  }

  /** What will be lost with this chat. */
  get unsaved(): string[] {
    return [...this.#offers.values()].filter(({ message }) => message).map(({ announced }) => describe(announced))
  }

  #remember(announced: AnnouncedMessage, message?: IncomingMessage): Offer {
    const { id } = announced
    const known = [...this.#offers.values()].find(offer => id !== undefined && offer.announced.id === id)
    if (known) return known
    const offer: Offer = { number: ++this.#count, announced, message }
    this.#offers.set(offer.number, offer)
    const all = [...this.#offers.values()]
    const tooMany = [...all.slice(0, -mostNumbered), ...all.filter(offer => offer.message).slice(0, -mostKept)]
    for (const { number } of tooMany) this.#offers.delete(number)
    return offer
  }

  async #with(which: string, work: (offer: Offer) => Promise<void>): Promise<void> {
    const offer = this.#offers.get(Number(which))
    if (offer === undefined) return this.#attempts.fail('say which by its number; /list shows what waits')
    await this.#attempts.run(() => work(offer))
  }
}

/** What it is called, of what kind it is, and how large. */
export const describe = ({ name, contentType, contentSize, info }: AnnouncedMessage): string => {
  const isEncoded = info.contentEncoding?.toUpperCase() === 'BASE64'
  const size = contentSize === undefined ? 'size unknown' : sizeOf(isEncoded ? (contentSize * 3) / 4 : contentSize)
  return `${name === undefined ? 'something' : oneLine(name)} (${oneLine(contentType)}, ${size})`
}
