import { type StatusName, status } from '@village/protocol'
import type { ResultInput } from '../context.ts'

/** What failed: the entity as the client wrote it. */
export interface Failed {
  readonly userIds?: readonly string[]
  readonly messageIds?: readonly string[]
  readonly groupIds?: readonly string[]
  readonly screenNames?: readonly { readonly name: string; readonly groupId: string }[]
  readonly contactLists?: readonly string[]
}

/**
 * Collects partial success, and alone knows the rule of 200, 201 and 900 (CSP 6.1): 200 never carries details, 201
 * lists what failed, and where nothing succeeded the one common code is the result, or 900 with all of them.
 */
export class Outcome {
  #succeeded = 0
  readonly #failures = new Map<StatusName, Failed[]>()

  succeed() {
    this.#succeeded++
  }

  fail(name: StatusName, failed: Failed) {
    const so = this.#failures.get(name)
    if (so) so.push(failed)
    else this.#failures.set(name, [failed])
  }

  get isFailure() {
    return this.#succeeded === 0 && this.#failures.size > 0
  }

  result(): ResultInput {
    if (this.#failures.size === 0) return { code: 200 }
    const details = [...this.#failures].map(([name, failed]) => ({
      code: status[name].code,
      description: status[name].description,
      // Named in several ways a user is one all the same.
      userIds: [...new Set(failed.flatMap(({ userIds = [] }) => userIds))],
      messageIds: failed.flatMap(({ messageIds = [] }) => messageIds),
      groupIds: failed.flatMap(({ groupIds = [] }) => groupIds),
      screenNames: failed.flatMap(({ screenNames = [] }) => screenNames),
      contactLists: failed.flatMap(({ contactLists = [] }) => contactLists),
    }))
    const [only, ...others] = details
    if (this.#succeeded > 0) return { code: 201, description: status.PartiallySuccessful.description, details }
    if (others.length > 0) return { code: 900, description: status.MultipleErrors.description, details }
    return { code: only!.code, description: only!.description, details }
  }
}
