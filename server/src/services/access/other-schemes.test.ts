import { beforeEach, describe, expect, it } from 'vitest'
import { manage } from '../../testing/contacts.ts'
import { codeOf, expectPrimitive, type Phone } from '../../testing/phone.ts'
import { authorize, heard, sayStatus, watch } from '../../testing/presence.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(name => `wv:${name}@example.com`) as [string, string, string]
const friends = 'wv:alice/friends@example.com'

describe.each(dialects)('CSP 5.3.1: users named by addresses of SIP and mail, in $version $syntax', dialect => {
  let village: Village
  let phone: Phone
  let other: Phone

  beforeEach(async () => {
    village = await openVillage({ config: { domains: ['example.com', 'second.example'] } })
    await village.add('wv:bob@second.example')
    const services = { presenceFeat: {}, imFeat: {} }
    phone = await village.ready('alice', { ...dialect, services })
    other = await village.ready('bob', { ...dialect, services })
  })

  const sentTo = async (to: string[], more: object = {}) => {
    const { primitive } = await phone.send(to, 'hello', more)
    const body = primitive?.body as { result: { details: { code: number; userIds: string[] }[] } }
    return [codeOf(primitive), ...body.result.details.map(({ code, userIds }) => [code, ...userIds])]
  }

  it('log in, and are who they are', async () => {
    await phone.ask({ name: 'LogoutRequest', body: {} })
    const { result } = await village.phone('alice', dialect).login({ userId: 'mailto:Alice@EXAMPLE.com' })
    expect(result.code).toBe(200)
    expect(village.core.sessions.ofUser(alice)).toHaveLength(1)
    for (const userId of ['sip:alice@elsewhere.org', 'sip:alice', 'sip:alice:secret@example.com'])
      expect((await village.phone('alice', dialect).login({ userId })).result.code, userId).toBe(531)
  })

  it('write and are written to, once, and are told to others by their own addresses', async () => {
    const sender = { user: { userId: 'sip:alice@example.com' } }
    expect(await sentTo(['SIP:bob@example.com', 'mailto:bob@example.com', bob], { sender })).toEqual([200])
    const [message, ...more] = await other.collect()
    expect(more).toEqual([])
    expect(message?.messageInfo.sender.user?.userId).toBe(alice)
    expect(message?.messageInfo.recipient.users.map(({ userId }) => userId)).toEqual([bob])
    expect(await sentTo(['bob'], { sender: { user: { userId: 'sip:bob@example.com' } } })).toEqual([427])
  })

  it('are named in answers as they were written, those of elsewhere being unknown', async () => {
    const unknown = ['sip:nobody@example.com', 'sip:bob@elsewhere.org', 'mailto:bob@example.com?subject=hello']
    expect(await sentTo([...unknown, 'sip:bob@second.example'])).toEqual([
      201,
      [531, ...[unknown[1], unknown[2], unknown[0]]],
      [200, 'sip:bob@second.example'],
    ])
  })

  it('go onto contact lists and off them', async () => {
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
    const addNickList = ['mailto:bob@example.com', 'sip:bob@elsewhere.org'].map(userId => ({ userId }))
    const { result, nickList } = await manage(phone, friends, { addNickList, receiveList: true })
    expect(result.details[0]).toMatchObject({ code: 531, userIds: ['sip:bob@elsewhere.org'] })
    expect(nickList?.map(({ userId }) => userId)).toEqual([bob])
    const removed = await manage(phone, friends, { removeNickList: ['sip:bob@example.com'], receiveList: true })
    expect(removed.nickList).toEqual([])
  })

  it('are watched, allowed to and read', async () => {
    expect(await authorize(other, 'StatusText', { userIds: ['mailto:alice@example.com'] })).toBe(200)
    await sayStatus(other, 'here')
    expect(await watch(phone, { userIds: ['sip:bob@example.com'] }, 'StatusText')).toBe(200)
    expect(await heard(phone)).toEqual(['bob: statusText=here'])
    const body = { userIds: ['sip:bob@example.com'] }
    const { primitive } = await phone.ask({ name: 'GetPresenceRequest', body })
    expect(expectPrimitive(primitive, 'GetPresenceResponse').presences.map(({ userId }) => userId)).toEqual([bob])
  })

  it('are blocked, but not by a pattern, and listed by their own addresses', async () => {
    const change = async (entities: object) =>
      (await phone.ask({ name: 'BlockEntityRequest', body: { blockList: entities } })).primitive
    const blocked = async () => {
      const { primitive } = await phone.ask({ name: 'GetBlockedListRequest', body: {} })
      return expectPrimitive(primitive, 'GetBlockedListResponse').blockList?.entityList?.userIds ?? []
    }
    const foreign = ['sip:*@example.com', 'tel:*', 'mailto:spam@elsewhere.org', 'sip:nobody@example.com']
    for (const userId of foreign)
      expect(await change({ addList: { userIds: [userId] } }), userId).toMatchObject({
        body: { result: { code: 531, details: [{ userIds: [userId] }] } },
      })
    expect(codeOf(await change({ addList: { userIds: ['sip:bob@example.com', carol] } }))).toBe(200)
    expect(await blocked()).toEqual([bob, carol])
    expect(codeOf((await other.send(alice, 'hello')).primitive)).toBe(532)
    expect(codeOf(await change({ removeList: { userIds: ['MAILTO:bob@example.com'] } }))).toBe(200)
    expect(await blocked()).toEqual([carol])
  })
})
