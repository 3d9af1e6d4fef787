import type { Markup, Version } from '../schema/kit.ts'
import type { Likely } from './likely.ts'
import type { Fault, Malformed } from './malformed.ts'

/** No more elements: the current one has ended. */
export const END = 0
/** An element whose name is not in the schema. */
export const UNKNOWN = -1

/**
 * A pull reader over one document; XML and WBXML each have one. `open` moves to the next child of the current
 * element; a child that was opened must be consumed, by reading its children to their end, by one of the scalar
 * methods, or by `skip`.
 */
export interface Source {
  /** Decides what tokens mean; set as soon as the envelope has told it. */
  version: Version
  /** How many elements are open. */
  readonly depth: number
  /** The namespace of the root element; empty where it has none. */
  readonly namespace: string
  /** Where the reader stands, in units of `between`. */
  readonly position: number

  /** Opens the root element. Call first, once. */
  root(likely?: Likely): number
  /**
   * The tag of the next child element (UNKNOWN for a foreign one), or END, which closes the current element.
   * @param likely makes children of these names quicker to find; others are found as well.
   */
  open(likely?: Likely): number
  /**
   * The name of the element opened last, where it is not in a foreign namespace. In WBXML it has to be on this code page, or
   * to have no token at all.
   */
  stranger(page: number): string | undefined
  /** Text found directly inside the element that ended last, trimmed. */
  loose(): string
  /** Consumes the element opened last with all below it. */
  skip(): void
  /** Checks that nothing follows the root element. */
  finish(): void

  string(): string
  int(): number
  bool(): boolean
  date(): Date
  content(): string | Uint8Array
  empty(): true
  extension(): Markup

  /** The document as it came, between two positions. */
  between(start: number, end: number): string | Uint8Array
  malformed(fault: Fault, reason: string, below?: string): Malformed
}

export interface Limits {
  /** Elements within elements. */
  readonly depth: number
  /** Elements in the whole document. */
  readonly nodes: number
  /** Attributes of one element. */
  readonly attributes: number
  /** Octets of a WBXML string table. */
  readonly stringTable: number
}

export const defaultLimits: Limits = { depth: 32, nodes: 50_000, attributes: 64, stringTable: 65_536 }
