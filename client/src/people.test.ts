import { describe, expect, it } from 'vitest'
import { type Dialect, dialects } from '../test/open-session.ts'
import { addressOf, openPeople, seen } from '../test/people.ts'

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(addressOf) as [string, string, string]
/** The others write differently from alice. */
const other: Dialect = ['1.2', 'xml']

describe.each(dialects)('contacts of a client of %s %s, with the server', (...dialect) => {
  it('come, go, and say how they are', async () => {
    const { login } = await openPeople()
    const watcher = await login('alice', dialect)
    let publisher = await login('bob', other)
    await publisher.authorizations.set({ everybody: true }, ['onlineStatus', 'statusText', 'userAvailability'])
    await watcher.contacts.add(bob, { nickname: 'Bob' })
    expect(await seen(watcher, 'bob', it => it?.isOnline === true)).toMatchObject({ nickname: 'Bob', text: undefined })
    await publisher.presence.setStatus({ availability: 'away', text: 'Überall' })
    expect(await seen(watcher, 'bob', it => it?.text !== undefined)).toMatchObject({
      availability: 'away',
      text: 'Überall',
    })
    await publisher.presence.setStatus({ availability: 'discreet', text: null })
    expect(await seen(watcher, 'bob', it => it?.text === undefined)).toMatchObject({ availability: 'discreet' })
    await publisher.logout()
    expect(await seen(watcher, 'bob', it => it?.isOnline === false)).toMatchObject({ availability: undefined })
    publisher = await login('bob', other)
    await seen(watcher, 'bob', it => it?.isOnline === true)
    await publisher.presence.setStatus({ text: 'Back' })
    await seen(watcher, 'bob', it => it?.text === 'Back')
  })

  it('are put on lists, called something else and taken off', async () => {
    const { login } = await openPeople()
    const watcher = await login('alice', dialect)
    const publisher = await login('bob', other)
    await publisher.authorizations.set({ everybody: true }, ['onlineStatus'])
    expect(watcher.contacts.lists).toEqual([])
    await watcher.contacts.add(bob)
    await watcher.contacts.add(carol, { nickname: 'Carol' })
    expect(watcher.contacts.lists).toMatchObject([{ name: 'friends', isDefault: true }])
    await seen(watcher, 'bob', it => it?.isOnline === true)
    expect(watcher.contacts.all.map(({ nickname }) => nickname)).toEqual([bob, 'Carol'])
    await watcher.contacts.add(bob, { nickname: 'Bob' })
    expect(watcher.contacts.find(bob)).toMatchObject({ nickname: 'Bob', isOnline: true })
    await watcher.contacts.remove(bob)
    expect(watcher.contacts.all.map(({ nickname }) => nickname)).toEqual(['Carol'])
    await expect(watcher.contacts.add(addressOf('nobody'))).rejects.toMatchObject({ name: 'UnknownUser' })
    await watcher.contacts.add(bob)
    await seen(watcher, 'bob', it => it?.isOnline === true)
  })

  it('who joined and left while another looked on, is followed after a restart of the server as before', async () => {
    const { login, restart } = await openPeople()
    const watcher = await login('alice', dialect)
    const publisher = await login('bob', other)
    await publisher.authorizations.set({ everybody: true }, ['onlineStatus', 'statusText'])
    await watcher.contacts.add(bob)
    await publisher.presence.setStatus({ text: 'Before' })
    await seen(watcher, 'bob', it => it?.text === 'Before')
    restart()
    await publisher.presence.setStatus({ text: 'After' })
    await seen(watcher, 'bob', it => it?.text === 'After')
    await watcher.contacts.add(carol)
    const third = await login('carol', dialect)
    await third.authorizations.set({ userIds: [alice] }, ['onlineStatus'])
    await seen(watcher, 'carol', it => it?.isOnline === true)
    await publisher.logout()
    await seen(watcher, 'bob', it => it?.isOnline === false)
  })

  it('show what they permit: newly permitted things at once, and nothing that is not permitted any more', async () => {
    const { login } = await openPeople()
    const watcher = await login('alice', dialect)
    const publisher = await login('bob', other)
    await publisher.presence.setStatus({ text: 'Secret', mood: 'happy' })
    await watcher.contacts.add(bob)
    expect(await seen(watcher, 'bob', it => it?.isKnown === true)).toMatchObject({
      isOnline: undefined,
      text: undefined,
    })
    await publisher.authorizations.set({ userIds: [alice] }, ['onlineStatus', 'statusText'])
    expect(await seen(watcher, 'bob', it => it?.isOnline === true)).toMatchObject({ text: 'Secret', mood: undefined })
    await publisher.authorizations.set({ userIds: [alice] }, ['onlineStatus'])
    await publisher.presence.setStatus({ text: 'More secret', mood: 'sad' })
    const [now] = await watcher.presence.get(bob)
    expect(now).toMatchObject({ userId: bob, status: { isOnline: true, text: undefined, mood: undefined } })
    await publisher.logout()
    expect(await seen(watcher, 'bob', it => it?.isOnline === false)).toMatchObject({ text: 'Secret' })
  })
})

