import { isWithin, type StatusName, status, type Version } from '@village/protocol'
import type { ResultInput } from '../context.ts'

/** What succeeded or failed: the entities as the client wrote them, or none where no name can be given. */
export interface Named {
  readonly userIds?: readonly string[]
  readonly messageIds?: readonly string[]
  readonly groupIds?: readonly string[]
  readonly screenNames?: readonly { readonly name: string; readonly groupId: string }[]
  readonly contactLists?: readonly string[]
}

/** What succeeded may be left out (CSP 6.1), and who wrote to a thousand does not want to read of all but one of them. */
const mostSucceeded = 100

/**
 * Collects partial success, and alone knows the rule of 200, 201 and 900 (CSP 6.1): 200 never carries details, 201
 * lists what failed and then, as 200, what succeeded, and where nothing succeeded the one common code is the result, or
 * 900 with all of them. IMPS-CSP-TRACT-S-008 to 011.
 */
export class Outcome {
  readonly #version: Version
  readonly #successes: Named[] = []
  readonly #failures = new Map<StatusName, Named[]>()

  /** @param version of the client that is to read the result */
  constructor(version: Version) {
    this.#version = version
  }

  succeed(named: Named = {}) {
    this.#successes.push(named)
  }

  fail(name: StatusName, failed: Named) {
    const so = this.#failures.get(name)
    if (so) so.push(failed)
    else this.#failures.set(name, [failed])
  }

  get isFailure() {
    return this.#successes.length === 0 && this.#failures.size > 0
  }

  result(): ResultInput {
    if (this.#failures.size === 0) return { code: 200 }
    const details = [...this.#failures].map(([name, failed]) => ({ ...coded(name), ...together(failed) }))
    if (this.#successes.length > 0)
      return { ...coded('PartiallySuccessful'), details: [...details, ...this.#succeeded(details)] }
    const [only, ...others] = details
    if (others.length > 0) return { ...coded('MultipleErrors'), details }
    return { code: only!.code, description: only!.description, details }
  }

  /** Told last, since it is the first to go for want of room; nothing where there is nothing to name. */
  #succeeded(failed: readonly Named[]) {
    const { userIds, messageIds, groupIds, screenNames, contactLists } = together(this.#successes)
    // Who is reached in one way and not in another goes by what failed: the ways look alike.
    const failedUserIds = new Set(failed.flatMap(({ userIds = [] }) => userIds))
    // A client of 1.1 would read a code that is about nothing.
    const isTold = isWithin(this.#version, { since: '1.2' })
    const named = {
      userIds: userIds.filter(userId => !failedUserIds.has(userId)),
      messageIds: isTold ? messageIds : [],
      groupIds,
      screenNames,
      contactLists: isTold ? contactLists : [],
    }
    const count = Object.values(named).flat().length
    return count === 0 || count > mostSucceeded ? [] : [{ ...coded('Successful'), ...named }]
  }
}

const coded = (name: StatusName) => ({ code: status[name].code, description: status[name].description })

const together = (named: readonly Named[]) => ({
  // Named in several ways a user is one all the same.
  userIds: [...new Set(named.flatMap(({ userIds = [] }) => userIds))],
  messageIds: named.flatMap(({ messageIds = [] }) => messageIds),
  groupIds: named.flatMap(({ groupIds = [] }) => groupIds),
  screenNames: named.flatMap(({ screenNames = [] }) => screenNames),
  contactLists: named.flatMap(({ contactLists = [] }) => contactLists),
})
