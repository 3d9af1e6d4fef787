import { type BodyInput, type ClientID, PresenceSubList } from '@village/protocol'

export type AttributeKey = Exclude<keyof PresenceSubList, 'unknown'>
export type AttributeList = BodyInput<'UpdatePresenceRequest'>['presenceSubList']

/** One occurrence of an attribute. */
export interface Value {
  readonly qualifier?: boolean | undefined
  readonly presenceValue?: string | undefined
  readonly clientId?: ClientID | undefined
}

const parts = PresenceSubList.parts!
const keys = Object.keys(parts) as readonly AttributeKey[]

/** A list that names attributes, for requests (CSP 8.3.2.3). */
export const naming = (wanted: readonly AttributeKey[]): AttributeList => listOf(wanted, {})

/** A list that takes attributes back. */
export const unsetting = (gone: readonly AttributeKey[]): AttributeList => listOf(gone, { qualifier: false })

const listOf = (wanted: readonly AttributeKey[], value: Value): AttributeList =>
  Object.fromEntries(wanted.map(key => [key, parts[key]!.card === 'many' ? [value] : value]))

/** A list with values that hold, of attributes that have nothing but a value. */
export const saying = (values: Partial<Record<AttributeKey, string>>): AttributeList =>
  Object.fromEntries(
    Object.entries(values).map(([key, presenceValue]) => {
      const value = { qualifier: true, presenceValue }
      return [key, parts[key]!.card === 'many' ? [value] : value]
    }),
  )

/** All occurrences of an attribute, with a value or without. */
export const occurrences = (list: PresenceSubList, key: AttributeKey): readonly Value[] => {
  const found: Value | readonly Value[] | undefined = list[key]
  return found === undefined ? [] : [found].flat()
}

/** The attributes in a list, with values or as names. */
export const namesIn = (lists: readonly PresenceSubList[]): AttributeKey[] =>
  keys.filter(key => lists.some(list => occurrences(list, key).length > 0))

/** What an occurrence says, besides whether it holds and whose it is: a PresenceValue alone as it is. */
export function contentOf({ qualifier: _, clientId: __, ...content }: Value): string | undefined {
  const said = Object.entries(content).filter(([, value]) => value !== undefined && !isEmptyList(value))
  if (said.length === 0) return undefined
  return content.presenceValue ?? JSON.stringify(Object.fromEntries(said))
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0
