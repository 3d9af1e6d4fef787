import type { Version } from '@village/protocol'
import fc from 'fast-check'
import { type AttributeName, attributeNames, namesOf, type Values } from './published-model.ts'

/** Who watches: a user for each version. */
export const watchers = ['anna', 'bert', 'cleo'] as const
export const versionOf: Record<WatcherName, Version> = { anna: '1.1', bert: '1.2', cleo: '1.3' }
export type WatcherName = (typeof watchers)[number]
/** The clients of the publisher, the one that logs in first first. */
export const clients = ['phone', 'tablet'] as const
type ClientName = (typeof clients)[number]
/** Contact lists of the publisher. */
export const listNames = ['friends', 'work'] as const
export type ListName = (typeof listNames)[number]

/** Whom an attribute list is for. */
export interface Subjects {
  readonly users: readonly WatcherName[]
  readonly lists: readonly ListName[]
  readonly isDefault: boolean
}

type Notify = boolean | undefined

/** What the publisher or a watcher does. Without names all attributes are meant. */
export type Deed =
  | ({ readonly deed: 'authorize'; readonly names: readonly AttributeName[]; readonly notify: Notify } & Subjects)
  | ({ readonly deed: 'revoke' } & Subjects)
  | { readonly deed: 'add'; readonly list: ListName; readonly users: readonly WatcherName[] }
  | { readonly deed: 'remove'; readonly list: ListName; readonly users: readonly WatcherName[] }
  | { readonly deed: 'publish'; readonly values: Values }
  | {
      readonly deed: 'subscribe'
      readonly watcher: WatcherName
      readonly by: By
      readonly names: Names
      follow: boolean
    }
  | { readonly deed: 'unsubscribe'; readonly watcher: WatcherName; readonly by: By }
  | { readonly deed: 'get'; readonly watcher: WatcherName; readonly by: By; readonly names: Names }
  | { readonly deed: 'befriend'; readonly watcher: WatcherName }
  | { readonly deed: 'unfriend'; readonly watcher: WatcherName }
  | { readonly deed: 'restart' }

export type By = 'user' | 'list'
type Names = readonly AttributeName[]

export interface Step {
  readonly what: Deed
  /** Which client of the publisher does it, where it is the publisher. */
  readonly client: ClientName
  /** Whether addresses are written without their domain. */
  readonly isLocal: boolean
  /** Who asks then whether there is news. */
  readonly heard: readonly WatcherName[]
}

const watcher = fc.constantFrom(...watchers)
const some = <T>(of: readonly T[]) => fc.subarray([...of], { minLength: 1 })
const by = fc.constantFrom<By>('user', 'user', 'list')
const names = fc.oneof(fc.constant<AttributeName[]>([]), some<AttributeName>(attributeNames))

const subjects: fc.Arbitrary<Subjects> = fc
  .record({ users: fc.subarray([...watchers]), lists: fc.subarray([...listNames]), isDefault: fc.boolean() })
  .map(to => (to.users.length + to.lists.length > 0 ? to : { ...to, isDefault: true }))

const values: Record<AttributeName, readonly string[]> = {
  OnlineStatus: ['T', 'F'],
  ClientInfo: ['A/5', 'B/5', 'A/7'],
  FreeTextLocation: ['home', 'away'],
  UserAvailability: ['AVAILABLE', 'DISCREET'],
  StatusText: ['in', 'out'],
  Alias: ['Bo', 'Bobo'],
  InfoLink: ['http://a', 'http://b'],
}
const publish = some<AttributeName>(attributeNames)
  .map(chosen => chosen.slice(0, 3))
  .chain(chosen =>
    fc
      .tuple(...chosen.map(name => fc.option(fc.constantFrom(...values[name]), { nil: undefined, freq: 3 })))
      .map(said => ({
        deed: 'publish' as const,
        values: Object.fromEntries(chosen.map((name, at) => [name, said[at]])),
      })),
  )

const authorize = fc
  .record({ names: fc.oneof(fc.subarray<AttributeName>([...attributeNames]), fc.constant([...attributeNames])) })
  .chain(({ names }) =>
    fc
      .tuple(subjects, fc.option(fc.boolean(), { nil: undefined }))
      .map(([to, notify]) => ({ deed: 'authorize' as const, names, notify, ...to })),
  )
const revoke = subjects.map(to => ({ deed: 'revoke' as const, ...to }))
const members = fc.record({
  deed: fc.constantFrom<('add' | 'remove')[]>('add', 'remove'),
  list: fc.constantFrom(...listNames),
  users: some(watchers),
})
const subscribe = fc.record({ deed: fc.constant('subscribe' as const), watcher, by, names, follow: fc.boolean() })
const unsubscribe = fc.record({ deed: fc.constant('unsubscribe' as const), watcher, by })
const get = fc.record({ deed: fc.constant('get' as const), watcher, by, names })
const contacts = fc.record({ deed: fc.constantFrom<('befriend' | 'unfriend')[]>('befriend', 'unfriend'), watcher })
const restart = fc.constant({ deed: 'restart' as const })

const anything = fc.oneof(
  { arbitrary: authorize, weight: 5 },
  { arbitrary: revoke, weight: 2 },
  { arbitrary: members, weight: 4 },
  { arbitrary: publish, weight: 6 },
  { arbitrary: subscribe, weight: 2 },
  { arbitrary: unsubscribe, weight: 1 },
  { arbitrary: get, weight: 2 },
  { arbitrary: contacts, weight: 1 },
  { arbitrary: restart, weight: 1 },
)

const stepOf = (what: fc.Arbitrary<Deed>): fc.Arbitrary<Step> =>
  fc.record({
    what,
    client: fc.constantFrom(...clients),
    isLocal: fc.boolean(),
    heard: fc.subarray([...watchers]),
  })

/** Enough is said, watched and authorized at the beginning that what follows has something to change. */
export const policies: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.array(stepOf(members), { minLength: 0, maxLength: 1 }),
    fc.array(stepOf(authorize), { minLength: 0, maxLength: 2 }),
    fc.array(stepOf(publish), { minLength: 0, maxLength: 1 }),
    fc.array(stepOf(subscribe), { minLength: 1, maxLength: 2 }),
    fc.array(stepOf(anything), { minLength: 1, maxLength: 3 }),
  )
  .map(parts => parts.flat())

/** The attributes that a watcher names, or means by naming none. */
export function namedBy({ watcher, names }: { readonly watcher: WatcherName; readonly names: Names }): Names {
  const known = namesOf(versionOf[watcher])
  const named = known.filter(name => names.includes(name))
  return named.length > 0 ? named : known
}

/** A policy as people read it, a line for each step. */
export const inWords = (steps: readonly Step[]): string => steps.map(step => `  ${stepInWords(step)}`).join('\n')

function stepInWords({ what, client, isLocal, heard }: Step): string {
  const { deed, ...how } = what
  const isPublisher = ['authorize', 'revoke', 'add', 'remove', 'publish'].includes(deed)
  const ears = heard.length === 0 ? '' : `; ${heard.join(' ')} poll`
  const written = JSON.stringify(how, (_, value) => value ?? 'none').replaceAll('"', '')
  return `${isPublisher ? `${client}: ` : ''}${deed} ${written}${isLocal ? ' (local)' : ''}${ears}`
}