describe('a contact list that changes elsewhere', () => {
  it.each(dialects.filter(([version]) => version === '1.3'))('is followed in %s %s', async (...dialect) => {
    const { login } = await openPeople()
    const [phone, computer] = [await login('alice', dialect), await login('alice', dialect)]
    const publisher = await login('bob', other)
    await publisher.authorizations.set({ everybody: true }, ['onlineStatus'])
    await phone.contacts.open()
    await computer.contacts.add(bob, { nickname: 'Bob' })
    await seen(phone, 'bob', it => it?.isOnline === true)
    await computer.contacts.add(carol, { nickname: 'Carol' })
    await seen(phone, 'carol', it => it?.nickname === 'Carol')
    await computer.contacts.add(carol, { nickname: 'C.' })
    await seen(phone, 'carol', it => it?.nickname === 'C.')
    await phone.contacts.remove(bob)
    await seen(computer, 'bob', it => it === undefined)
    await computer.contactLists.create('wv:alice/work@example.com', { contacts: [{ userId: bob, nickname: 'Boss' }] })
    await seen(phone, 'bob', it => it?.nickname === 'Boss' && it.isOnline === true)
    await computer.contactLists.setProperties('wv:alice/work@example.com', { displayName: 'Work', isDefault: true })
    await expect
      .poll(() => phone.contacts.lists.map(({ name, isDefault }) => [name, isDefault]))
      .toEqual([
        ['friends', false],
        ['Work', true],
      ])
    await computer.contactLists.delete('wv:alice/work@example.com')
    await seen(phone, 'bob', it => it === undefined)
    expect(phone.contacts.lists.map(({ name, isDefault }) => [name, isDefault])).toEqual([['friends', true]])
  })

  it.each(['xml', 'wbxml'] as const)('is followed by ListManageNotification alone as well; %s', async syntax => {
    const { login, restart } = await openPeople()
    const [phone, computer] = [await login('alice', ['1.3', syntax]), await login('alice')]
    await computer.contacts.add(bob, { nickname: 'Bob' })
    await phone.contacts.open()
    await phone.generalNotifications.unsubscribe()
    await computer.contacts.add(carol, { nickname: 'Carol' })
    await seen(phone, 'carol', it => it?.nickname === 'Carol')
    await computer.contacts.add(carol, { nickname: 'C.' })
    await seen(phone, 'carol', it => it?.nickname === 'C.')
    await computer.contacts.remove(bob)
    await seen(phone, 'bob', it => it === undefined)
    restart()
    await computer.contacts.remove(carol)
    await seen(phone, 'carol', it => it === undefined)
  })
})

describe('general notifications, with the server (CSP 7.2)', () => {
  it.each(['xml', 'wbxml'] as const)('tell what others and other clients do; %s', async syntax => {
    const { login } = await openPeople()
    const phone = await login('alice', ['1.3', syntax], {})
    const arriving = phone.generalNotifications.arriving()
    const told = async () => (await arriving.next()).value
    await phone.generalNotifications.subscribe()
    const friend = await login('bob', other)
    await friend.contacts.add(alice)
    expect(await told()).toMatchObject({ type: 'addedToContactList', userIds: [bob] })
    const computer = await login('alice')
    await computer.accessLists.block(carol)
    expect((await told()).type).toBe('blockListChanged')
    await computer.accessLists.use({ blockList: false })
    expect((await told()).type).toBe('blockListUsageChange')
    await computer.authorizations.set({ userIds: [bob] }, ['statusText', 'alias'])
    expect(await told()).toMatchObject({
      ...{ type: 'authorizationChanged', userIds: [bob] },
      attributes: ['statusText', 'alias'],
    })
    await computer.contacts.add(bob)
    expect(await told()).toMatchObject({ type: 'contactListCreated', contactLists: ['wv:alice/friends@example.com'] })
    expect((await told()).type).toBe('contactListChanged')
    await phone.generalNotifications.unsubscribe(['contactListChanged'])
    await computer.contacts.add(carol)
    await computer.contactLists.delete('wv:alice/friends@example.com')
    expect((await told()).type).toBe('contactListDeleted')
  })
})

it.each(dialects)('watchers are listed in %s %s, with the server', async (...dialect) => {
  const { village, login } = await openPeople()
  const publisher = await login('alice', dialect)
  await publisher.authorizations.set({ everybody: true }, ['onlineStatus'])
  expect(await publisher.presence.watchers()).toMatchObject({ watchers: [], total: 0 })
  const [one, two] = [await login('bob', other), await login('carol')]
  await one.contacts.add(alice)
  await two.presence.get(alice)
  await village.world.pass(2)
  const { watchers } = await publisher.presence.watchers()
  const isTold = dialect[0] >= '1.2'
  expect(watchers).toEqual([{ userId: bob, friendlyName: undefined, kind: isTold ? 'subscribed' : undefined }])
  if (!isTold) return
  const { watchers: all, total } = await publisher.presence.watchers({ historySeconds: 600 })
  expect(all.map(({ userId, kind }) => [userId, kind])).toEqual([
    [bob, 'subscribed'],
    [carol, 'has looked'],
  ])
  expect(total).toBe(2)
  const some = await publisher.presence.watchers({ historySeconds: 600, most: 1 })
  expect([some.watchers.length, some.total]).toEqual([1, dialect[0] === '1.3' ? 2 : 1])
})
