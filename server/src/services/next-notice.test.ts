import { expect, it } from 'vitest'
import { fetched } from '../testing/contacts.ts'
import { notificationsIn, subscribed } from '../testing/notifications.ts'
import type { Phone } from '../testing/phone.ts'
import { authorize, namesIn, withPresence } from '../testing/presence.ts'
import { openVillage } from '../testing/village.ts'
import { attributes } from './presence/attributes.ts'

const names = Array.from({ length: 120 }, (_, index) => `a-friend-with-number-${index}`)
const userIds = names.map(name => `wv:${name}@example.com`)

/** Answers until nothing is left: the notifications that came, and the octets of the largest message. */
async function heardWithin(phone: Phone) {
  const bodies = []
  let largest = 0
  for await (const reply of fetched(phone)) {
    largest = Math.max(largest, Buffer.byteLength(reply.outbound.body))
    bodies.push(...notificationsIn(reply).map(({ body }) => body))
  }
  return { bodies, largest }
}

/** A phone of alice's, and another that is notified and reads so many octets. */
async function open(parserSize: number, syntax: 'xml' | 'wbxml' = 'xml') {
  const village = await openVillage({ config: { 'poll.holdSeconds': 0 }, users: ['alice', ...names] })
  const alice = await withPresence(village, 'alice', { version: '1.3' })
  const ears = await subscribed(village, 'alice', ['AC'], {
    ...{ clientId: 'ears', syntax, multiTrans: 4, perMessage: 4, capabilities: { parserSize } },
    services: { presenceFeat: {} },
  })
  return { village, alice, ears }
}

it.each(['xml', 'wbxml'] as const)(
  'CSP 6.9.1: long notifications come in parts that can be read, in %s',
  async syntax => {
    const { alice, ears } = await open(3000, syntax)
    expect(await authorize(alice, 'OnlineStatus Alias', { userIds, defaultList: true })).toBe(200)
    const { bodies, largest } = await heardWithin(ears)
    expect(largest).toBeLessThanOrEqual(3000)
    expect(bodies.flatMap(({ userIds = [] }) => userIds)).toEqual(userIds)
    expect(bodies.map(({ defaultList }) => defaultList === true).filter(Boolean)).toEqual([true])
    for (const { notificationType, presenceSubList } of bodies) {
      expect(notificationType).toBe('AC')
      expect(presenceSubList?.onlineStatuses).toHaveLength(1)
    }
  },
)

it('CSP 6.9.1: notifications fit after the client has agreed to read less', async () => {
  const { village, alice, ears } = await open(9000)
  await authorize(alice, 'OnlineStatus', { userIds })
  expect(notificationsIn(await ears.poll())).toHaveLength(1)
  await ears.ask({ name: 'ClientCapabilityRequest', body: { capabilityList: { parserSize: 2000 } } })
  await village.world.pass(21)
  const { bodies, largest } = await heardWithin(ears)
  expect(largest).toBeLessThanOrEqual(2000)
  expect(bodies.flatMap(({ userIds = [] }) => userIds)).toEqual(userIds)
})

it('says of somebody first what came first, also where it comes in parts', async () => {
  const { alice, ears } = await open(3000)
  await authorize(alice, 'OnlineStatus', { userIds })
  await authorize(alice, 'Alias', { userIds: userIds.slice(-1) })
  const { bodies } = await heardWithin(ears)
  const told = bodies.filter(({ userIds: some = [] }) => some.includes(userIds.at(-1)!))
  expect(told.map(({ presenceSubList }) => namesIn(presenceSubList))).toEqual(['OnlineStatus', 'Alias'])
})

it('leaves out what cannot be read at all, and tells what comes after it', async () => {
  const { alice, ears } = await open(1000)
  const everything = attributes.map(({ name }) => name).join(' ')
  await authorize(alice, everything, { userIds: userIds.slice(0, 1) })
  await authorize(alice, 'Alias', { userIds: userIds.slice(1, 2) })
  const { bodies, largest } = await heardWithin(ears)
  expect(largest).toBeLessThanOrEqual(1000)
  expect(bodies.flatMap(({ userIds = [] }) => userIds)).toEqual(userIds.slice(1, 2))
})
