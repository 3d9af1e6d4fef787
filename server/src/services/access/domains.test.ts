import { describe, expect, it } from 'vitest'
import { codeOf, expectPrimitive } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

/** Two domains on one server; bob of the first is another person than bob of the second. */
const open = async () => {
  const users = ['alice', 'bob', 'wv:bob@second.example', 'wv:carol@second.example']
  return openVillage({ users: [], config: { domains: ['example.com', 'second.example'] } }).then(async village => {
    for (const user of users) await village.add(user, { password: 'secret' })
    const ready = async (userId: string) => {
      const phone = village.phone(userId, { password: 'secret', clientId: `phone of ${userId}` })
      const login = await phone.login({ userId })
      if (phone.sessionId !== undefined) await phone.negotiate()
      return { phone, code: login.result.code }
    }
    return { village, ready }
  })
}
const sender = (userId: string) => ({ user: { userId } })

describe('CSP 5.3.2: several domains', () => {
  it('a login without a domain is one to the first', async () => {
    const { village, ready } = await open()
    expect((await ready('wv:alice')).code).toBe(200)
    expect((await ready('carol')).code).toBe(531)
    expect((await ready('wv:carol@Second.Example')).code).toBe(200)
    expect(village.core.sessions.ofUser('wv:alice@example.com')).toHaveLength(1)
    expect(village.core.sessions.ofUser('wv:carol@second.example')).toHaveLength(1)
  })

  it('an address without a domain belongs to that of the login', async () => {
    const { ready } = await open()
    const [first, second] = [await ready('wv:bob@example.com'), await ready('wv:bob@second.example')]
    const [alice, carol] = [await ready('wv:alice'), await ready('wv:carol@second.example')]
    await alice.phone.send('wv:bob', 'to the first', { sender: sender('wv:alice') })
    await carol.phone.send('wv:bob', 'to the second', { sender: sender('wv:carol') })
    await carol.phone.send('wv:bob@example.com', 'across', { sender: sender('wv:carol') })
    expect(await first.phone.texts()).toEqual(['to the first', 'across'])
    expect(await second.phone.texts()).toEqual(['to the second'])
  })

  it('is kept with the session over a restart', async () => {
    const { village, ready } = await open()
    const [carol, bob] = [await ready('wv:carol@second.example'), await ready('wv:bob@second.example')]
    village.restart()
    await carol.phone.send('bob', 'still at home', { sender: sender('carol') })
    expect(await bob.phone.texts()).toEqual(['still at home'])
  })

  it('what the server begins has full addresses, whatever was written', async () => {
    const { ready } = await open()
    const [carol, bob] = [await ready('wv:carol@second.example'), await ready('wv:bob@second.example')]
    await carol.phone.send('bob', 'hello', { sender: sender('carol') })
    const [message] = await bob.phone.collect()
    expect(message?.messageInfo.sender.user?.userId).toBe('wv:carol@second.example')
    expect(message?.messageInfo.recipient.users?.map(({ userId }) => userId)).toEqual(['wv:bob@second.example'])
  })

  it('an answer writes addresses as the request did', async () => {
    const { ready } = await open()
    const { phone } = await ready('wv:alice')
    for (const nobody of ['wv:nobody', 'wv:nobody@example.com']) {
      const { primitive } = await phone.send(['wv:bob', nobody], 'x', { sender: sender('wv:alice') })
      const { result } = expectPrimitive(primitive, 'SendMessageResponse')
      expect(result.details?.flatMap(({ userIds }) => userIds)).toEqual([nobody, 'wv:bob'])
    }
  })

  it('a domain that is not served is refused', async () => {
    const { village, ready } = await open()
    const { phone } = await ready('wv:alice')
    const { primitive } = await phone.send('wv:bob@third.example', 'x', { sender: sender('wv:alice') })
    expect(codeOf(primitive)).toBe(516)
    expect((await village.phone('bob').login({ userId: 'wv:bob@third.example' })).result.code).toBe(531)
  })
})
