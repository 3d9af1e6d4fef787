import { describe, expect, it } from 'vitest'
import { type Dialect, dialects, openSession } from '../test/open-session.ts'
import { failure, ScriptedServer } from '../test/scripted-server.ts'
import { attributeNames, readNames } from './presence-attributes.ts'

const [bob, carol] = ['wv:bob@village.local', 'wv:carol@village.local']
const friends = 'wv:alice/friends@village.local'

async function ready(dialect: Dialect = ['1.3', 'wbxml'], permissions: object = {}) {
  const server = new ScriptedServer()
  const requests = ['CreateAttributeListRequest', 'DeleteAttributeListRequest', 'PresenceAuthUser'] as const
  for (const name of [...requests, 'SubscribeNotificationRequest'] as const) server.on(name, () => failure(200))
  server.on('GetAttributeListRequest', () => ({
    name: 'GetAttributeListResponse',
    body: { result: { code: 200 }, ...permissions },
  }))
  const { authorizations } = await openSession(server, dialect)
  const asked = () => server.seen.filter(({ mode }) => mode === 'Request').at(-1)?.primitive
  const named = () =>
    readNames((asked()!.body as { presenceSubList?: Parameters<typeof readNames>[0] }).presenceSubList)
  return { server, authorizations, asked, named }
}

describe.each(dialects)('permissions in %s %s (CSP 8.2)', (...dialect) => {
  const isNew = dialect[0] === '1.3'

  it('are given to users, lists and everybody, and taken back', async () => {
    const { authorizations, asked, named } = await ready(dialect)
    await authorizations.set({ userIds: [bob], contactLists: [friends], everybody: true }, ['onlineStatus'], {
      asksForMore: true,
    })
    const flag = isNew ? true : undefined
    expect(asked()?.body).toMatchObject({
      ...{ userIds: [bob], contactLists: [friends], defaultList: true },
      ...{ userNotify: flag, contactListNotify: flag, defaultNotify: flag },
    })
    expect(named()).toEqual(['onlineStatus'])
    await authorizations.set({ userIds: [bob] }, [])
    expect(asked()?.body).toMatchObject({ userIds: [bob], defaultList: false })
    expect(named()).toEqual([])
    expect(asked()?.body).not.toMatchObject({ userNotify: expect.anything() })
    await authorizations.delete({ everybody: true })
    expect(asked()?.body).toMatchObject({ defaultList: true })
  })

  it('are read', async () => {
    const { authorizations, asked } = await ready(dialect, {
      defaultAttributeList: { defaultNotify: false, presenceSubList: { onlineStatuses: [{}] } },
      presences: [
        { userId: bob, userNotify: true, presenceSubLists: [{ onlineStatuses: [{}], statusText: {} }] },
        { contactList: friends, presenceSubLists: [{ alias: {} }] },
      ],
    })
    const { users, contactLists, everybody } = await authorizations.get({ userIds: [bob], contactLists: [friends] })
    expect(asked()?.body).toMatchObject({ userIds: [bob], contactLists: [friends], defaultList: false })
    expect(users.get(bob)).toEqual({
      attributes: ['onlineStatus', 'statusText'],
      asksForMore: isNew ? true : undefined,
    })
    expect(contactLists.get(friends)).toEqual({ attributes: ['alias'], asksForMore: undefined })
    expect(everybody).toEqual({ attributes: ['onlineStatus'], asksForMore: isNew ? false : undefined })
  })
})

describe('who is let to see more', () => {
  const everybody = { defaultAttributeList: { presenceSubList: { onlineStatuses: [{}] } } }

  it('keeps what everybody sees, for a permission of one’s own replaces that', async () => {
    const { authorizations, asked, named } = await ready(undefined, everybody)
    await authorizations.allow(bob, ['statusText'])
    expect(asked()).toMatchObject({
      name: 'CreateAttributeListRequest',
      body: { userIds: [bob], defaultList: false },
    })
    expect(named()).toEqual(['onlineStatus', 'statusText'])
    await authorizations.deny(bob)
    expect(asked()?.body).toMatchObject({ userNotify: false })
    expect(named()).toEqual(['onlineStatus'])
  })

  it('keeps what there is of his own, and not what everybody sees', async () => {
    const presences = [
      { userId: carol, presenceSubLists: [{ statusMood: {} }] },
      { userId: 'wv:Bob@village.local', presenceSubLists: [{ alias: {} }] },
    ]
    const { authorizations, named } = await ready(undefined, { ...everybody, presences })
    await authorizations.allow(bob, ['statusText'])
    expect(named()).toEqual(['statusText', 'alias'])
  })

  it('sees all there is, unless something is named', async () => {
    const { authorizations, named } = await ready(['1.1', 'xml'])
    await authorizations.allow(bob)
    // 1.1 knows no InfoLink.
    expect(named()).toEqual(attributeNames.filter(name => name !== 'infoLink'))
  })
})

