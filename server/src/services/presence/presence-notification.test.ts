import { expect, it } from 'vitest'
import type { PhoneOptions } from '../../testing/phone.ts'
import { authorize, heard, publish, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { openVillage } from '../../testing/village.ts'

const userIds = ['wv:bob@example.com']
const everybody = { defaultList: true }

/** Alice watches bob, who shows these attributes to everybody. */
const open = async (options: PhoneOptions, shown: string) => {
  const village = await openVillage()
  const alice = await withPresence(village, 'alice', options)
  const bob = await withPresence(village, 'bob', { version: '1.3', clientId: 'phone' })
  await authorize(bob, shown, everybody)
  await watch(alice, { userIds })
  await heard(alice)
  return { village, alice, bob }
}

it('CSP 5.1.3: tells of each client of a user in 1.3, one that goes away included, and before only of the user', async () => {
  const { village, alice, bob } = await open({ version: '1.3' }, 'OnlineStatus')
  const older = await withPresence(village, 'alice', { version: '1.2', clientId: 'older' })
  await watch(older, { userIds })
  await heard(older)
  const laptop = await withPresence(village, 'bob', { version: '1.3', clientId: 'laptop' })
  expect([await heard(alice), await heard(older)]).toEqual([['bob: onlineStatuses=T onlineStatuses=T'], []])
  await laptop.ask({ name: 'LogoutRequest', body: {} })
  expect(await heard(alice)).toEqual(['bob: onlineStatuses=T onlineStatuses=F'])
  expect(await heard(older)).toEqual([])
  await bob.ask({ name: 'LogoutRequest', body: {} })
  expect([await heard(alice), await heard(older)]).toEqual([['bob: onlineStatuses=F'], ['bob: onlineStatuses=F']])
})

it('does not wake a client before 1.3 for what it cannot see of a change', async () => {
  const { alice, bob } = await open({ version: '1.1' }, 'ClientInfo FreeTextLocation')
  const said = (model: string, clientImPriority?: number) => ({
    clientInfos: [{ qualifier: true, model, clientImPriority }],
  })
  await publish(bob, said('A'))
  expect(await heard(alice)).toEqual(['bob: clientInfos=…'])
  await publish(bob, said('A', 7))
  expect((await alice.poll()).message).toBeUndefined()
  await publish(bob, said('B', 7))
  expect(await heard(alice)).toEqual(['bob: clientInfos=…'])
})

it('lets a client appear offline, with all that is the client’s', async () => {
  const { alice, bob } = await open({ version: '1.3' }, 'OnlineStatus FreeTextLocation StatusText')
  await publish(bob, { freeTextLocations: [{ qualifier: true, presenceValue: 'home' }] })
  expect(await heard(alice)).toEqual(['bob: freeTextLocations=home'])
  await publish(bob, { onlineStatuses: [{ qualifier: true, presenceValue: 'F' }] })
  expect(await heard(alice)).toEqual(['bob: onlineStatuses=F freeTextLocations=?'])
  await sayStatus(bob, 'not here')
  expect(await heard(alice)).toEqual(['bob: statusText=not here'])
})

it('CSP 5.6: tells of no content that the client does not take, nor of more than it can read', async () => {
  const capabilities = { anyContent: false, acceptedContentTypes: [], parserSize: 2000 }
  const { alice, bob } = await open({ version: '1.3', capabilities }, 'StatusText StatusContent ContactInfo')
  const directContent = 'R0lGODlhAQABAAAAACw='
  await publish(bob, { statusContent: { qualifier: true, directContent, contentType: 'image/gif' } })
  expect(await heard(alice)).toEqual([])
  await publish(bob, { contactInfo: { qualifier: true, containedvCard: 'x'.repeat(3000) } })
  await sayStatus(bob, 'short')
  expect(await heard(alice)).toEqual(['bob: statusText=short'])
})

it('CSP 5.6: tells that content is gone in whose place there is some that the client does not take', async () => {
  const acceptedContentTypes = [{ contentType: 'image/gif' }]
  const capabilities = { acceptedContentTypes, acceptedTransferEncodings: ['BASE64'] }
  const { alice, bob } = await open({ version: '1.3', capabilities }, 'StatusContent')
  const show = (contentType: string) =>
    publish(bob, { statusContent: { qualifier: true, directContent: 'R0lGODlhAQABAAAAACw=', contentType } })
  await show('image/gif')
  expect(await heard(alice)).toEqual(['bob: statusContent=…'])
  await show('image/png')
  expect(await heard(alice)).toEqual(['bob: statusContent=?'])
})

it('tells as much at a time as the client can read', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `user${index}`)
  const village = await openVillage({ users: ['alice', ...names] })
  const alice = await withPresence(village, 'alice', { version: '1.3', capabilities: { parserSize: 4000 } })
  for (const name of names) {
    const phone = await withPresence(village, name)
    await authorize(phone, 'StatusText', everybody)
    await sayStatus(phone, 'x'.repeat(150))
  }
  await watch(alice, { userIds: names.map(name => `wv:${name}@example.com`) }, 'StatusText')
  let count = 0
  for (;;) {
    const { message, outbound } = await alice.poll()
    const [asked] = message?.transactions ?? []
    if (asked === undefined) break
    expect(Buffer.byteLength(outbound.body)).toBeLessThanOrEqual(4000)
    if (asked.primitive?.name === 'PresenceNotificationRequest') count += asked.primitive.body.presences.length
    await alice.answer(asked.id, { name: 'Status', body: { result: { code: 200 } } })
  }
  expect(count).toBe(names.length)
})
