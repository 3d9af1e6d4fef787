/**
 * The words the schema is written in. An element says what it is called, which WBXML token it has and what it
 * holds; a part says how often an element occurs in another one and in which versions. Everything else (types,
 * readers, writers, samples, documentation) is derived from these facts.
 */

export const versions = ['1.1', '1.2', '1.3'] as const
export type Version = (typeof versions)[number]

/** Foreign markup below an extension element (CSP 12), kept as it came so that it can be passed on. */
export interface Markup {
  readonly name: string
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly children: readonly (Markup | string | Uint8Array)[]
}

/** What a scalar is; how each kind looks on the wire is the business of the formats. */
export interface Scalars {
  /** Free text: names, notes, passwords, identifiers. Never tokenised. */
  string: string
  /** Text from a known vocabulary, for which WBXML may have a value token. */
  token: string
  /** 0 to 4294967295. */
  int: number
  /** `T` or `F`. */
  bool: boolean
  /** A moment, exact to the second. */
  date: Date
  /** The content of a message: text, or octets. */
  content: string | Uint8Array
  /** An element whose presence is all it says. */
  empty: true
  /** An extension element with whatever is below it. */
  extension: Markup
}
export type Kind = keyof Scalars

/** `V` is what a reader returns, `I` what a writer takes: the same, but lists may be left out. */
export interface Element<V = any, I = any> {
  readonly name: string
  /** WBXML code page, 0 to 11, and tag token, 0x05 to 0x3f. */
  readonly page: number
  readonly token: number
  readonly kind?: Kind | undefined
  /** The vocabulary of a `token`, where it is closed. Readers accept other words all the same. */
  readonly values?: readonly string[] | undefined
  readonly parts?: Parts | undefined
  /** A list element holds only these; its value is the array. */
  readonly items?: Part | undefined
  readonly facts: Facts
  /** Carries the types only; never set. */
  readonly types?: { value: V; input: I }
}

export interface Facts {
  /** Names under which older versions know the same element, by the last version that uses them. */
  readonly was?: Partial<Record<Version, string>> | undefined
  /** Spellings that occur in the field; read, never written. */
  readonly spellings?: readonly string[] | undefined
  readonly since?: Version | undefined
  readonly until?: Version | undefined
  /** Declares the namespace of this layer on itself (CSP 5.2). */
  readonly namespace?: 'session' | 'transaction' | 'presence' | undefined
  /** Alternatives: exactly one of these groups of parts is present; at most one where `optional` is set. */
  readonly either?: readonly (readonly string[])[] | undefined
  readonly eitherOptional?: boolean | undefined
  /** The order of parts in older versions, by the last version that has it. */
  readonly order?: Partial<Record<Version, readonly string[]>> | undefined
  /** Text found directly inside belongs to this part. */
  readonly bareText?: string | undefined
  /** See `tellingUnknown`. */
  readonly tellsUnknown?: boolean | undefined
  /** Many are told the same: of a value that is frozen, with all below it, writers remember what they wrote. */
  readonly isShared?: boolean | undefined
  /** Brings what older versions place elsewhere to where the present version has it, and back. */
  readonly reshape?: Reshape | undefined
}

export interface Reshape {
  readonly until: Version
  readonly up: (value: any) => any
  readonly down: (value: any) => any
}

/** An older (or merely tolerated) way to write a part. */
export interface Form {
  /** The last version that writes it so; undefined: never written, only read. */
  readonly until: Version | undefined
  readonly of: Element
  readonly up: (found: any[]) => any
  readonly down: (value: any) => readonly any[]
}

export type Cardinality = 'one' | 'optional' | 'many' | 'some'
export interface Part<E extends Element = Element, C extends Cardinality = Cardinality> {
  readonly of: E
  readonly card: C
  readonly since?: Version | undefined
  readonly until?: Version | undefined
  readonly forms?: readonly Form[] | undefined
}
export type Parts = Readonly<Record<string, Part>>

export type Value<E> = E extends Element<infer V, any> ? V : never
export type Input<E> = E extends Element<any, infer I> ? I : never

/** Marks a part that only older versions have; see `former`. */
export interface Former {
  readonly former: true
}

type KeysOf<P extends Parts, C extends Cardinality> = {
  [K in keyof P]: P[K] extends Former ? never : P[K]['card'] extends C ? K : never
}[keyof P]
type Flat<T> = { [K in keyof T]: T[K] }
export type NodeValue<P extends Parts> = Flat<
  { [K in KeysOf<P, 'one'>]: Value<P[K]['of']> } & { [K in KeysOf<P, 'optional'>]?: Value<P[K]['of']> | undefined } & {
    [K in KeysOf<P, 'many' | 'some'>]: readonly Value<P[K]['of']>[]
  }
