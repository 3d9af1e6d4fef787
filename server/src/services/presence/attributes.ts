import { type Element, isWithin, PresenceSubList, type Version, versions } from '@village/protocol'

/**
 * A set of presence attributes: one number with a bit for each, in the order of the DTD. There may be a hundred thousand
 * subscriptions, and each has such a set.
 */
export type Attributes = number

export type AttributeKey = Exclude<keyof PresenceSubList, 'unknown'>

export interface Attribute {
  /** By which it is stored. */
  readonly name: string
  /** Where it stands in a list. */
  readonly key: AttributeKey
  readonly bit: Attributes
  /** Client status has a value for each client of a user, user status one for all (CSP 5.1.3, 8.3.1). */
  readonly scope: 'client' | 'user'
  readonly element: Element
  /** The element as a mere name, as requests and attribute lists have it. */
  readonly empty: object
}

const emptyOf = ({ parts = {} }: Element) =>
  Object.fromEntries(Object.entries(parts).flatMap(([key, { card }]) => (card === 'many' ? [[key, []]] : [])))

/** All there are, as the schema has them: what may occur several times belongs to clients. */
export const attributes: readonly Attribute[] = Object.entries(PresenceSubList.parts!).map(([key, part], index) => ({
  name: part.of.name,
  key: key as AttributeKey,
  bit: 1 << index,
  scope: part.card === 'many' ? 'client' : 'user',
  element: part.of,
  empty: emptyOf(part.of),
}))

export const noAttributes: Attributes = 0

const setOf = (isIn: (attribute: Attribute) => boolean): Attributes =>
  attributes.reduce((set, attribute) => (isIn(attribute) ? set | attribute.bit : set), noAttributes)

export const allAttributes: Attributes = setOf(() => true)

const byVersion = Object.fromEntries(
  versions.map(version => [version, setOf(({ element }) => isWithin(version, element.facts))]),
) as Record<Version, Attributes>

/** Those that a version knows; InfoLink came with 1.2. */
export const attributesOf = (version: Version): Attributes => byVersion[version]

/** The values of an attribute in a list: none, one, or for client status several. */
export const valuesIn = (list: PresenceSubList, { key }: Attribute): readonly object[] => {
  const found: object | readonly object[] | undefined = list[key]
  return found === undefined ? [] : Array.isArray(found) ? found : [found]
}

/** What clients of a version read of these values: before 1.3 the first, without what came later (CSP 8.3.1). */
export const readBy = (
  version: Version,
  { element, scope }: Attribute,
  values: readonly object[],
): readonly unknown[] =>
  (scope === 'client' && !isWithin(version, { since: '1.3' }) ? values.slice(0, 1) : values).map(value =>
    partsOf(version, element, value),
  )

/** A value without the parts that a version does not know. */
function partsOf(version: Version, { parts }: Element, value: unknown): unknown {
  if (parts === undefined) return value
  const held = Object.entries(value as object).filter(([key]) => {
    const part = parts[key]
    return part === undefined || (isWithin(version, part) && isWithin(version, part.of.facts))
  })
  return Object.fromEntries(
    held.map(([key, one]) => {
      const of = parts[key]?.of
      if (of === undefined || one === undefined) return [key, one]
      return [key, Array.isArray(one) ? one.map(each => partsOf(version, of, each)) : partsOf(version, of, one)]
    }),
  )
}

/** A list with these values; of user status there is room for one. */
export const listOf = (valuesOf: (attribute: Attribute) => readonly object[]): PresenceSubList => {
  const entries = attributes.map(attribute => {
    const values = valuesOf(attribute)
    return [attribute.key, attribute.scope === 'client' ? values : values[0]]
  })
  return Object.fromEntries(entries) as unknown as PresenceSubList
}

/** Which attributes are in a list, with values or as names. What an empty one means depends on the request. */
export const attributesIn = (list: PresenceSubList | undefined): Attributes =>
  list === undefined ? noAttributes : setOf(attribute => valuesIn(list, attribute).length > 0)

export const isEmpty = (list: PresenceSubList | undefined): boolean => attributesIn(list) === noAttributes

/** A list with nothing in it. */
export const emptyList: PresenceSubList = listOf(() => [])

/** The list that names these attributes and has no values. */
export const naming = (set: Attributes): PresenceSubList =>
  listOf(({ bit, empty }) => ((set & bit) === 0 ? [] : [empty]))

/** What a list says of these attributes. */
export const only = (list: PresenceSubList, set: Attributes): PresenceSubList =>
  listOf(attribute => ((set & attribute.bit) === 0 ? [] : valuesIn(list, attribute)))

/** A set as the store has it: names with blanks between. */
export const writeAttributes = (set: Attributes): string =>
  attributes
    .filter(({ bit }) => (set & bit) !== 0)
    .map(({ name }) => name)
    .join(' ')

/** Names that are none, which a later version of the server may have written, are passed over. */
export const readAttributes = (text: string): Attributes => {
  const names = new Set(text.split(' '))
  return setOf(({ name }) => names.has(name))
}
