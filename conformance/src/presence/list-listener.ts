import type { Answer } from '../answer.ts'
import type { Capabilities, Phone, PhoneOptions } from '../phone.ts'
import type { Stage } from '../scenario.ts'
import { folded, type ListOwner, withOwner } from './list-owner.ts'

/** What was told of one contact list; addresses folded. */
interface ToldChange {
  readonly list: string | undefined
  /** Nicknames by address. */
  readonly added?: Readonly<Record<string, string | undefined>>
  readonly removed?: readonly (string | undefined)[]
}

/** What a ListManageNotification says; undefined for anything else. */
function changeIn(answer: Answer): ToldChange | undefined {
  if (answer.name !== 'ListManageNotificationRequest') return undefined
  const { contactList, addNickList, removeNickList } = answer.as('ListManageNotificationRequest')
  const nickNames = addNickList?.map(({ userId, name }) => [folded(userId), name])
  return {
    list: folded(contactList),
    ...(nickNames && { added: Object.fromEntries(nickNames) }),
    ...(removeNickList && { removed: removeNickList.map(folded) }),
  }
}

/** Of several in an order of ours: by list, additions first. */
export const changesIn = (answers: readonly Answer[]): ToldChange[] =>
  answers.flatMap(it => changeIn(it) ?? []).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))

const orderOf = ({ list, removed }: ToldChange) => `${list} ${removed ? 2 : 1}`

const lists = { gcli: true, ccli: true, dcli: true, mcls: true, ncls: true } as const

/** A client that is told of changes of its user's contact lists, as long as it has agreed on that. */
export class ListListener {
  readonly phone: Phone
  readonly #stage: Stage
  readonly #capabilities: Partial<Capabilities>

  constructor(phone: Phone, stage: Stage, capabilities: Partial<Capabilities> = {}) {
    this.phone = phone
    this.#stage = stage
    this.#capabilities = capabilities
  }

  async online(): Promise<this> {
    await this.phone.online({}, this.#capabilities)
    const functions = { fundamentalFeat: {}, imFeat: {}, presenceFeat: { contListFunc: lists } } as const
    const answer = await this.phone.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
    const { presenceFeat } = answer.as('ServiceResponse').functions ?? {}
    const { contListFunc } = presenceFeat ?? {}
    if ((presenceFeat && Object.keys(presenceFeat).length === 0) || (contListFunc && isIn(contListFunc, 'ncls')))
      this.#stage.skip('the server does not tell of changes of contact lists (NCLS)')
    return this
  }

  /** The next session of the same client. */
  async comeBack(): Promise<void> {
    if (this.phone.sessionId !== undefined) await this.phone.logout()
    await this.online()
  }

  /** What is told now, until there is no more; each is confirmed. */
  async told(): Promise<ToldChange[]> {
    const { inbox } = this.phone
    await this.phone.fetchAll()
    return changesIn(inbox.splice(0))
  }
}

/** A branch without anything below it means everything below it. */
const isIn = (branch: object, leaf: string) => Object.keys(branch).length === 0 || leaf in branch

/**
 * Plays a scenario with Romeo, who has one contact list with Juliet on it, and with another client of his that is told of
 * changes and has not been here before.
 */
export const withListener = (
  run: (stage: Stage, listener: ListListener, romeo: ListOwner, friends: string) => Promise<void>,
  capabilities?: Partial<Capabilities>,
) =>
  withOwner(async (stage, romeo) => {
    const friends = romeo.list('friends')
    await romeo.create(friends, { nickList: [{ userId: stage.accounts.juliet.userId, name: 'J' }] })
    await run(stage, await new ListListener(stage.phone(), stage, capabilities).online(), romeo, friends)
  })

/** A client of Romeo's that has agreed on all of presence, as one does that knows of no notifications. */
export async function unaware(stage: Stage, spoken: Partial<PhoneOptions> = {}): Promise<Phone> {
  const phone = await stage.phone('romeo', spoken).online()
  const functions = { fundamentalFeat: {}, imFeat: {}, presenceFeat: {} } as const
  await phone.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
  return phone
}
