import type { PresenceSubList, Version } from '@village/protocol'
import { attributes, emptyList, listOf, valuesIn } from '../src/services/presence/attributes.ts'
import type { Phone } from '../src/testing/phone.ts'
import { openVillage, type Village } from '../src/testing/village.ts'
import { clients, type ListName, listNames, versionOf, watchers } from './policy.ts'
import type { AttributeName, Values } from './published-model.ts'

export const publisher = 'bob'
export const userId = (user: string, isLocal = false) => `wv:${user}${isLocal ? '' : '@example.com'}`
export const listId = (list: ListName, isLocal = false) => `wv:${publisher}/${list}${isLocal ? '' : '@example.com'}`
/** The list by which a watcher watches the publisher. */
export const ownList = (user: string, isLocal = false) => `wv:${user}/all${isLocal ? '' : '@example.com'}`

/** A publisher with two clients and a watcher of each version, all logged in, and nothing said or authorized. */
export class PolicyVillage {
  readonly village: Village
  readonly phones: Readonly<Record<string, Phone>>

  private constructor(village: Village, phones: Readonly<Record<string, Phone>>) {
    this.village = village
    this.phones = phones
  }

  static async open(): Promise<PolicyVillage> {
    const village = await openVillage({ users: [publisher, ...watchers] })
    const phones: Record<string, Phone> = {}
    const add = async (name: string, user: string, version: Version) => {
      const phone = village.phone(user, { version, syntax: 'wbxml', clientId: name })
      phones[name] = phone
      await phone.login()
      await phone.negotiate({ presenceFeat: {} })
      await village.world.pass(1)
    }
    for (const name of clients) await add(name, publisher, '1.3')
    for (const name of watchers) await add(name, name, versionOf[name])
    for (const list of listNames)
      await phones.phone!.code({ name: 'CreateListRequest', body: { contactList: listId(list) } })
    for (const name of watchers)
      await phones[name]!.code({ name: 'CreateListRequest', body: { contactList: ownList(name) } })
    return new PolicyVillage(village, phones)
  }

  /** Nothing that was done since it was opened holds any more. */
  async clear() {
    const tables = ['publications', 'attribute_lists', 'subscriptions', 'contact_list_members']
    await this.village.store.commit(tables.map(table => ({ sql: `DELETE FROM ${table}`, params: [] })))
    this.village.restart()
  }
}

/** What a client publishes of these values. */
export function publication(said: Values): PresenceSubList {
  return listOf(attribute => {
    const name = attribute.name as AttributeName
    if (!(name in said)) return []
    const value = said[name]
    return [
      {
        ...attribute.empty,
        ...(value === undefined ? { qualifier: false } : { qualifier: true, ...written(name, value) }),
      },
    ]
  })
}

const written = (name: AttributeName, value: string): object => {
  const [model, priority] = value.split('/')
  if (name === 'ClientInfo') return { model, clientImPriority: Number(priority) }
  return name === 'InfoLink' ? { infLinks: [{ link: value }] } : { presenceValue: value }
}

type Value = NonNullable<PresenceSubList['infoLink']> &
  PresenceSubList['clientInfos'][number] & { presenceValue?: string }

/** What a watcher reads: the values of each attribute, with whose they are since 1.3; empty for Qualifier F. */
export function readPresence(list: PresenceSubList | undefined): ReadonlyMap<AttributeName, readonly string[]> {
  const told = new Map<AttributeName, readonly string[]>()
  for (const attribute of attributes) {
    const values = valuesIn(list ?? emptyList, attribute) as readonly Value[]
    if (values.length > 0)
      told.set(
        attribute.name as AttributeName,
        values.flatMap(value => read(attribute.name, value)),
      )
  }
  return told
}

function read(name: string, value: Value): readonly string[] {
  const { qualifier, presenceValue, clientId, infLinks, model = '-', clientImPriority } = value
  if (qualifier === false) return []
  // Of a client that has gone while another stays it may be told or not.
  if (name === 'OnlineStatus' && clientId !== undefined && presenceValue === 'F') return []
  const owner = clientId === undefined ? '' : `${clientId.url}:`
  const priority = clientId === undefined ? '' : `/${clientImPriority ?? ''}`
  if (name === 'ClientInfo') return [`${owner}${model}${priority}`]
  return [`${owner}${name === 'InfoLink' ? infLinks[0]?.link : presenceValue}`]
}
