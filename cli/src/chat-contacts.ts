import type { Contact, ContactChange, Session } from '@village/client'
import pc from 'picocolors'
import type { Attempts } from './chat-attempts.ts'
import { userFor } from './chat-recipient.ts'
import type { Screen } from './chat-screen.ts'
import { explainPresence, quietly } from './explain.ts'
import { oneLine } from './printable.ts'

const longestName = 24

/** The user's contact lists (CSP 8.1): shown, changed, and followed while somebody looks on. */
export class ContactBook {
  readonly #session: Session
  readonly #screen: Screen
  readonly #attempts: Attempts

  constructor(session: Session, screen: Screen, attempts: Attempts) {
    this.#session = session
    this.#screen = screen
    this.#attempts = attempts
  }

  /** Says who comes, goes and changes the status, until the session ends. */
  async listen(): Promise<void> {
    if (!this.#hasLists) return
    const { contacts } = this.#session
    const changes = contacts.changes()
    // What keeps the lists from being read is told to whoever asks for them.
    await Promise.all([contacts.open().catch(quietly), this.#follow(changes)])
  }

  async show(): Promise<void> {
    await this.#withLists(async () => {
      const { contacts } = this.#session
      await contacts.open()
      if (contacts.all.length === 0)
        return this.#screen.notice('nobody is on your contact lists: /add wv:carol@village.local Carol')
      for (const list of contacts.lists) {
        this.#screen.notice(`${oneLine(list.name)}${list.isDefault ? ' (default)' : ''} ${oneLine(list.address)}`)
        const width = Math.min(longestName, Math.max(...list.contacts.map(({ nickname }) => oneLine(nickname).length)))
        for (const contact of list.contacts) this.#screen.notice(`  ${rowFor(contact, width)}`)
      }
      if (!this.#session.isAgreed('presenceFeat', 'mp')) this.#screen.notice('this server does not tell who is there')
    })
  }

  async add(who: string | undefined, name: string): Promise<void> {
    if (who === undefined) return this.#attempts.fail('say whom: /add wv:carol@village.local Carol')
    await this.#withLists(async () => {
      const contact = await this.#session.contacts.add(who, { nickname: name === '' ? undefined : name })
      if (contact) this.#screen.notice(`${oneLine(contact.nickname)} is on your contact list`)
      else this.#attempts.fail(`${oneLine(who)} was not put on your contact list`)
    })
  }

  async remove(typed: string): Promise<void> {
    if (typed === '') return this.#attempts.fail('say whom: /remove wv:carol@village.local')
    await this.#withLists(async () => {
      const { contacts } = this.#session
      await contacts.open()
      const who = userFor(typed, this.#session)
      const contact = contacts.find(who)
      if (contact === undefined) return this.#attempts.fail(`${oneLine(who)} is on none of your contact lists`)
      await contacts.remove(who)
      this.#screen.notice(`${oneLine(contact.nickname)} is on your contact lists no more`)
    })
  }

  async #follow(changes: AsyncIterable<ContactChange>): Promise<void> {
    for await (const change of changes) {
      const line = newsIn(change)
      if (line !== undefined) this.#screen.notice(line)
    }
  }

  get #hasLists(): boolean {
    return this.#session.isAgreed('presenceFeat', 'contListFunc', 'mcls')
  }

  async #withLists(work: () => Promise<void>): Promise<void> {
    if (!this.#hasLists) return this.#attempts.fail('this server keeps no contact lists')
    await this.#attempts.run(work, explainPresence)
  }
}

/** `away, "In the garden"`; empty where nothing is said. */
const statusOf = ({ availability, text }: Contact): string =>
  [availability, text && `"${oneLine(text)}"`].filter(part => part !== undefined).join(', ')

function rowFor(contact: Contact, width: number): string {
  const { isOnline, nickname, userId, isKnown } = contact
  const [mark, name, address] = [isOnline ? pc.green('✓') : ' ', oneLine(nickname), oneLine(userId)]
  // Who was subscribed to, and tells nothing at all, permits nothing.
  const status = statusOf(contact) || (isKnown && isOnline === undefined ? '(shows you nothing)' : '')
  return [mark, ...(name === address ? [address] : [name.padEnd(width), address]), status].join(' ').trimEnd()
}

/** What is worth a line: not what is told first, nor what somebody changes on the lists. */
function newsIn({ before, now }: ContactChange): string | undefined {
  if (!before?.isKnown || now === undefined) return undefined
  const [name, status] = [oneLine(now.nickname), statusOf(now)]
  if (now.isOnline && !before.isOnline) return `${pc.green('✓')} ${name} is here${status && `: ${status}`}`
  if (before.isOnline && !now.isOnline) return `${name} has gone`
  if (status === statusOf(before)) return undefined
  return `${name}${status ? `: ${status}` : ' says nothing of how things are'}`
}
