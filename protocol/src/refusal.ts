import { type StatusName, status } from './status.ts'

export interface RefusalDetail {
  /** Said to the client instead of the status's own description. */
  readonly description?: string | undefined
  /** The element at fault, as a path of wire names: `SendMessage-Request/MessageInfo/Recipient`. */
  readonly path?: string | undefined
}

/**
 * The answer to a request that cannot be granted: a status by name, thrown from wherever this becomes clear and turned
 * into a Status primitive or a Result in one place (CSP 6.1). A Refusal is an expected outcome, not a fault.
 */
export class Refusal extends Error {
  readonly status: StatusName
  readonly code: number
  /** Text for Result/Description; same as `message`. */
  readonly description: string
  readonly path: string | undefined

  constructor(name: StatusName, detail?: RefusalDetail) {
    // Anyone can make a server refuse, as often as they like, and nobody looks up where: status and path say why.
    // Walking the stack would be most of the price, so V8 is told not to; other engines ignore the property.
    const stackTraceLimit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    try {
      super(detail?.description ?? status[name].description)
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
    this.name = 'Refusal'
    this.status = name
    this.code = status[name].code
    this.description = this.message
    this.path = detail?.path
  }
}

/**
 * Throws the named {@link Refusal}. Reads well after `??`:
 * `const user = parseUserId(text, homeDomain) ?? refuse('InvalidUserId')`.
 */
export function refuse(name: StatusName, detail?: RefusalDetail): never {
  throw new Refusal(name, detail)
}
