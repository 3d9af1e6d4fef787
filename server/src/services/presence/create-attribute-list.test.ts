import { describe, expect, it } from 'vitest'
import { allLists } from '../../testing/attribute-lists.ts'
import { subscribe } from '../../testing/notifications.ts'
import { authorize, heard, heardOfAuthorizations, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage } from '../../testing/village.ts'
import { naming, readAttributes } from './attributes.ts'

const [alice, bob, carol] = ['wv:alice@example.com', 'wv:bob@example.com', 'wv:carol@example.com'] as const
const friends = 'wv:alice/friends@example.com'
const modern = { version: '1.3' } as const

describe.each(dialects)('CSP 8.2.4, CreateAttributeList in $version $syntax', dialect => {
  it('gives users, contact lists and everybody else the same list, in place of the one there was', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', dialect)
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
    const to = { userIds: [bob, carol], contactLists: [friends], defaultList: true }
    expect(await authorize(phone, 'OnlineStatus StatusText', to)).toBe(200)
    expect(await authorize(phone, '', { userIds: [bob] })).toBe(200)
    expect(await allLists(phone)).toEqual([
      'default: OnlineStatus StatusText',
      'friends: OnlineStatus StatusText',
      'bob:',
      'carol: OnlineStatus StatusText',
    ])
  })

  it('201 where some are unknown: the others have their list; 531 and 700 where all are', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', dialect)
    const [stranger, missing] = ['wv:stranger@example.com', friends]
    const to = { userIds: [bob, stranger], contactLists: [missing] }
    const { primitive } = await phone.ask({
      name: 'CreateAttributeListRequest',
      body: { presenceSubList: {}, defaultList: false, ...to },
    })
    const details = [{ code: 531, userIds: [stranger] }, { code: 700 }, { code: 200, userIds: [bob] }]
    expect(primitive).toMatchObject({ body: { result: { code: 201, details } } })
    expect(await allLists(phone)).toEqual(['default:', 'bob:'])
    expect(await authorize(phone, '', { userIds: [stranger] })).toBe(531)
    expect(await authorize(phone, '', { contactLists: [missing] })).toBe(700)
    expect(await authorize(phone, '', {})).toBe(400)
  })
})

