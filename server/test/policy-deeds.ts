import type { Body } from '@village/protocol'
import { naming, readAttributes } from '../src/services/presence/attributes.ts'
import { codeOf, expectPrimitive, type Phone } from '../src/testing/phone.ts'
import { authorize, publish } from '../src/testing/presence.ts'
import { type By, type Deed, namedBy, type Step, type Subjects, versionOf } from './policy.ts'
import { listId, ownList, type PolicyVillage, publication, publisher, userId } from './policy-village.ts'

export interface Done {
  readonly code: number | undefined
  /** What was read. */
  readonly presences?: Body<'GetPresenceResponse'>['presences']
}

/** Does in a village what a step of a policy says. */
export async function perform({ what, client, isLocal }: Step, { phones, village }: PolicyVillage): Promise<Done> {
  const own = phones[client]!
  switch (what.deed) {
    case 'authorize': {
      const flags = { defaultNotify: what.notify, userNotify: what.notify, contactListNotify: what.notify }
      return { code: await authorize(own, what.names.join(' '), { ...targets(what, isLocal), ...flags }) }
    }
    case 'revoke':
      return { code: await own.code({ name: 'DeleteAttributeListRequest', body: targets(what, isLocal) }) }
    case 'publish':
      return { code: await publish(own, publication(what.values)) }
    case 'add':
    case 'remove':
      return { code: await manage(own, listId(what.list, isLocal), what.deed === 'add', what.users, isLocal) }
    case 'befriend':
    case 'unfriend': {
      const list = ownList(what.watcher, isLocal)
      return { code: await manage(phones[what.watcher]!, list, what.deed === 'befriend', [publisher], isLocal) }
    }
    case 'restart':
      village.restart()
      return { code: 200 }
    default:
      return watching(what, isLocal, phones[what.watcher]!)
  }
}

type Watching = Extract<Deed, { readonly deed: 'subscribe' | 'unsubscribe' | 'get' }>

async function watching(what: Watching, isLocal: boolean, phone: Phone): Promise<Done> {
  const of = subject(what.by, what.watcher, isLocal)
  if (what.deed === 'unsubscribe') return { code: await phone.code({ name: 'UnsubscribePresenceRequest', body: of }) }
  const presenceSubList = what.names.length > 0 ? naming(readAttributes(namedBy(what).join(' '))) : undefined
  if (what.deed === 'subscribe') {
    const autoSubscribe = versionOf[what.watcher] === '1.2' ? what.follow : undefined
    return {
      code: await phone.code({ name: 'SubscribePresenceRequest', body: { ...of, presenceSubList, autoSubscribe } }),
    }
  }
  const { primitive } = await phone.ask({ name: 'GetPresenceRequest', body: { ...of, presenceSubList } })
  return { code: codeOf(primitive), presences: expectPrimitive(primitive, 'GetPresenceResponse').presences }
}

const subject = (by: By, watcher: string, isLocal: boolean) =>
  by === 'user' ? { userIds: [userId(publisher, isLocal)] } : { contactLists: [ownList(watcher, isLocal)] }

const targets = ({ users, lists, isDefault }: Subjects, isLocal: boolean) => ({
  userIds: users.length > 0 ? users.map(user => userId(user, isLocal)) : undefined,
  contactLists: lists.length > 0 ? lists.map(list => listId(list, isLocal)) : undefined,
  defaultList: isDefault,
})

function manage(phone: Phone, contactList: string, isAdded: boolean, users: readonly string[], isLocal: boolean) {
  const userIds = users.map(user => userId(user, isLocal))
  const change = isAdded ? { addNickList: userIds.map(userId => ({ userId })) } : { removeNickList: userIds }
  return phone.code({ name: 'ListManageRequest', body: { contactList, receiveList: false, ...change } })
}
