import { type AuthorizationRequest, isAsking, needs, readRequests } from './authorization-requests.ts'
import { mapped } from './mapped.ts'
import { type AttributeName, attributeNames, readNames, writeNames } from './presence-attributes.ts'
import type { Session } from './session.ts'

/** Whose permission is meant: that of users, of all on contact lists, or of everybody who is neither (CSP 8.2.2). */
export interface Audience {
  readonly userIds?: readonly string[] | undefined
  readonly contactLists?: readonly string[] | undefined
  readonly everybody?: boolean | undefined
}

/** What somebody may see. */
export interface Permission {
  readonly attributes: readonly AttributeName[]
  /** Whether the user wants to be asked when more is asked for (CSP 1.3); undefined where that was never said. */
  readonly asksForMore: boolean | undefined
}

export interface Permissions {
  /** By User-ID; counts before everything else. */
  readonly users: ReadonlyMap<string, Permission>
  /** By the address of a contact list; what several lists permit adds up. */
  readonly contactLists: ReadonlyMap<string, Permission>
  /** Of those with no permission of their own; undefined where the server did not say. */
  readonly everybody: Permission | undefined
}

/** Who may see which attributes of the user's presence (CSP 8.2). */
export class Authorizations {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * Says what somebody may see from now on, in place of what was said before: nothing at all where no attributes are named.
   * @param options `asksForMore`: whether to be asked when more is asked for (CSP 1.3); it stays as it is unless it is said
   * @throws RequestFailed UnknownUser 531, ContactListDoesNotExist 700, TooManyAttributeLists 755, ...
   */
  async set(
    audience: Audience,
    attributes: readonly AttributeName[],
    { asksForMore }: { readonly asksForMore?: boolean | undefined } = {},
  ): Promise<void> {
    const { userIds, contactLists, everybody } = audience
    await this.#session.request('CreateAttributeListRequest', {
      presenceSubList: writeNames(attributes),
      ...written(audience),
      defaultNotify: everybody ? asksForMore : undefined,
      userNotify: userIds?.length ? asksForMore : undefined,
      contactListNotify: contactLists?.length ? asksForMore : undefined,
    })
  }

  /**
   * What users, lists or everybody may see; where neither users nor lists are named, all that was ever said.
   * @throws RequestFailed UnknownUser 531, ContactListDoesNotExist 700
   */
  async get(audience: Audience = { everybody: true }): Promise<Permissions> {
    const answer = await this.#session.request('GetAttributeListRequest', written(audience))
    const { presences = [], defaultAttributeList } = answer
    const [users, contactLists] = [new Map<string, Permission>(), new Map<string, Permission>()]
    for (const { userId, userNotify, contactList, contactListNotify, presenceSubLists } of presences) {
      const attributes = presenceSubLists.flatMap(list => readNames(list))
      if (userId !== undefined) users.set(userId, { attributes, asksForMore: userNotify })
      if (contactList !== undefined) contactLists.set(contactList, { attributes, asksForMore: contactListNotify })
    }
    const everybody = defaultAttributeList && {
      attributes: readNames(defaultAttributeList.presenceSubList),
      asksForMore: defaultAttributeList.defaultNotify,
    }
    return { users, contactLists, everybody }
  }

  /**
   * Takes back what was said of users, lists or everybody, so that the next wider permission counts; where nothing was,
   * that is no failure.
   * @throws RequestFailed UnknownUser 531, ContactListDoesNotExist 700
   */
  async delete(audience: Audience): Promise<void> {
    await this.#session.request('DeleteAttributeListRequest', written(audience))
  }

  /**
   * Lets a user see this much besides what is permitted already; all there is, unless attributes are named.
   * @param contactLists by which the user sees what he does; without them what everybody sees counts
   * @throws RequestFailed UnknownUser 531, TooManyAttributeLists 755, ...
   */
  async allow(userId: string, attributes = attributeNames, contactLists: readonly string[] = []): Promise<void> {
    const seen = await this.#seenBy(userId, contactLists)
    await this.set({ userIds: [userId] }, [
      ...new Set([...seen, ...(attributes.length > 0 ? attributes : attributeNames)]),
    ])
  }

  /** Leaves a user with what is permitted already, and does not want to be asked for more (CSP 1.3). @throws RequestFailed */
  async deny(userId: string, contactLists: readonly string[] = []): Promise<void> {
    await this.set({ userIds: [userId] }, await this.#seenBy(userId, contactLists), { asksForMore: false })
  }

  /**
   * Who asks to see more, in the way of `messaging.messages()`: some at a time. Before 1.3 servers ask where that was
   * negotiated (`presence: 'live'`), since then those who want to {@link beAsked}.
   */
  requests(): AsyncIterableIterator<readonly AuthorizationRequest[]> {
    return mapped(this.#session.consume(isAsking, 'one'), ({ primitive }) => readRequests(primitive, this.#session))
  }

  /**
   * Has the server ask about those who want to see more than they may (CSP 8.2.3). Whether that goes for everybody is
   * kept with the account: where it was never said, it does from now on. Nothing to do before CSP 1.3.
   * @throws RequestFailed
   */
  async beAsked(): Promise<void> {
    if (this.#session.version < '1.3') return
    await this.#session.generalNotifications.subscribe(needs)
    const { everybody } = await this.get()
    if (everybody && everybody.asksForMore === undefined)
      await this.set({ everybody: true }, everybody.attributes, { asksForMore: true })
  }

  /** A permission of one's own replaces all others, which therefore have to be part of it (CSP 8.2.2). */
  async #seenBy(userId: string, contactLists: readonly string[]): Promise<readonly AttributeName[]> {
    const {
      users,
      contactLists: lists,
      everybody,
    } = await this.get({ userIds: [userId], contactLists, everybody: true })
    const own = named(users, [userId])
    const wider = contactLists.length > 0 ? named(lists, contactLists) : everybody ? [everybody] : []
    return (own.length > 0 ? own : wider).flatMap(({ attributes }) => attributes)
  }
}

/** Servers may tell of more than was asked for. */
const named = (permissions: ReadonlyMap<string, Permission>, addresses: readonly string[]): Permission[] => {
  const wanted = addresses.map(address => address.toLowerCase())
  return [...permissions].filter(([address]) => wanted.includes(address.toLowerCase())).map(([, it]) => it)
}

const written = ({ userIds, contactLists, everybody = false }: Audience) => ({
  userIds: userIds?.length ? userIds : undefined,
  contactLists: contactLists?.length ? contactLists : undefined,
  defaultList: everybody,
})
