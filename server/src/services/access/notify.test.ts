import { describe, expect, it } from 'vitest'
import { createLog } from '../../telemetry/log.ts'
import { withLists } from '../../testing/contacts.ts'
import { heard, notificationsIn, subscribed, unsubscribe, withServices } from '../../testing/notifications.ts'
import type { Phone } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

const block = (phone: Phone, ...userIds: string[]) =>
  phone.code({ name: 'BlockEntityRequest', body: { blockList: { addList: { userIds } } } })
const create = (phone: Phone, name: string) =>
  phone.code({ name: 'CreateListRequest', body: { contactList: `wv:alice/${name}` } })
const changed = { notificationType: 'BLC' }
const status = (code: number) => ({ name: 'Status', body: { result: { code } } }) as const

describe('CSP 7.2.1: a notification', () => {
  it('comes to each of the other clients that has subscribed, exactly by its types', async () => {
    const village = await openVillage()
    const [blocks, lists] = [
      await subscribed(village, 'alice', ['BLC'], { clientId: 'blocks' }),
      await subscribed(village, 'alice', ['CLCR'], { clientId: 'lists', syntax: 'wbxml' }),
    ]
    const [none, bob] = [await withServices(village, 'alice', 'none'), await subscribed(village, 'bob')]
    const doer = await subscribed(village, 'alice', undefined, { clientId: 'doer' })
    await block(doer, 'wv:bob')
    await create(doer, 'friends')
    expect(await heard(blocks)).toEqual([changed])
    expect(await heard(lists)).toEqual([{ notificationType: 'CLCR', contactLists: ['wv:alice/friends@example.com'] }])
    for (const phone of [none, bob, doer]) expect(await heard(phone)).toEqual([])
  })

  it('is known when the change is answered, whatever the version of the client that made it', async () => {
    const village = await openVillage()
    const [ears, old] = [
      await subscribed(village, 'alice'),
      await withLists(village, 'alice', { version: '1.1', clientId: 'old' }),
    ]
    await create(old, 'friends')
    expect(notificationsIn(await ears.poll())).toHaveLength(1)
  })

  it('ends a poll that is held', async () => {
    const village = await openVillage()
    const ears = await subscribed(village, 'alice', ['BLC'], { multiTrans: 2 })
    const polling = ears.poll()
    await block(await withServices(village, 'alice', 'doer'), 'wv:bob')
    expect(notificationsIn(await polling)).toHaveLength(1)
  })

  it('comes again under the same id until it is answered, with any status', async () => {
    const village = await openVillage()
    const ears = await subscribed(village, 'alice')
    await block(await withServices(village, 'alice', 'doer'), 'wv:bob')
    const [first] = notificationsIn(await ears.poll())
    expect(notificationsIn(await ears.poll())).toEqual([])
    await village.world.pass(20)
    const again = notificationsIn(await ears.poll())
    expect(again).toEqual([first])
    await ears.answer(first!.id, status(500))
    await village.world.pass(20)
    expect(notificationsIn(await ears.poll())).toEqual([])
  })

  it('that nobody has fetched yet is not said twice', async () => {
    const village = await openVillage()
    const [ears, doer] = [await subscribed(village, 'alice'), await withServices(village, 'alice', 'doer')]
    await block(doer, 'wv:bob')
    await block(doer, 'wv:carol')
    expect(await heard(ears)).toEqual([changed])
    await block(doer, 'wv:dave*')
    expect(await heard(ears)).toEqual([changed])
  })

  it('that waits is not given to a client that has unsubscribed from it since', async () => {
    const village = await openVillage()
    const [ears, doer] = [await subscribed(village, 'alice'), await withServices(village, 'alice', 'doer')]
    await block(doer, 'wv:bob')
    await create(doer, 'friends')
    await unsubscribe(ears, ['BLC'])
    expect(await heard(ears)).toMatchObject([{ notificationType: 'CLCR' }])
  })

  it('does not outlive the session, even where that is taken up again', async () => {
    const village = await openVillage()
    const [ears, doer] = [await subscribed(village, 'alice'), await withServices(village, 'alice', 'doer')]
    await block(doer, 'wv:bob')
    const { sessionId } = ears
    await ears.code({ name: 'LogoutRequest', body: {} })
    await block(doer, 'wv:carol')
    await ears.login({ sessionId })
    expect(await heard(ears)).toEqual([])
    await block(doer, 'wv:dave*')
    expect(await heard(ears)).toEqual([changed])
  })

  it('goes on waiting where a session that is still open is taken up again, handed out or not', async () => {
    const village = await openVillage()
    const [ears, doer] = [await subscribed(village, 'alice'), await withServices(village, 'alice', 'doer')]
    await block(doer, 'wv:bob')
    await ears.poll()
    await create(doer, 'friends')
    await ears.login({ sessionId: ears.sessionId })
    expect((await heard(ears)).map(({ notificationType }) => notificationType)).toEqual(['CLCR', 'BLC'])
  })

  it('also comes to a session that was not used since the server was restarted', async () => {
    const village = await openVillage()
    const [ears, doer] = [await subscribed(village, 'alice'), await withServices(village, 'alice', 'doer')]
    village.restart()
    await block(doer, 'wv:bob')
    expect(await heard(ears)).toEqual([changed])
  })

  it('that cannot be told is logged, and what was done is answered as what it is', async () => {
    let isBroken = false
    let logged = ''
    const village = await openVillage({
      log: createLog({ level: 'error', to: { write: line => void (logged += line) } }),
      around: store => ({
        ...store,
        sessions: {
          ...store.sessions,
          ofUser: userId => (isBroken ? Promise.reject(new Error('no store')) : store.sessions.ofUser(userId)),
        },
      }),
    })
    await subscribed(village, 'alice')
    const doer = await withServices(village, 'alice', 'doer')
    isBroken = true
    expect(await block(doer, 'wv:bob')).toBe(200)
    expect(logged).toContain('Clients could not be notified of an event')
    expect(logged).toContain('wv:alice@example.com')
  })
})
