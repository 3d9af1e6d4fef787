import { expect, it } from 'vitest'
import { countedStore, type StoreUse } from '../../testing/counted-store.ts'
import { atRest } from '../../testing/held-world.ts'
import { expectPrimitive } from '../../testing/phone.ts'
import { authorize, heard, inShort, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { openVillage } from '../../testing/village.ts'

it('writes once and reads nothing for a change of presence, until everybody who watches has been told', async () => {
  const use: StoreUse = { commits: 0, reads: 0 }
  const names = Array.from({ length: 20 }, (_, n) => `w${n}`)
  const village = await openVillage({ users: ['bob', ...names], around: store => countedStore(store, use) })
  const bob = await withPresence(village, 'bob')
  await authorize(bob, 'StatusText', { defaultList: true })
  const watchers = []
  for (const [n, name] of names.entries()) {
    const version = n % 2 ? '1.2' : '1.3'
    const watcher = await withPresence(village, name, { version, syntax: n % 3 ? 'xml' : 'wbxml', multiTrans: 4 })
    await watch(watcher, { userIds: ['wv:bob@example.com'] })
    // One that would wait for the next is answered when the poll after it comes.
    await Promise.race([heard(watcher), atRest()])
    watchers.push(watcher)
  }
  const polls = watchers.map(watcher => watcher.poll())
  await atRest()
  const before = { ...use }

  await sayStatus(bob, 'hello')
  const told = (await Promise.all(polls)).map(({ message }) => {
    const { presences } = expectPrimitive(message?.transactions[0]?.primitive, 'PresenceNotificationRequest')
    return presences.map(inShort)
  })
  expect(told).toEqual(names.map(() => ['bob: statusText=hello']))
  expect({ commits: use.commits - before.commits, reads: use.reads - before.reads }).toEqual({ commits: 1, reads: 0 })
})
