import { isWithin, type Property, parseAddress, type Version } from '@village/protocol'
import type { ContactList, PropertyChange } from '../../store/contact-lists.ts'
import { isFitName } from './names.ts'

interface ReadProperties {
  /** What is said of them, and can be granted. */
  readonly properties: PropertyChange
  /** Names of those that are unknown or have a value they cannot have. */
  readonly invalid: readonly string[]
}

/** Reads the properties of a contact list (CSP 8.1.1); what is said last of one counts. */
export function readProperties(said: readonly Property[]): ReadProperties {
  const properties = said.map(readProperty)
  const invalid = said.filter((_, index) => properties[index] === undefined)
  return { properties: Object.assign({}, ...properties), invalid: invalid.map(({ name }) => name) }
}

function readProperty({ name, value = '' }: Property): PropertyChange | undefined {
  if (name === 'DisplayName') return value === '' || isFitName(value) ? { displayName: value } : undefined
  if (value !== 'T' && value !== 'F') return undefined
  if (name === 'Default') return { isDefault: value === 'T' }
  if (name === 'DoNotNotify') return { doNotNotify: value === 'T' }
  return undefined
}

/** All properties of a list, for a client of a version. A list without a name goes by its address. */
export function writeProperties(list: ContactList, version: Version): Property[] {
  const displayName = list.displayName || (parseAddress(list.listId, '')?.resource ?? '')
  const properties = [
    { name: 'DisplayName', value: displayName },
    { name: 'Default', value: flag(list.isDefault) },
  ]
  if (isWithin(version, { since: '1.3' })) properties.push({ name: 'DoNotNotify', value: flag(list.doNotNotify) })
  return properties
}

const flag = (value: boolean) => (value ? 'T' : 'F')
