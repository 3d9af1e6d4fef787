import { describe, expect, it } from 'vitest'
import { expectPrimitive, type Phone, type PhoneOptions } from '../../testing/phone.ts'
import { dialects, openVillage } from '../../testing/village.ts'

const notified: PhoneOptions = { services: { imFeat: {} }, capabilities: { initialDeliveryMethod: 'N' } }

const open = async (options: PhoneOptions = {}) => {
  const village = await openVillage()
  const alice = await village.ready('alice')
  const bob = await village.ready('bob', { ...notified, ...options })
  return { village, alice, bob, carol: await village.ready('carol') }
}

const idOf = async (sending: ReturnType<Phone['send']>) =>
  expectPrimitive((await sending).primitive, 'SendMessageResponse').messageId!

const forward = (phone: Phone, messageId: string, to: readonly string[], id?: string) => {
  const sender = phone.version === '1.3' ? { user: { userId: `wv:${phone.user}` } } : undefined
  const recipient = { users: to.map(userId => ({ userId })) }
  return phone.ask({ name: 'ForwardMessageRequest', body: { messageId, sender, recipient } }, id)
}

describe.each(dialects)('CSP 9.1.10: forwarding in $version $syntax', dialect => {
  it('hands a waiting message on as it is, from whoever forwards it', async () => {
    const { village, alice, bob, carol } = await open(dialect)
    const info = { contentType: 'text/html', validity: 3600 }
    const original = await idOf(alice.send('bob', '<b>hello</b>', { info, report: true }))
    await village.world.pass(60)
    const { primitive } = await forward(bob, original, ['wv:carol'])
    const [came] = await carol.collect()
    expect(came).toMatchObject({
      contentData: '<b>hello</b>',
      messageInfo: { ...info, sender: { user: { userId: 'wv:bob@example.com' } } },
    })
    expect(came?.messageInfo.messageId).not.toBe(original)
    expect(came?.messageInfo.recipient.users[0]?.userId).toBe('wv:carol@example.com')
    if (dialect.version === '1.3')
      expect(primitive).toMatchObject({
        name: 'ForwardMessageResponse',
        body: { messageId: came?.messageInfo.messageId },
      })
    else expect(primitive).toMatchObject({ name: 'Status', body: { result: { code: 200 } } })
    expect((await bob.poll()).message?.transactions ?? []).toEqual([])
    const report = (await alice.poll()).message?.transactions[0]?.primitive
    expect(report).toMatchObject({ name: 'DeliveryReportRequest', body: { result: { code: 541 } } })
  })
})

describe('CSP 9.1.10: what is not forwarded', () => {
  it('452 for an application that the own list blocks, 508 for a context there is none of', async () => {
    const { alice, bob } = await open({ version: '1.3' })
    const original = await idOf(alice.send('bob', 'hello'))
    const blockList = { addList: { applicationIds: ['chess'] } }
    expect(await bob.code({ name: 'BlockEntityRequest', body: { blockList } })).toBe(200)
    const to = (recipient: object) => {
      const body = { messageId: original, sender: { user: { userId: 'wv:bob' } }, recipient }
      return bob.code({ name: 'ForwardMessageRequest', body } as never)
    }
    expect(await to({ users: [{ userId: 'wv:carol', applicationId: 'Chess' }] })).toBe(452)
    expect(await to({ groups: [{ screenName: { name: 'Pawn', groupId: 'wv:/chess' } }] })).toBe(508)
  })

  it('stays where it is: nobody can have it, or it is not there', async () => {
    const { alice, bob } = await open({ version: '1.3' })
    const original = await idOf(alice.send('bob', 'hello'))
    expect((await forward(bob, original, ['wv:nobody'])).primitive).toMatchObject({ body: { result: { code: 531 } } })
    expect((await forward(bob, 'unknown', ['wv:alice'])).primitive).toMatchObject({ body: { result: { code: 426 } } })
    const { primitive } = await bob.ask({ name: 'GetMessageRequest', body: { messageId: original } })
    expect(primitive).toMatchObject({ name: 'GetMessageResponse', body: { contentData: 'hello' } })
  })

  it('is in one unit with its report, which is left out for a sender who is gone', async () => {
    const units: number[] = []
    const village = await openVillage({
      around: store => ({
        ...store,
        commit: (unit, lane) => {
          units.push(unit.length)
          return store.commit(unit, lane)
        },
      }),
    })
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob', { ...notified, version: '1.3' })]
    const original = await idOf(alice.send('bob', 'hello', { report: true }))
    const orphan = await idOf(alice.send('bob', 'second', { report: true }))
    units.length = 0
    await forward(bob, original, ['wv:carol'])
    expect(units).toHaveLength(1)
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'report')).toBe(1)
    await village.store.commit(village.store.accounts.remove('wv:alice@example.com'))
    expect((await forward(bob, orphan, ['wv:carol'])).primitive?.name).toBe('ForwardMessageResponse')
    expect(await village.store.mailboxes.count('wv:carol@example.com', 'message')).toBe(2)
    expect(await village.store.mailboxes.count('wv:bob@example.com', 'message')).toBe(0)
  })

  it('is refused for a full queue as ever, and then still there', async () => {
    const village = await openVillage({ config: { 'messages.queueLimit': 1 } })
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob', { ...notified, version: '1.3' })]
    const original = await idOf(alice.send('bob', 'hello', { report: true }))
    await alice.send('carol', 'fills it')
    expect((await forward(bob, original, ['wv:carol'])).primitive).toMatchObject({ body: { result: { code: 507 } } })
    expect((await forward(bob, original, ['wv:carol', 'wv:alice'])).primitive?.name).toBe('ForwardMessageResponse')
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'report')).toBe(1)
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(1)
  })

  it('is told to whom it was sent the first time, when the request comes again after a crash', async () => {
    const { village, alice, bob, carol } = await open({ version: '1.3' })
    const original = await idOf(alice.send('bob', 'hello'))
    const first = await forward(bob, original, ['wv:carol'], '7')
    village.restart()
    expect((await forward(bob, original, ['wv:carol'], '7')).primitive).toEqual(first.primitive)
    expect(await carol.texts()).toEqual(['hello'])
  })
})
