import type { Version } from '@village/protocol'

const userNames = ['UserAvailability', 'StatusText', 'Alias', 'InfoLink'] as const
export const attributeNames = ['OnlineStatus', 'ClientInfo', 'FreeTextLocation', ...userNames] as const
export type AttributeName = (typeof attributeNames)[number]

/** The attributes of a version; InfoLink came with 1.2. */
export const namesOf = (version: Version): readonly AttributeName[] =>
  attributeNames.filter(name => name !== 'InfoLink' || version !== '1.1')

/** What one client publishes; undefined takes it back. A ClientInfo is a model and a priority: `B/7`. */
export type Values = Readonly<Partial<Record<AttributeName, string | undefined>>>

const isOfUser = (name: AttributeName) => (userNames as readonly string[]).includes(name)

/** The presence of one user, merged from that of several clients (CSP 5.1.3, 8.3.1), as watchers of a version read it. */
export class PublishedModel {
  readonly #values = new Map<string, { readonly value: string; readonly at: number }>()
  readonly #clients: readonly string[]
  #now = 0

  /** @param clients their names, in the order in which they logged in */
  constructor(clients: readonly string[]) {
    this.#clients = clients
  }

  publish(client: string, values: Values) {
    this.#now++
    for (const [name, value] of Object.entries(values)) {
      const key = isOfUser(name as AttributeName) ? ` ${name}` : `${client} ${name}`
      if (value === undefined) this.#values.delete(key)
      else this.#values.set(key, { value, at: this.#now })
    }
  }

  /** The values of an attribute: none where there is none; before 1.3 one at most, of whichever client. */
  shown(name: AttributeName, version: Version): readonly string[] {
    const here = this.#here()
    if (name === 'OnlineStatus' && here.length === 0) return ['F']
    // How the user is at the moment ends with the clients that are there.
    if (name === 'UserAvailability' && here.length === 0) return []
    const holders = isOfUser(name) ? [''] : here
    const all = holders.flatMap(holder => {
      const value =
        name === 'OnlineStatus' ? 'T' : (this.#of(holder, name) ?? (name === 'ClientInfo' ? '-/' : undefined))
      if (value === undefined) return []
      if (version === '1.3') return holder === '' ? value : `${holder}:${value}`
      return name === 'ClientInfo' ? value.replace(/\/.*/, '') : value
    })
    return version === '1.3' ? all : all.slice(0, 1)
  }

  #of = (client: string, name: AttributeName) => this.#values.get(`${client} ${name}`)?.value

  /** Clients that do not appear offline: of the highest priority first, then whose newest value is the latest. */
  #here(): readonly string[] {
    const priority = (client: string) => Number(this.#of(client, 'ClientInfo')?.split('/')[1] ?? 5)
    const newest = (client: string) =>
      Math.max(0, ...[...this.#values].map(([key, { at }]) => (key.startsWith(`${client} `) ? at : 0)))
    const isHere = (client: string) => this.#of(client, 'OnlineStatus') !== 'F'
    const lastFirst = this.#clients.filter(isHere).reverse()
    return lastFirst.sort((a, b) => priority(b) - priority(a) || newest(b) - newest(a))
  }
}
