import { describe, expect, it } from 'vitest'
import { dialects } from '../test/open-session.ts'
import { addressOf, openPeople, seen } from '../test/people.ts'
import type { AuthorizationRequest } from './authorization-requests.ts'
import { attributeNames } from './presence-attributes.ts'
import type { Session } from './session.ts'

const [alice, bob] = ['alice', 'bob'].map(addressOf) as [string, string]
const friends = 'wv:alice/friends@example.com'

/** Who asks, one after the other. */
function asking({ authorizations }: Session) {
  const requests = authorizations.requests()
  return async (): Promise<AuthorizationRequest> => (await requests.next()).value[0]
}

describe.each(dialects)('what others may see, with the server, in %s %s (CSP 8.2)', (...dialect) => {
  const isNew = dialect[0] === '1.3'

  it('is said of users, lists and everybody, read and taken back', async () => {
    const { login } = await openPeople()
    const { authorizations, contactLists } = await login('alice', dialect)
    await contactLists.create(friends, { contacts: [{ userId: bob }] })
    await authorizations.set({ everybody: true }, ['onlineStatus'], { asksForMore: true })
    await authorizations.set({ userIds: [bob] }, ['statusText', 'alias'], { asksForMore: false })
    await authorizations.set({ contactLists: [friends] }, [])
    const all = await authorizations.get()
    expect([...all.users]).toEqual([
      [bob, { attributes: ['statusText', 'alias'], asksForMore: isNew ? false : undefined }],
    ])
    expect([...all.contactLists]).toEqual([[friends, { attributes: [], asksForMore: undefined }]])
    expect(all.everybody).toEqual({ attributes: ['onlineStatus'], asksForMore: isNew ? true : undefined })
    expect([...(await authorizations.get({ userIds: [bob] })).users.keys()]).toEqual([bob])
    await authorizations.delete({ userIds: [bob], contactLists: [friends], everybody: true })
    await authorizations.delete({ userIds: [bob] })
    const left = await authorizations.get()
    expect([left.users.size, left.contactLists.size, left.everybody?.attributes ?? []]).toEqual([0, 0, []])
  })

  it('is asked for and allowed', async () => {
    const { login } = await openPeople()
    const publisher = await login('alice', dialect)
    await publisher.presence.setStatus({ text: 'Here' })
    await publisher.authorizations.beAsked()
    const watcher = await login('bob')
    await watcher.contacts.add(alice)
    expect(await seen(watcher, 'alice', it => it?.isKnown === true)).toMatchObject({ isOnline: undefined })
    const request = await asking(publisher)()
    expect(request).toMatchObject({ userId: bob })
    expect(request.attributes).toContain('onlineStatus')
    await request.allow()
    expect(await seen(watcher, 'alice', it => it?.isOnline === true)).toMatchObject({ text: 'Here' })
  })

  it('is asked for and denied, once and for all', async () => {
    const { login } = await openPeople()
    const publisher = await login('alice', dialect)
    await publisher.authorizations.beAsked()
    const watcher = await login('bob')
    await watcher.presence.subscribe(alice)
    const asked = asking(publisher)
    await (await asked()).deny()
    const [now] = await watcher.presence.get(alice)
    expect(now?.status.isOnline).toBeUndefined()
    let isAsked = false
    asked().then(
      () => (isAsked = true),
      () => {},
    )
    await (await login('bob')).presence.subscribe(alice)
    await publisher.presence.setStatus({ text: 'Still here' })
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(isAsked).toBe(false)
  })

  it('is given without being asked for, on top of what everybody sees', async () => {
    const { login } = await openPeople()
    const publisher = await login('alice', dialect)
    const watcher = await login('bob')
    await publisher.authorizations.set({ everybody: true }, ['onlineStatus'])
    await publisher.authorizations.allow(bob, ['alias'])
    const { users } = await publisher.authorizations.get({ userIds: [bob] })
    expect(users.get(bob)?.attributes).toEqual(['onlineStatus', 'alias'])
    await publisher.authorizations.allow(bob)
    const all = (await publisher.authorizations.get({ userIds: [bob] })).users.get(bob)?.attributes
    expect(all).toHaveLength(attributeNames.length - (dialect[0] === '1.1' ? 1 : 0))
    await publisher.presence.setStatus({ alias: 'Al' })
    const [now] = await watcher.presence.get(alice)
    expect(now?.status).toMatchObject({ isOnline: true, alias: 'Al' })
  })
})

describe('who is asked', () => {
  it('in 1.3 about everybody, a contact list, or a user', async () => {
    const { login } = await openPeople()
    const publisher = await login('alice')
    await publisher.authorizations.beAsked()
    await publisher.contactLists.create(friends, { contacts: [{ userId: bob }] })
    await publisher.authorizations.set({ contactLists: [friends] }, ['onlineStatus'], { asksForMore: true })
    const watcher = await login('bob')
    await watcher.presence.subscribe(alice, { attributes: ['onlineStatus', 'statusText'] })
    const asked = asking(publisher)
    const first = await asked()
    expect(first).toMatchObject({ userId: bob, attributes: ['statusText'] })
    await first.allow()
    const { users } = await publisher.authorizations.get({ userIds: [bob] })
    expect(users.get(bob)?.attributes).toEqual(['onlineStatus', 'statusText'])
    await publisher.authorizations.set({ userIds: [bob] }, ['onlineStatus'], { asksForMore: true })
    await watcher.presence.subscribe(alice, { attributes: ['alias'] })
    expect(await asked()).toMatchObject({ userId: bob, attributes: ['alias'] })
  })

  it.each(dialects)('hears of it also when it comes back, in %s %s', async (...dialect) => {
    const { login } = await openPeople()
    const first = await login('alice', dialect)
    await first.authorizations.beAsked()
    await first.logout()
    await (await login('bob')).presence.subscribe(alice)
    const publisher = await login('alice', dialect)
    await publisher.authorizations.beAsked()
    expect(await asking(publisher)()).toMatchObject({ userId: bob })
  })
})
