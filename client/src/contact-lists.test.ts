import { describe, expect, it } from 'vitest'
import { type Dialect, dialects, openSession } from '../test/open-session.ts'
import { failure, ScriptedServer } from '../test/scripted-server.ts'

const [bob, carol] = ['wv:bob@village.local', 'wv:carol@village.local']
const [friends, work] = ['wv:alice/friends@village.local', 'wv:alice/work@village.local']

async function ready(dialect: Dialect) {
  const server = new ScriptedServer()
  const session = await openSession(server, dialect)
  return { server, lists: session.contactLists, asked: () => server.seen.at(-1)?.primitive?.body }
}

describe.each(dialects)('contact lists in %s %s (CSP 8.1)', (version, syntax) => {
  const dialect: Dialect = [version, syntax]

  it('are listed, the default one first', async () => {
    const { server, lists } = await ready(dialect)
    server.on('GetListRequest', () => ({
      name: 'GetListResponse',
      body: { contactLists: [work], defaultContactList: friends },
    }))
    expect(await lists.list()).toEqual({ lists: [friends, work], defaultList: friends })
  })

  it('are made and done away with', async () => {
    const { server, lists, asked } = await ready(dialect)
    const details = [{ code: 531, userIds: [carol] }]
    server.on('CreateListRequest', () => ({ name: 'Status', body: { result: { code: 201, details } } }))
    server.on('DeleteListRequest', () => failure(200))
    const properties = { displayName: 'Friends', isDefault: true }
    const contacts = [{ userId: bob, nickname: 'Bob' }, { userId: carol }]
    const { failed } = await lists.create(friends, { properties, contacts })
    expect(failed).toMatchObject([{ to: carol, name: 'UnknownUser' }])
    expect(asked()).toMatchObject({
      contactList: friends,
      nickList: [{ userId: bob, name: 'Bob' }, { userId: carol }],
      contactListProperties: [
        { name: 'DisplayName', value: 'Friends' },
        { name: 'Default', value: 'T' },
      ],
    })
    await lists.create(work)
    expect(asked()).toEqual({ contactList: work })
    await lists.delete(friends)
    expect(asked()).toEqual({ contactList: friends })
  })

  it('are read and changed', async () => {
    const { server, lists, asked } = await ready(dialect)
    server.on('ListManageRequest', () => ({
      name: 'ListManageResponse',
      body: {
        result: { code: 201, details: [{ code: 531, userIds: [carol] }] },
        nickList: [{ userId: bob, name: 'Bob' }],
        contactListProperties: [
          { name: 'DisplayName', value: 'Friends' },
          { name: 'Default', value: 'F' },
        ],
      },
    }))
    expect(await lists.read(friends)).toEqual({
      contacts: [{ userId: bob, nickname: 'Bob' }],
      properties: { displayName: 'Friends', isDefault: false, doNotNotify: undefined },
    })
    expect(asked()).toMatchObject({ contactList: friends, receiveList: version === '1.1' ? undefined : true })
    const change = await lists.add(friends, [{ userId: bob, nickname: 'Bob' }, { userId: carol }], {
      authorizeAndGrant: true,
    })
    expect(change).toMatchObject({ contacts: [{ userId: bob }], failed: [{ to: carol }] })
    expect(asked()).toMatchObject({
      addNickList: [{ userId: bob, name: 'Bob' }, { userId: carol }],
      authorizeAndGrant: version === '1.3' ? true : undefined,
    })
    await lists.remove(friends, bob)
    expect(asked()).toMatchObject({ removeNickList: [bob] })
    await lists.setProperties(friends, { isDefault: true })
    expect(asked()).toMatchObject({ contactListProperties: [{ name: 'Default', value: 'T' }] })
  })
})

it('what the server does not do is told', async () => {
  const { server, lists } = await ready(['1.3', 'wbxml'])
  server.on('ListManageRequest', () => failure(700))
  await expect(lists.read(friends)).rejects.toMatchObject({ name: 'ContactListDoesNotExist' })
})