describe('who asks to see more (CSP 8.2.3)', () => {
  it.each([
    ['ANU', { userIds: [bob] }],
    ['AND', { userList: { users: [{ userId: bob }] }, defaultList: true }],
    ['ANC', { userIds: [bob], contactLists: [friends] }],
  ])('does so by %s in 1.3, and gets what was asked for', async (notificationType, who) => {
    const presences = [{ contactList: friends, presenceSubLists: [{ alias: {} }] }]
    const { server, authorizations, asked, named } = await ready(undefined, { presences })
    const requests = authorizations.requests()
    const presenceSubList = { statusText: {} }
    server.push({ name: 'NotificationRequest', body: { notificationType, presenceSubList, ...who } }, 's1')
    const [request] = (await requests.next()).value
    expect(request).toMatchObject({ userId: bob, attributes: ['statusText'] })
    await request.allow()
    expect(asked()?.body).toMatchObject({ userIds: [bob] })
    expect(named()).toEqual(notificationType === 'ANC' ? ['statusText', 'alias'] : ['statusText'])
    await request.deny()
    expect(asked()?.body).toMatchObject({ userIds: [bob], userNotify: false })
    void requests.next()
    await expect.poll(() => server.seen.at(-1)).toMatchObject({ id: 's1', primitive: { name: 'Status' } })
  })

  it.each(dialects.filter(([version]) => version < '1.3'))('does so by PresenceAuth in %s %s', async (...dialect) => {
    const { server, authorizations, asked, named } = await ready(dialect)
    const requests = authorizations.requests()
    const presenceSubList = { onlineStatuses: [{}], statusText: {} }
    server.push({ name: 'PresenceAuthRequest', body: { userId: bob, presenceSubList } }, 's1')
    server.push({ name: 'PresenceAuthRequest', body: { userId: carol } }, 's2')
    const [first] = (await requests.next()).value
    expect(first).toMatchObject({ userId: bob, attributes: ['onlineStatus', 'statusText'] })
    await first.allow(['onlineStatus'])
    expect(asked()).toMatchObject({ name: 'PresenceAuthUser', body: { userId: bob, acceptance: true } })
    expect(named()).toEqual(dialect[0] === '1.1' ? [] : ['onlineStatus'])
    const [second] = (await requests.next()).value
    await second.deny()
    expect(asked()?.body).toMatchObject({ userId: carol, acceptance: false })
    const statuses = server.seen.filter(({ mode }) => mode === 'Response')
    expect(statuses).toMatchObject([{ id: 's1', primitive: { name: 'Status', body: { result: { code: 200 } } } }])
  })

  it('is told of to who wants to be asked; for everybody where it was never said', async () => {
    const presenceSubList = { onlineStatuses: [{}] }
    const { server, authorizations, asked, named } = await ready(undefined, {
      defaultAttributeList: { presenceSubList },
    })
    await authorizations.beAsked()
    expect(server.seen.find(({ primitive }) => primitive?.name === 'SubscribeNotificationRequest')).toMatchObject({
      primitive: { body: { notificationTypes: ['ANU', 'ANC', 'AND'] } },
    })
    expect(asked()?.body).toMatchObject({ defaultList: true, defaultNotify: true })
    expect(named()).toEqual(['onlineStatus'])
  })

  it.each([{ defaultAttributeList: { defaultNotify: false } }, {}])('and not where %j was said', async permissions => {
    const { authorizations, asked } = await ready(undefined, permissions)
    await authorizations.beAsked()
    expect(asked()?.name).toBe('GetAttributeListRequest')
  })

  it('needs nothing of the kind before 1.3', async () => {
    const { server, authorizations } = await ready(['1.2', 'wbxml'])
    const before = server.seen.length
    await authorizations.beAsked()
    expect(server.seen).toHaveLength(before)
  })
})
