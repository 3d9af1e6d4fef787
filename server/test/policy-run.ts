import type { Body, TransactionInput } from '@village/protocol'
import { expectPrimitive } from '../src/testing/phone.ts'
import {
  clients,
  type Deed,
  listNames,
  namedBy,
  type Step,
  type Subjects,
  versionOf,
  type WatcherName,
  watchers,
} from './policy.ts'
import { perform } from './policy-deeds.ts'
import { listId, type PolicyVillage, publisher, readPresence, userId } from './policy-village.ts'
import type { ModelList } from './presence-model.ts'
import { type AttributeName, PublishedModel } from './published-model.ts'
import { newWatcher, type Told, watchedModel } from './watched-model.ts'

type Presences = Body<'PresenceNotificationRequest'>['presences']

const ok = { name: 'Status', body: { result: { code: 200 } } } as const
const none: { readonly presences: Presences } = { presences: [] }

/** Carries out a policy in a village and in the model, and throws at the first step at which they disagree. */
export async function runPolicy(steps: readonly Step[], place: PolicyVillage) {
  await place.clear()
  const run = new Run(place)
  for (const [index, step] of steps.entries()) {
    await run.take(step).catch(error => {
      throw new Error(`at step ${index + 1} ${error.message}`, { cause: error })
    })
  }
  for (const watcher of watchersIn(steps)) await run.hear(watcher)
}

const watchersIn = (steps: readonly Step[]) =>
  watchers.filter(name => steps.some(({ what }) => what.deed === 'subscribe' && what.watcher === name))

