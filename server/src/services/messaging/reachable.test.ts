import type { BodyInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { codeOf, expectPrimitive } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

type Wish = NonNullable<NonNullable<BodyInput<'ClientCapabilityRequest'>['capabilityList']>['offlineEtemHandling']>

describe('CSP 6.9.1: a message to a client that has logged out', () => {
  const logout = { name: 'LogoutRequest', body: {} } as const
  const gone = async (offlineEtemHandling: Wish | undefined, isInLogin = false) => {
    const village = await openVillage()
    const phone = village.phone('alice', { version: '1.3', clientId: 'phone' })
    const capabilityList = { supportedBearers: ['HTTP'], offlineEtemHandling } as const
    if (isInLogin) await phone.login({ capabilityList, functions: { imFeat: {} } })
    else {
      await phone.login()
      await phone.negotiate()
      await phone.ask({ name: 'ClientCapabilityRequest', body: { capabilityList } })
    }
    const bob = await village.ready('bob')
    const users = [{ userId: 'wv:alice@example.com', clientId: { url: 'phone' } }]
    const send = async (text: string) => (await bob.send([], text, { recipient: { users } })).primitive
    expect((await send('while it is here'))?.name).toBe('SendMessageResponse')
    expect(await phone.texts()).toEqual(['while it is here'])
    await phone.code(logout)
    village.restart()
    return { village, phone, bob, send }
  }

  it('is refused after REJECT, whoever else is here', async () => {
    const { village, send } = await gone('REJECT')
    const other = await village.ready('alice', { clientId: 'other' })
    expect(codeOf(await send('too late'))).toBe(410)
    expect(await other.texts()).toEqual([])
  })

  it.each(['PRIORITYREJECT', 'SENDREJECT'] as const)('goes to others after %s, or is refused', async wish => {
    const { village, send } = await gone(wish, true)
    expect(codeOf(await send('too late'))).toBe(410)
    const mute = village.phone('alice', { clientId: 'mute' })
    await mute.login()
    expect(codeOf(await send('too late'))).toBe(410)
    const other = await village.ready('alice', { clientId: 'other' })
    expect((await send('to the other'))?.name).toBe('SendMessageResponse')
    expect(await other.texts()).toEqual(['to the other'])
  })

  it.each(['PRIORITYSTORE', 'SENDSTORE', undefined] as const)('is kept after %s', async wish => {
    const { phone, send } = await gone(wish)
    expect((await send('for later'))?.name).toBe('SendMessageResponse')
    await phone.login({ functions: { imFeat: {} } })
    expect(await phone.texts()).toEqual(['for later'])
  })

  it('is kept for it although another client refuses its like for good', async () => {
    const { village, phone, bob } = await gone('PRIORITYSTORE')
    const acceptedContentTypes = [
      { contentType: 'image/gif', acceptedRichContentLength: 1, contentPolicy: 'R' as const, contentPolicyLimit: 2 },
    ]
    const other = {
      clientId: 'other',
      version: '1.3',
      syntax: 'wbxml',
      capabilities: { acceptedContentTypes },
    } as const
    await village.ready('alice', other)
    const users = [{ userId: 'wv:alice@example.com', clientId: { url: 'phone' } }]
    const sent = await bob.send([], 'R0lG', { recipient: { users }, info: { contentType: 'image/gif' } })
    expect(sent.primitive?.name).toBe('SendMessageResponse')
    await phone.login({ functions: { imFeat: {} } })
    expect(await phone.texts()).toEqual(['R0lG'])
  })

  it('is no new one where it repeats one from before the logout, over a crash of the server', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', { version: '1.3', clientId: 'phone' })
    const capabilityList = { supportedBearers: ['HTTP'], offlineEtemHandling: 'REJECT' } as const
    await phone.login({ capabilityList, functions: { imFeat: {} } })
    const bob = await village.ready('bob')
    const users = [{ userId: 'wv:alice@example.com', clientId: { url: 'phone' } }]
    const send = async () => (await bob.send([], 'once', { id: '77', recipient: { users } })).primitive
    const first = await send()
    await phone.code(logout)
    village.restart()
    expect(expectPrimitive(await send(), 'SendMessageResponse')).toEqual(expectPrimitive(first, 'SendMessageResponse'))
    // Clients count to 999 and start over: what looks alike after ten minutes is another message.
    await village.world.pass(600)
    expect(codeOf(await send())).toBe(410)
  })

  it('is of no concern to other recipients', async () => {
    const { village, bob } = await gone('REJECT')
    const carol = await village.ready('carol')
    const users = [{ userId: 'wv:alice@example.com', clientId: { url: 'phone' } }, { userId: 'wv:carol@example.com' }]
    const { primitive } = await bob.send([], 'to both', { recipient: { users } })
    const { result } = expectPrimitive(primitive, 'SendMessageResponse')
    expect(result).toMatchObject({
      code: 201,
      details: [
        { code: 410, userIds: ['wv:alice@example.com'] },
        { code: 200, userIds: ['wv:carol@example.com'] },
      ],
    })
    expect(await carol.texts()).toEqual(['to both'])
  })
})
