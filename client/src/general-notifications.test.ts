import { expect, it } from 'vitest'
import { openSession } from '../test/open-session.ts'
import { failure, ScriptedServer } from '../test/scripted-server.ts'

const bob = 'wv:bob@village.local'

it.each(['xml', 'wbxml'] as const)('general notifications (CSP 7.2) come to who asks for them; %s', async syntax => {
  const server = new ScriptedServer()
  server.on('SubscribeNotificationRequest', () => failure(200))
  server.on('UnsubscribeNotificationRequest', () => failure(200))
  const { generalNotifications } = await openSession(server, ['1.3', syntax])
  const asked = () => server.seen.at(-1)?.primitive?.body
  await generalNotifications.subscribe(['addedToContactList', 'groupRemoved'])
  expect(asked()).toEqual({ notificationTypes: ['ATCL', 'GR'] })
  await generalNotifications.unsubscribe()
  expect(asked()).toEqual({})

  const arriving = generalNotifications.arriving()
  server.push({ name: 'NotificationRequest', body: { notificationType: 'ATCL', userIds: [bob] } }, 's1')
  server.push({
    name: 'NotificationRequest',
    body: {
      notificationType: 'AC',
      userList: { users: [{ userId: bob }] },
      contactLists: ['wv:alice/friends'],
      presenceSubList: { statusText: {} },
    },
  })
  expect((await arriving.next()).value).toMatchObject({ type: 'addedToContactList', userIds: [bob], contactLists: [] })
  expect((await arriving.next()).value).toMatchObject({
    type: 'authorizationChanged',
    userIds: [bob],
    contactLists: ['wv:alice/friends'],
    attributes: ['statusText'],
  })
  await expect.poll(() => server.seen.at(-1)).toMatchObject({ id: 's1', primitive: { name: 'Status' } })
})

it('a type that CSP does not know has no name', async () => {
  const server = new ScriptedServer()
  const { generalNotifications } = await openSession(server)
  const arriving = generalNotifications.arriving()
  server.push({ name: 'NotificationRequest', body: { notificationType: 'XYZ' } })
  expect((await arriving.next()).value).toMatchObject({ type: undefined, body: { notificationType: 'XYZ' } })
})
