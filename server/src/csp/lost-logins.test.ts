import { type BodyInput, contentTypeOf, decode, type MessageInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { atRest } from '../testing/held-world.ts'
import { codeOf, digestBytes, type Phone } from '../testing/phone.ts'
import { openVillage } from '../testing/village.ts'
import type { Outbound } from './reply.ts'

const modern = { version: '1.3' } as const
const alive = { name: 'KeepAliveRequest', body: {} } as const

/** Posts a login with the password, and leaves it to the test what becomes of the answer. */
const post = (phone: Phone, more: Partial<BodyInput<'LoginRequest'>> = {}, inside?: Partial<MessageInput>) => {
  const body = phone.loginBody({ password: phone.password, ...more })
  const octets = phone.write([{ mode: 'Request', id: '1', primitive: { name: 'LoginRequest', body } }], inside)
  return phone.post(octets, contentTypeOf(phone.syntax, phone.version))
}

const codeIn = ({ body }: Outbound) => codeOf(decode(Buffer.from(body)).transactions[0]?.primitive)

describe('CSP 11.5.7: a client whose Login-Response was lost', () => {
  it('can log in again at once, and has one session then', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', modern)
    for (let loss = 0; loss < 10; loss++) {
      const lost = await post(phone)
      expect(codeIn(lost)).toBe(200)
      lost.onLost!()
    }
    expect((await phone.login()).result.code).toBe(200)
    expect(await phone.code(alive)).toBe(200)
    expect(village.core.sessions.size).toBe(1)
    expect(await village.store.sessions.ofUser('wv:alice@example.com')).toHaveLength(1)
  })

  it('can do so with a digest', async () => {
    const phone = (await openVillage()).phone('alice', modern)
    const { nonce } = await phone.loginStep({ digestSchemas: ['MD5'] })
    const proof = { password: undefined, digestBytes: digestBytes('MD5', nonce!, phone.password) }
    ;(await post(phone, proof)).onLost!()
    expect((await phone.login()).result.code).toBe(200)
  })

  it('leaves the messages to the clients that know their sessions', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    const other = village.phone('alice', { ...modern, clientId: 'other' })
    const lost = await post(other, { functions: { imFeat: {} } })
    await bob.send('alice', 'hello')
    expect(await alice.texts()).toEqual([])
    lost.onLost!()
    await atRest()
    expect(await alice.texts()).toEqual(['hello'])
  })

  it.each(['sent', 'not told'])('is another one than that whose answer was %s, and gets 608', async how => {
    const phone = (await openVillage()).phone('alice', modern)
    const first = await post(phone)
    if (how === 'sent') first.onSent!()
    expect((await phone.login()).result.code).toBe(608)
  })

  it('keeps a session that it took up again, wherever it named it', async () => {
    const phone = await (await openVillage()).ready('alice', modern)
    const lost = [
      await post(phone, { sessionId: phone.sessionId }, { sessionId: undefined }),
      await post(phone, {}, { sessionId: phone.sessionId }),
    ]
    for (const answer of lost) {
      expect(codeIn(answer)).toBe(200)
      answer.onLost?.()
    }
    expect(await phone.code(alive)).toBe(200)
  })

  it('does not end what it opened since', async () => {
    const phone = (await openVillage()).phone('alice')
    const lost = await post(phone)
    await phone.login()
    lost.onLost!()
    expect(await phone.code(alive)).toBe(200)
  })
})
