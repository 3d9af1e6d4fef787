import type { Body, BodyInput } from '@village/protocol'
import type { Answer } from '../answer.ts'
import type { Phone } from '../phone.ts'
import type { Person, Stage } from '../scenario.ts'

type Create = Omit<BodyInput<'CreateListRequest'>, 'contactList'>
type Change = Omit<BodyInput<'ListManageRequest'>, 'contactList'>
type Described = Pick<Body<'ListManageResponse'>, 'contactListProperties' | 'nickList'>

/** Addresses are the same in any case (CSP 5.3.2). */
export const folded = (address: string | undefined) => address?.toLowerCase().replace(/^wv:/, '')

/** A user with a phone that has agreed on contact lists. */
export class ListOwner {
  readonly phone: Phone

  constructor(phone: Phone) {
    this.phone = phone
  }

  /** The address of a list of this user's. */
  list(name: string): string {
    return this.phone.account.userId.replace('@', `/${name}@`)
  }

  create(contactList: string, more: Create = {}): Promise<Answer> {
    return this.phone.ask({ name: 'CreateListRequest', body: { contactList, ...more } })
  }

  delete(contactList: string): Promise<Answer> {
    return this.phone.ask({ name: 'DeleteListRequest', body: { contactList } })
  }

  manage(contactList: string, change: Change): Promise<Answer> {
    return this.phone.ask({ name: 'ListManageRequest', body: { contactList, ...change } })
  }

  async read(contactList: string): Promise<Body<'ListManageResponse'>> {
    return (await this.manage(contactList, { receiveList: true })).as('ListManageResponse')
  }

  /** The lists as the server writes them. */
  async written(): Promise<Body<'GetListResponse'>> {
    return (await this.phone.ask({ name: 'GetListRequest', body: {} })).as('GetListResponse')
  }

  /** The default list and the others, folded. */
  async lists() {
    const body = await this.written()
    return { preferred: folded(body.defaultContactList), others: (body.contactLists ?? []).map(folded).sort() }
  }

  async allLists(): Promise<string[]> {
    const body = await this.written()
    return [...(body.contactLists ?? []), body.defaultContactList].filter(list => list !== undefined)
  }

  async deleteAll(): Promise<void> {
    for (const list of await this.allLists()) await this.delete(list)
  }
}

const lists = { gcli: true, ccli: true, dcli: true, mcls: true } as const

/** A person with contact lists, where the server has them. */
export const listOwner = async (stage: Stage, person: Person = 'romeo') =>
  withContactLists(await stage.phone(person).online(), stage)

/** The owner of a phone that is online already. */
export async function withContactLists(phone: Phone, { skip }: Stage): Promise<ListOwner> {
  const functions = { fundamentalFeat: {}, imFeat: {}, presenceFeat: { contListFunc: lists } } as const
  const answer = await phone.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
  const { presenceFeat } = answer.as('ServiceResponse').functions ?? {}
  // The mandatory functions of presence may be missing (MP), and there be lists all the same.
  if (presenceFeat !== undefined && (Object.keys(presenceFeat).length === 0 || presenceFeat.contListFunc))
    skip('the server does not offer contact lists')
  return new ListOwner(phone)
}

/** Plays a scenario with Romeo, who has no contact lists before and after. */
export const withOwner = (run: (stage: Stage, romeo: ListOwner) => Promise<void>) => async (stage: Stage) => {
  const romeo = await listOwner(stage)
  await romeo.deleteAll()
  try {
    await run(stage, romeo)
  } finally {
    await (await listOwner(stage)).deleteAll()
  }
}

export const property = (name: 'DisplayName' | 'Default', value: string) => ({ name, value })

export const propertyOf = ({ contactListProperties = [] }: Described, name: string): string | undefined =>
  contactListProperties.find(property => property.name === name)?.value

/** Who is on a list, folded, in no order. */
export const usersOn = ({ nickList = [] }: Described) => nickList.map(({ userId }) => folded(userId)).sort()

export const nickNameOf = ({ nickList = [] }: Described, account: { readonly userId: string }): string | undefined =>
  nickList.find(({ userId }) => folded(userId) === folded(account.userId))?.name
