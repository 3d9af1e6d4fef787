/** Why a document was refused: `value` is a scalar that cannot be understood, `part` a mandatory part that is missing. */
export type Fault = 'syntax' | 'limit' | 'part' | 'value'

/**
 * Input that is not what the schema says. After a `value` or a `part` fault the rest of the document can still be
 * read; after the others it cannot.
 */
export class Malformed extends Error {
  readonly fault: Fault
  /** Names of the open elements from the root, joined by `/`. */
  readonly path: string
  /** Offset of the fault in octets from the start of the document. */
  readonly offset: number

  constructor(fault: Fault, reason: string, path: string, offset: number) {
    // Input decides how often this is thrown, so the (costly) stack is not recorded: it would name the reader only.
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(`${reason} (at ${path === '' ? 'the start' : path}, byte ${offset})`)
    Error.stackTraceLimit = limit
    this.fault = fault
    this.path = path
    this.offset = offset
  }

  get isRecoverable() {
    return this.fault === 'value' || this.fault === 'part'
  }
}
