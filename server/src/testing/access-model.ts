/**
 * Who hears whom, as a plain transcription of CSP 9.3.1 and its figure 60: no store, no cache and no indices, so that
 * the server can be held to it.
 */

export interface List {
  readonly isInUse: boolean
  readonly userIds: readonly string[]
  readonly contactLists: readonly string[]
  readonly applicationIds: readonly string[]
  readonly screenNames: readonly { readonly name: string; readonly groupId: string }[]
}
export interface Policy {
  readonly block: List
  readonly grant: List
  /** Members of the user's contact lists, by the name of the list. */
  readonly contacts: Readonly<Record<string, readonly string[]>>
}

/** One way in which a message names one of its recipients. */
export interface Way {
  readonly to: string
  readonly applicationId: string | undefined
}
export interface Sent {
  readonly from: string
  readonly ways: readonly Way[]
  /** It also names a user that there is not. */
  readonly isToNobody: boolean
}
interface Waiting {
  readonly text: string
  readonly from: string
  /** Those in which its recipient hears it. */
  readonly ways: readonly Way[]
}

export const nobody = 'wv:nobody@example.com'
export const addressOf = (name: string) => `wv:${name}@example.com`

export class AccessModel {
  readonly #isBlockHidden: boolean
  readonly #policies = new Map<string, Policy>()
  #waiting: readonly Waiting[] = []

  constructor(isBlockHidden: boolean) {
    this.#isBlockHidden = isBlockHidden
  }

  /** From now on; what waits for the user is judged by it as well, and taken out for good. */
  adopt(user: string, policy: Policy) {
    this.#policies.set(user, policy)
    this.#waiting = this.#waiting.filter(({ from, ways }) => ways.some(way => this.#isHeard(from, way)))
  }

  /** What the sender has to be told: the code, and who failed with which, in no order. */
  send({ from, ways, isToNobody }: Sent, text: string) {
    const heard = ways.filter(way => this.#isHeard(from, way))
    for (const to of new Set(heard.map(way => way.to)))
      this.#waiting = [...this.#waiting, { text, from, ways: heard.filter(way => way.to === to) }]
    const unheard = this.#isBlockHidden ? [] : ways.filter(way => !heard.includes(way))
    const failed: [number, string[]][] = []
    if (isToNobody) failed.push([531, [nobody]])
    if (unheard.length > 0) failed.push([532, [...new Set(unheard.map(({ to }) => addressOf(to)))].sort()])
    return { code: codeOf(failed, unheard.length < ways.length), failed }
  }

  /** What is still to come for a user: the texts, and how many copies there may be at most. */
  takeAll(user: string): ReadonlyMap<string, number> {
    const own = this.#waiting.filter(({ ways }) => ways[0]!.to === user)
    this.#waiting = this.#waiting.filter(item => !own.includes(item))
    return new Map(own.map(({ text, ways }) => [text, ways.length]))
  }

  /** Figure 60 as it stands. */
  #isHeard(from: string, { to, applicationId }: Way): boolean {
    const { block, grant, contacts } = this.#policies.get(to)!
    const isOn = (list: List) => isMeantBy(list, { owner: to, contacts, from, applicationId })
    if (block.isInUse && isOn(block)) return false
    if (grant.isInUse) return isOn(grant)
    return true
  }
}

/** CSP 6.1: success without failures, partial success, one reason or several. */
const codeOf = ([first, ...others]: readonly [number, string[]][], isTaken: boolean): number => {
  if (first === undefined) return 200
  if (isTaken) return 201
  return others.length > 0 ? 900 : first[0]
}

interface Question extends Pick<Policy, 'contacts'> {
  readonly owner: string
  readonly from: string
  readonly applicationId: string | undefined
}

const isMeantBy = (list: List, { owner, contacts, from, applicationId }: Question): boolean => {
  const isListed = (name: string) => list.contactLists.some(entry => isAddress(entry, `wv:${owner}/${name}`))
  return (
    list.userIds.some(entry => isAddress(entry, `wv:${from}`)) ||
    Object.entries(contacts).some(([name, members]) => isListed(name) && members.includes(from)) ||
    list.applicationIds.some(entry => applicationId !== undefined && isLike(entry, applicationId))
  )
}

/** An address at home is meant with its domain and without it. */
const isAddress = (entry: string, local: string) => isLike(entry, local) || isLike(entry, `${local}@example.com`)

const isLike = (pattern: string, text: string): boolean => {
  const [[first, ...more], [next, ...others]] = [pattern.toLowerCase(), text.toLowerCase()]
  const [rest, tail] = [more.join(''), others.join('')]
  if (first === undefined) return next === undefined
  if (first === '*') return isLike(rest, text) || (next !== undefined && isLike(pattern, tail))
  if (first === '?') return isLike(rest, text) || (next !== undefined && isLike(rest, tail))
  return first === next && isLike(rest, tail)
}