class Run {
  readonly #place: PolicyVillage
  readonly #lists = new Map<string, ModelList>()
  readonly #members = new Map(listNames.map(list => [list as string, new Set<string>()]))
  readonly #published = new PublishedModel(clients)
  readonly #watchers = Object.fromEntries(
    watchers.map(name => [name, newWatcher(userId(name), versionOf[name])]),
  ) as Record<WatcherName, ReturnType<typeof newWatcher>>
  readonly #model = watchedModel(() => this.#policy(), this.#published, Object.values(this.#watchers))

  /** What is answered together with the next poll. */
  readonly #owed = new Map<WatcherName, readonly TransactionInput[]>()

  constructor(place: PolicyVillage) {
    this.#place = place
  }

  async take(step: Step) {
    const { what, heard } = step
    await this.#place.village.world.pass(1)
    const { code, presences = [] } = await perform(step, this.#place)
    if (code !== 200) throw new Error(`the answer is ${code}`)
    if (what.deed === 'get') {
      const told = this.#isAbout(what) ? this.#model.get(this.#watchers[what.watcher], namedBy(what)) : undefined
      compare(`${what.watcher} reads`, told, presences)
    }
    this.#model.change(() => this.#note(step))
    for (const watcher of heard) await this.hear(watcher)
  }

  async hear(name: WatcherName): Promise<void> {
    const answer = this.#owed.get(name) ?? []
    const poll = { mode: 'Request', primitive: { name: 'PollingRequest', body: {} } } as const
    const { message } = await this.#place.phones[name]!.exchange([...answer, poll])
    const { id, primitive } = message?.transactions[0] ?? {}
    this.#owed.set(name, id === undefined ? [] : [{ mode: 'Response', id, primitive: ok }])
    const { presences } = primitive === undefined ? none : expectPrimitive(primitive, 'PresenceNotificationRequest')
    // That nobody is on a list is told of the list.
    const ofUsers = presences.filter(({ contactList }) => contactList === undefined)
    if (ofUsers.length < presences.length) await this.hear(name)
    else compare(`${name} is told`, this.#model.hear(this.#watchers[name]), ofUsers)
  }

  #note({ what, client }: Step) {
    if (what.deed === 'authorize')
      this.#assign(what, ({ notify }) => ({ names: what.names, notify: what.notify ?? notify }))
    else if (what.deed === 'revoke') this.#assign(what, ({ notify }) => ({ names: null, notify }))
    else if (what.deed === 'publish') this.#published.publish(client, what.values)
    else if (what.deed === 'add' || what.deed === 'remove') {
      const members = this.#members.get(what.list)!
      for (const user of what.users) what.deed === 'add' ? members.add(userId(user)) : members.delete(userId(user))
    } else if (what.deed === 'restart') this.#model.restart()
    else {
      const watcher = this.#watchers[what.watcher]
      const { by, version } = watcher
      if (what.deed === 'befriend' || what.deed === 'unfriend') watcher.hasOnList = what.deed === 'befriend'
      else if (what.deed === 'unsubscribe' && what.by === 'user') by.user = []
      else if (what.deed === 'unsubscribe') by.list = by.listAsItWas = []
      else if (what.deed === 'subscribe') {
        const isFollowed = version === '1.3' || (version === '1.2' && what.follow)
        const way = what.by === 'user' ? 'user' : isFollowed ? 'list' : 'listAsItWas'
        if (way !== 'listAsItWas' || watcher.hasOnList) by[way] = [...by[way], ...namedBy(what)]
        if (this.#isAbout(what)) watcher.initial = [...(watcher.initial ?? []), ...namedBy(what)]
      }
    }
  }

  #assign(
    { users, lists, isDefault }: Subjects,
    list: (before: Partial<ModelList>) => Pick<ModelList, 'names' | 'notify'>,
  ) {
    const put = (kind: ModelList['kind'], subject: string) =>
      this.#lists.set(subject, { kind, subject, ...list(this.#lists.get(subject) ?? {}) })
    if (isDefault) put('default', '')
    for (const user of users) put('user', userId(user))
    for (const name of lists) put('contactList', listId(name))
  }

  /** Whether the publisher is among those whom it concerns. */
  #isAbout = ({ watcher, by }: Extract<Deed, { readonly by: unknown }>) =>
    by === 'user' || this.#watchers[watcher].hasOnList

  #policy() {
    const contacts = listNames.map(list => ({ listId: listId(list), members: [...this.#members.get(list)!] }))
    return { publisher: userId(publisher), lists: [...this.#lists.values()], contacts }
  }
}

/** Whether exactly what is to be told was told, and of nobody else. */
function compare(what: string, expected: Told | undefined, presences: Presences) {
  const told = presences.map(({ userId, presenceSubLists: [list] }) => ({ userId, values: [...readPresence(list)] }))
  if (isRight(expected, told)) return
  const said = told.map(({ userId, values }) => `${userId} ${inWords(values)}`).join(', ')
  throw new Error(`${what} ${said || 'nothing'}, and not ${expected ? expectedInWords(expected) : 'nothing'}`)
}

type Values = readonly (readonly [AttributeName, readonly string[]])[]

function isRight(
  expected: Told | undefined,
  told: readonly { readonly userId?: string | undefined; values: Values }[],
) {
  if (expected === undefined || told.length === 0)
    return told.length === 0 && (expected === undefined || !isDemanded(expected))
  const [{ userId: whose, values }] = told as [(typeof told)[number]]
  const said = values.filter(([, all]) => all.length > 0)
  const emptied = values.flatMap(([name, all]) => (all.length === 0 ? name : []))
  return (
    told.length === 1 &&
    whose?.startsWith(userId(publisher, true)) &&
    (expected.isFirst || values.length > 0) &&
    inWords(said) === inWords([...expected.values]) &&
    expected.gone.every(name => emptied.includes(name)) &&
    emptied.every(name => expected.mayBeEmpty.includes(name))
  )
}

const isDemanded = ({ values, gone, isFirst }: Told) => isFirst || values.size + gone.length > 0

const inWords = (values: Values): string =>
  `(${values
    .map(([name, all]) => `${name}=${all.join('+') || '?'}`)
    .sort()
    .join(' ')})`

const expectedInWords = (expected: Told) =>
  isDemanded(expected) ? inWords([...expected.values, ...expected.gone.map(name => [name, []] as const)]) : 'nothing'
