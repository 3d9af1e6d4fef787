import type { AccessListState, Entities, Session } from '@village/client'
import type { Attempts } from './chat-attempts.ts'
import { addressIn, recipientFor } from './chat-recipient.ts'
import type { Screen } from './chat-screen.ts'
import { oneLine } from './printable.ts'

/** Who may reach this user (CSP 9.3). */
export class Blocking {
  readonly #session: Session
  readonly #screen: Screen
  readonly #attempts: Attempts

  constructor(session: Session, screen: Screen, attempts: Attempts) {
    this.#session = session
    this.#screen = screen
    this.#attempts = attempts
  }

  block(who: string): Promise<void> {
    return this.#change(who, 'blocked', entities => this.#session.accessLists.block(entities))
  }

  unblock(who: string): Promise<void> {
    return this.#change(who, 'no longer blocked', entities => this.#session.accessLists.unblock(entities))
  }

  grant(who: string): Promise<void> {
    return this.#change(who, 'granted: /granted on lets nobody through who is not', entities =>
      this.#session.accessLists.grant(entities),
    )
  }

  ungrant(who: string): Promise<void> {
    return this.#change(who, 'no longer granted', entities => this.#session.accessLists.ungrant(entities))
  }

  async showBlocked(): Promise<void> {
    if (!this.#isOffered('glblu')) return
    await this.#attempts.run(async () => {
      const { blocked, granted } = await this.#session.accessLists.get()
      const names = namesIn(blocked)
      if (names.length === 0) this.#screen.notice('nobody is blocked')
      for (const name of names) this.#screen.notice(`${name}${blocked.isInUse === false ? ' (switched off)' : ''}`)
      if (granted.isInUse) this.#screen.notice(letThrough(granted))
    })
  }

  /** @param use `on`, `off`, or nothing to see how it is */
  async granted(use: string): Promise<void> {
    if (!['', 'on', 'off'].includes(use)) return this.#attempts.fail('say /granted, /granted on or /granted off')
    if (!this.#isOffered(use === '' ? 'glblu' : 'blent')) return
    await this.#attempts.run(async () => {
      if (use !== '') await this.#session.accessLists.use({ grantList: use === 'on' })
      if (use === 'off') return this.#screen.notice('everybody is let through who is not blocked')
      // Where it cannot be read it can be put in use all the same.
      if (!this.#session.isAgreed('imFeat', 'imAuthFunc', 'glblu'))
        return this.#screen.notice('only who is granted is let through')
      const { granted } = await this.#session.accessLists.get()
      if (granted.isInUse) return this.#screen.notice(letThrough(granted))
      this.#screen.notice(`granted: ${namesIn(granted).join(', ') || 'nobody'} (not in use: /granted on)`)
    })
  }

  async #change(typed: string, done: string, change: (entities: Entities) => Promise<void>): Promise<void> {
    if (typed === '') return this.#attempts.fail('say whom: wv:bob@village.local')
    if (!this.#isOffered('blent')) return
    await this.#attempts.run(async () => {
      const { to, name } = recipientFor(typed, this.#session)
      // Contact lists can be on these lists since 1.3.
      const isList = typeof to === 'object' && 'contactList' in to && this.#session.version >= '1.3'
      await change(isList ? { contactLists: [to.contactList] } : addressIn(to))
      this.#screen.notice(`${name} is ${done}`)
    })
  }

  #isOffered(service: 'blent' | 'glblu'): boolean {
    const isThere = this.#session.isAgreed('imFeat', 'imAuthFunc', service)
    if (!isThere) this.#attempts.fail('this server does not let its users say who may reach them')
    return isThere
  }
}

const letThrough = (granted: AccessListState) =>
  `only these are let through: ${namesIn(granted).join(', ') || 'nobody'}`

const namesIn = ({ entities }: AccessListState): string[] => {
  const { userIds, groupIds, contactLists, applicationIds, screenNames } = entities
  const screens = screenNames.map(({ name, groupId }) => `${name} in ${groupId}`)
  return [...userIds, ...groupIds, ...contactLists, ...applicationIds, ...screens].map(oneLine)
}
