import type { Body, BodyInput } from '@village/protocol'
import { expectPrimitive, type Phone } from './phone.ts'
import { namesIn } from './presence.ts'

type Request = BodyInput<'GetAttributeListRequest'>
type Response = Body<'GetAttributeListResponse'>

/** Attribute lists as GetAttributeList tells them, in short: `bob: OnlineStatus notify=T`. */
export async function getLists(phone: Phone, request: Request): Promise<string[]> {
  const { primitive } = await phone.ask({ name: 'GetAttributeListRequest', body: request })
  return inShort(expectPrimitive(primitive, 'GetAttributeListResponse'))
}

export const allLists = (phone: Phone) => getLists(phone, { defaultList: true })

function inShort({ defaultAttributeList: byDefault, presences }: Response): string[] {
  const lists = presences.map(({ userId, contactList, presenceSubLists: [list], ...flags }) =>
    line(userId ?? contactList!, list, flags.userNotify ?? flags.contactListNotify),
  )
  return byDefault ? [line('default', byDefault.presenceSubList, byDefault.defaultNotify), ...lists] : lists
}

function line(address: string, list: Parameters<typeof namesIn>[0], notify: boolean | undefined): string {
  const name = address.replace(/^wv:(alice\/)?|@.*$/g, '')
  const flag = notify === undefined ? '' : ` notify=${notify ? 'T' : 'F'}`
  return `${name}:${` ${namesIn(list)}`.trimEnd()}${flag}`
}