>
export type NodeInput<P extends Parts> = Flat<
  { [K in KeysOf<P, 'one'>]: Input<P[K]['of']> } & { [K in KeysOf<P, 'optional'>]?: Input<P[K]['of']> | undefined } & {
    [K in KeysOf<P, 'many'>]?: readonly Input<P[K]['of']>[] | undefined
  } & { [K in KeysOf<P, 'some'>]: readonly Input<P[K]['of']>[] }
>
type PartValue<P extends Part> = P['card'] extends 'many' | 'some' ? readonly Value<P['of']>[] : Value<P['of']>
type PartInput<P extends Part> = P['card'] extends 'many' | 'some' ? readonly Input<P['of']>[] : Input<P['of']>

/** An element that holds one scalar. */
export const leaf = <K extends Kind>(
  kind: K,
  name: string,
  page: number,
  token: number,
  facts: Facts & { values?: readonly string[] } = {},
): Element<Scalars[K], Scalars[K]> => ({ name, page, token, kind, values: facts.values, facts })

/** An element that holds parts, written in this order. */
export const node = <P extends Parts>(
  name: string,
  page: number,
  token: number,
  parts: P,
  facts: Facts = {},
): Element<NodeValue<P>, NodeInput<P>> => ({ name, page, token, parts, facts })

/** What an element has besides its parts where it tells of unknown children; read, never written. */
export interface TellsUnknown {
  /** Names, as far as they are shown to people: the first few, shortened. Only there where there are any. */
  readonly unknown?: readonly string[] | undefined
}

/**
 * Unknown children are skipped here as anywhere, and their names are told to whoever has to refuse them. Those in a
 * foreign namespace, which the language allows (CSP 5.2), are not told.
 */
export const tellingUnknown = <V, I>(element: Element<V, I>): Element<V & TellsUnknown, I> => ({
  ...(element as Element),
  facts: { ...element.facts, tellsUnknown: true },
})

/** An element that holds nothing but a list; its value is that list. */
export const list = <E extends Element>(
  name: string,
  page: number,
  token: number,
  items: Part<E, 'many' | 'some'>,
  facts: Facts = {},
): Element<readonly Value<E>[], readonly Input<E>[]> => ({ name, page, token, items, facts })

/**
 * An element whose value is shaped otherwise than its parts; `up` and `down` translate in every version. All of its
 * parts are optional, because what must be there is demanded of the value by whoever holds the element.
 */
export const shaped = <P extends Readonly<Record<string, Part<Element, 'optional' | 'many'>>>, V, I = V>(
  name: string,
  page: number,
  token: number,
  parts: P,
  up: (found: NodeValue<P>) => V,
  down: (value: I) => NodeInput<P>,
  facts: Facts = {},
): Element<V, I> => ({ name, page, token, parts, facts: { ...facts, reshape: { until: '1.3', up, down } } })

/** An element that holds one other and says nothing else: its value is that of the other, undefined where empty. */
export const wrap = <E extends Element>(
  name: string,
  page: number,
  token: number,
  of: E,
  facts: Facts = {},
): Element<Value<E>, Input<E>> => ({
  name,
  page,
  token,
  parts: { content: optional(of) },
  facts: { ...facts, reshape: { until: '1.3', up: found => found.content, down: content => ({ content }) } },
})

interface Span {
  since?: Version
  until?: Version
}
export const one = <E extends Element>(of: E, span: Span = {}): Part<E, 'one'> => ({ of, card: 'one', ...span })
export const optional = <E extends Element>(of: E, span: Span = {}): Part<E, 'optional'> => ({
  of,
  card: 'optional',
  ...span,
})
export const many = <E extends Element>(of: E, span: Span = {}): Part<E, 'many'> => ({ of, card: 'many', ...span })
export const some = <E extends Element>(of: E, span: Span = {}): Part<E, 'some'> => ({ of, card: 'some', ...span })

/** A part that `reshape` moves to where the present version has it: read and written, but not part of the type. */
export const former = <P extends Part>(part: P): P & Former => ({ ...part, former: true })

/** Until `until` this part was written as elements `of`; `up` and `down` translate. Read in every version. */
export const was = <P extends Part, E extends Element>(
  part: P,
  until: Version,
  of: E,
  up: (found: Value<E>[]) => PartValue<P>,
  down: (value: PartInput<P>) => readonly Input<E>[],
): P => ({ ...part, forms: [...(part.forms ?? []), { until, of, up, down }] })

/** Clients in the field write this part as elements `of`: read, never written. */
export const also = <P extends Part, E extends Element>(
  part: P,
  of: E,
  up: (found: Value<E>[]) => PartValue<P>,
): P => ({ ...part, forms: [...(part.forms ?? []), { until: undefined, of, up, down: () => [] }] })

export const isWithin = (version: Version, span: { since?: Version | undefined; until?: Version | undefined }) =>
  (span.since === undefined || version >= span.since) && (span.until === undefined || version <= span.until)

/** The name of an element in a version. */
export const nameIn = (version: Version, element: Element): string => {
  for (const [until, name] of Object.entries(element.facts.was ?? {})) if (version <= until) return name
  return element.name
}
