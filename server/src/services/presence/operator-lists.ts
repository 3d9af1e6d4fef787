import { type ResourceAddress, refuse, statusByCode } from '@village/protocol'
import type { PropertyChange } from '../../store/contact-lists.ts'
import type { Unit } from '../../store/database.ts'
import type { House } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { readContacts } from './contacts.ts'
import { type Owner, refuseConflict, writeLists } from './list-change.ts'
import { creating, deleting } from './list-units.ts'
import { isFitName } from './names.ts'

interface Membership {
  readonly add: readonly { readonly userId: string; readonly nickName?: string | undefined }[]
  readonly remove: readonly string[]
}

/**
 * What operators do to the contact lists of a user, by the same rules as the user's own clients (CSP 8.1). No client has
 * done it, so all hear of it that want to (NCLS, CSP 7.2). A request is carried out as a whole or refused.
 */
export class OperatorLists {
  readonly #house: House

  constructor(house: House) {
    this.#house = house
  }

  /** @throws Refusal ContactListAlreadyExists, TooManyContactLists, InvalidContactListProperty */
  async create(userId: string, address: ResourceAddress, properties: PropertyChange): Promise<void> {
    const { displayName } = properties
    if (displayName && !isFitName(displayName)) refuse('InvalidContactListProperty')
    await this.#write(userId, address.key, creating(address, properties, ownerOf(userId), this.#house))
  }

  /** @throws Refusal ContactListDoesNotExist */
  delete(userId: string, listId: string): Promise<void> {
    return this.#write(userId, listId, deleting(listId, ownerOf(userId), null, this.#house))
  }

  /**
   * Who is there already gets the nickname, if there is one; who is removed need not be there. Keys of users to remove.
   * @throws Refusal ContactListDoesNotExist, TooManyContacts; UnknownUser, BadRequest for nicknames, which name the users
   */
  async change(userId: string, listId: string, { add, remove }: Membership): Promise<void> {
    const outcome = new Outcome('1.3')
    const wanted = add.map(({ userId, nickName }) => ({ userId, name: nickName }))
    const contacts = await readContacts(wanted, outcome, { session: ownerOf(userId), house: this.#house })
    refuseFailed(outcome)
    const { store, config } = this.#house
    const { maxContacts } = config.contacts
    await this.#write(userId, listId, [
      ...(remove.length > 0 ? store.contactLists.removeMembers(userId, listId, remove, null) : []),
      ...(contacts.length > 0 ? store.contactLists.addMembers(userId, listId, contacts, maxContacts, null) : []),
    ])
  }

  async #write(userId: string, listId: string, unit: Unit) {
    if (unit.length > 0) await writeLists(listId, unit, ownerOf(userId), this.#house).catch(refuseConflict)
  }
}

const ownerOf = (userId: string): Owner => ({ userId, homeDomain: userId.slice(userId.lastIndexOf('@') + 1) })

function refuseFailed(outcome: Outcome) {
  const [failed] = outcome.result().details ?? []
  const name = failed && statusByCode(failed.code)?.name
  if (name !== undefined) refuse(name, { description: failed?.userIds?.join(', ') })
}
