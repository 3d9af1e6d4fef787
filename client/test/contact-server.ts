import type { Body, PrimitiveInput } from '@village/protocol'
import { failure, ScriptedServer } from './scripted-server.ts'

interface Member {
  readonly userId: string
  readonly name?: string | undefined
}

/** A scripted server with the contact lists of one user, the first of which is the default one. */
export class ContactServer extends ScriptedServer {
  readonly lists: Map<string, readonly Member[]>

  constructor(lists: Readonly<Record<string, readonly Member[]>>) {
    super()
    this.lists = new Map(Object.entries(lists))
    this.on('GetListRequest', () => {
      const [defaultContactList, ...contactLists] = this.lists.keys()
      return { name: 'GetListResponse', body: { contactLists, defaultContactList } }
    })
    this.on('CreateListRequest', ({ contactList }) => {
      this.lists.set(contactList, [])
      return failure(200)
    })
    this.on('ListManageRequest', body => this.#manage(body))
    for (const name of ['SubscribePresenceRequest', 'UnsubscribePresenceRequest'] as const)
      this.on(name, () => failure(200))
    this.on('SubscribeNotificationRequest', () => failure(200))
  }

  /** Tells of the presence of a user. */
  tell(
    userId: string,
    list: Body<'PresenceNotificationRequest'>['presences'][number]['presenceSubLists'][number] | object,
  ) {
    const presenceSubLists = Object.keys(list).length > 0 ? [list] : []
    this.push({ name: 'PresenceNotificationRequest', body: { presences: [{ userId, presenceSubLists }] } })
  }

  /** Tells of a list by a general notification. */
  note(notificationType: 'CLCR' | 'CLC' | 'CLD', ...contactLists: string[]) {
    this.push({ name: 'NotificationRequest', body: { notificationType, contactLists } })
  }

  #manage({ contactList, addNickList = [], removeNickList = [] }: Body<'ListManageRequest'>): PrimitiveInput {
    const members = this.lists.get(contactList)
    if (members === undefined) return failure(700)
    const touched = new Set([...addNickList.map(({ userId }) => userId), ...removeNickList])
    const now = [...members.filter(({ userId }) => !touched.has(userId)), ...addNickList]
    this.lists.set(contactList, now)
    const contactListProperties = [
      { name: 'DisplayName', value: contactList.includes('friends') ? 'Friends' : 'Work' },
      { name: 'Default', value: [...this.lists.keys()][0] === contactList ? 'T' : 'F' },
    ]
    return { name: 'ListManageResponse', body: { result: { code: 200 }, nickList: now, contactListProperties } }
  }
}