describe('CSP 8.2.4: who is shown what', () => {
  it('revives subscriptions, and revoking ends nothing but what is told', async () => {
    const village = await openVillage()
    const [watcher, phone] = [await withPresence(village, 'bob', modern), await withPresence(village, 'alice')]
    await sayStatus(phone, 'in')
    expect(await watch(watcher, { userIds: [alice] })).toBe(200)
    expect(await heard(watcher)).toEqual(['alice:'])
    await authorize(phone, 'StatusText', { userIds: [bob] })
    expect(await heard(watcher)).toEqual(['alice: statusText=in'])
    await authorize(phone, '', { userIds: [bob] })
    await sayStatus(phone, 'out')
    expect(await heard(watcher)).toEqual([])
    await authorize(phone, 'StatusText', { userIds: [bob] })
    expect(await heard(watcher)).toEqual(['alice: statusText=out'])
  })

  it('a value that went away while it was not shown is told to be gone when it would be again', async () => {
    const village = await openVillage()
    const [watcher, phone] = [await withPresence(village, 'bob', modern), await withPresence(village, 'alice')]
    await authorize(phone, 'StatusText', { userIds: [bob] })
    await sayStatus(phone, 'in')
    await watch(watcher, { userIds: [alice] })
    expect(await heard(watcher)).toEqual(['alice: statusText=in'])
    await authorize(phone, '', { userIds: [bob] })
    await sayStatus(phone, '')
    await authorize(phone, 'StatusText', { userIds: [bob] })
    expect(await heard(watcher)).toEqual(['alice: statusText=?'])
  })

  it('that is told also where the server was started anew since, and does not know what was told before', async () => {
    const village = await openVillage()
    const [watcher, phone] = [await withPresence(village, 'bob', modern), await withPresence(village, 'alice')]
    await authorize(phone, 'StatusText Alias', { userIds: [bob] })
    await sayStatus(phone, 'in')
    await watch(watcher, { userIds: [alice] }, 'StatusText')
    expect(await heard(watcher)).toEqual(['alice: statusText=in'])
    await authorize(phone, '', { userIds: [bob] })
    await sayStatus(phone, '')
    village.restart()
    expect(await heard(watcher)).toEqual(['alice:'])
    await authorize(phone, 'StatusText Alias', { userIds: [bob] })
    expect(await heard(watcher)).toEqual(['alice: statusText=?'])
  })

  it('local addresses are those of the home domain: whoever is meant sees it', async () => {
    const village = await openVillage()
    const [watcher, phone] = [await withPresence(village, 'bob', modern), await withPresence(village, 'alice', modern)]
    await phone.ask({
      name: 'CreateListRequest',
      body: { contactList: 'wv:alice/friends', nickList: [{ userId: 'wv:bob' }] },
    })
    await sayStatus(phone, 'in')
    await watch(watcher, { userIds: ['wv:alice'] })
    expect(await heard(watcher)).toEqual(['alice:'])
    await authorize(phone, 'StatusText', { contactLists: ['wv:alice/friends'] })
    expect(await heard(watcher)).toEqual(['alice: statusText=in'])
    await authorize(phone, 'OnlineStatus', { userIds: ['wv:Bob'] })
    expect(await heard(watcher)).toEqual(['alice: onlineStatuses=T'])
  })

  it('750 for what is no attribute, 755 for one list more than a user may have: nobody is given any', async () => {
    const village = await openVillage({ config: { 'presence.maxAttributeLists': 1 } })
    const phone = await withPresence(village, 'alice', modern)
    const body = { presenceSubList: naming(readAttributes('Alias')), defaultList: true }
    const message = phone.write([
      { mode: 'Request', id: 't1', primitive: { name: 'CreateAttributeListRequest', body } },
    ])
    const { body: answer } = await phone.post(String(message).replace(/<Alias>.*<\/Alias>/, '<ShoeSize/>'))
    expect(answer).toContain('<Code>750</Code>')
    expect(await authorize(phone, '', { userIds: [bob, carol] })).toBe(755)
    expect(await allLists(phone)).toEqual(['default:'])
  })

  it('flags stay as they are where they are not said, and are said of lists of their kind only', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', modern)
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
    await authorize(phone, 'Alias', { userIds: [bob], userNotify: true, contactListNotify: true, defaultNotify: true })
    await authorize(phone, 'Alias', { contactLists: [friends], contactListNotify: false })
    await authorize(phone, '', { userIds: [bob], contactLists: [friends], defaultList: true })
    expect(await allLists(phone)).toEqual(['default:', 'friends: notify=F', 'bob: notify=T'])
  })

  it('local addresses are stored in full, and are so told', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', modern)
    await authorize(phone, '', { userIds: ['wv:Bob'] })
    const { primitive } = await phone.ask({ name: 'GetAttributeListRequest', body: { defaultList: false } })
    expect(primitive).toMatchObject({ body: { presences: [{ userId: 'wv:Bob@example.com' }] } })
  })
})

describe('CSP 7.2.1: Authorization-Changed', () => {
  it('tells the other clients of the user for whom which list was made', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice')
    const tablet = await withPresence(village, 'alice', { ...modern, clientId: 'tablet' })
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
    await subscribe(tablet, ['AC'])
    await authorize(phone, 'Alias', { userIds: ['wv:bob'], contactLists: [friends], defaultList: true })
    await authorize(phone, '', { userIds: [bob] })
    expect(await heardOfAuthorizations(tablet)).toEqual(['AC bob alice/friends default: Alias', 'AC bob: '])
    await authorize(tablet, 'Alias', { userIds: [bob] })
    expect(await authorize(phone, 'Alias', { userIds: ['wv:stranger@example.com'] })).toBe(531)
    expect(await heardOfAuthorizations(tablet)).toEqual([])
  })

  it('of AuthorizeAndGrant with all that the contact list shows, where that became more', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', modern)
    const tablet = await withPresence(village, 'alice', { ...modern, clientId: 'tablet' })
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
    await authorize(phone, 'Alias', { contactLists: [friends] })
    await subscribe(tablet, ['AC'])
    const grant = { contactList: friends, receiveList: true, authorizeAndGrant: true }
    for (let times = 0; times < 2; times++) await phone.ask({ name: 'ListManageRequest', body: grant })
    expect(await heardOfAuthorizations(tablet)).toEqual(['AC alice/friends: OnlineStatus Alias'])
  })

  it('has exactly the parts of table 31', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', modern)
    const tablet = await withPresence(village, 'alice', { ...modern, clientId: 'tablet' })
    await subscribe(tablet, ['AC'])
    await authorize(phone, 'Alias', { userIds: [bob] })
    const { outbound } = await tablet.poll()
    const [, said] = /<Notification-Request>(.*)<\/Notification-Request>/.exec(String(outbound.body)) ?? []
    expect(said?.replace(/ xmlns="[^"]*"/g, '')).toBe(
      '<NotificationType>AC</NotificationType><PresenceSubList><Alias></Alias></PresenceSubList>' +
        '<UserIDList><UserID>wv:bob@example.com</UserID></UserIDList>',
    )
  })
})
