import { afterEach, expect, it } from 'vitest'
import { failure, password, ScriptedServer } from '../test/scripted-server.ts'
import { connect } from './connection.ts'
import type { Session } from './session.ts'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

const bob = 'wv:bob@village.local'

async function ready(version: '1.1' | '1.2' | '1.3', syntax: 'xml' | 'wbxml') {
  const server = new ScriptedServer()
  server.on('BlockEntityRequest', () => failure(200))
  const connection = connect({ url: 'http://village.test/', fetch: server.fetch, version, syntax })
  const session = await connection.login({ userId: 'wv:alice@village.local', password })
  sessions.push(session)
  return { server, lists: session.accessLists, asked: () => server.seen.at(-1)?.primitive?.body }
}

const dialects = (['1.1', '1.2', '1.3'] as const).flatMap(version =>
  (['xml', 'wbxml'] as const).map(syntax => [version, syntax] as const),
)

it.each(dialects)('whom to block and to grant is told in %s %s', async (version, syntax) => {
  const { lists, asked } = await ready(version, syntax)
  await lists.block(bob)
  expect(asked()).toMatchObject({ blockList: { addList: { userIds: [bob] } }, blockListInUse: true })
  await lists.unblock([bob, 'wv:carol@village.local'])
  expect(asked()).toMatchObject({ blockList: { removeList: { userIds: [bob, 'wv:carol@village.local'] } } })
  expect(asked()).not.toMatchObject({ blockListInUse: expect.anything() })
  await lists.grant({ groupIds: ['wv:chess/players@village.local'] })
  expect(asked()).toMatchObject({ grantList: { addList: { groupIds: ['wv:chess/players@village.local'] } } })
  expect(asked()).not.toMatchObject({ grantListInUse: true })
  await lists.ungrant(bob)
  expect(asked()).toMatchObject({ grantList: { removeList: { userIds: [bob] } } })
  await lists.use({ blockList: false, grantList: true })
  expect(asked()).toMatchObject({ blockListInUse: false, grantListInUse: true })
})

it.each(dialects)('both lists are read in %s %s', async (version, syntax) => {
  const { server, lists } = await ready(version, syntax)
  server.on('GetBlockedListRequest', () => ({
    name: 'GetBlockedListResponse',
    body: { blockList: { entityList: { userIds: [bob] } }, blockListInUse: true, grantListInUse: false },
  }))
  const { blocked, granted } = await lists.get()
  expect(blocked).toMatchObject({ isInUse: true, entities: { userIds: [bob], groupIds: [] } })
  expect(granted).toMatchObject({ isInUse: false, entities: { userIds: [] } })
})

it('what the server does not do is told', async () => {
  const { server, lists } = await ready('1.3', 'wbxml')
  server.on('BlockEntityRequest', () => failure(531))
  await expect(lists.block('wv:zoe@village.local')).rejects.toMatchObject({ name: 'UnknownUser' })
})
