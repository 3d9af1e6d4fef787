import { describe, expect, it } from 'vitest'
import { HeldWorld } from '../../testing/held-world.ts'
import { Nonces } from './nonces.ts'

const [home, away] = ['192.0.2.1', '198.51.100.7']

describe('CSP 6.4.2: a nonce', () => {
  it('is good for one try of the client it was made for, within a minute', async () => {
    const world = new HeldWorld()
    const nonces = new Nonces(world)
    const nonce = nonces.issue('wv:alice', 'phone', 'MD5', home)
    expect(nonces.redeem('wv:alice', 'other')).toBeUndefined()
    expect(nonces.redeem('wv:alice', 'phone')).toMatchObject({ nonce, schema: 'MD5' })
    expect(nonces.redeem('wv:alice', 'phone')).toBeUndefined()
    nonces.issue('wv:alice', 'phone', 'MD5', home)
    await world.pass(60)
    expect(nonces.redeem('wv:alice', 'phone')).toBeUndefined()
  })

  it('takes the place of the one before, wherever that was asked for', () => {
    const nonces = new Nonces(new HeldWorld())
    nonces.issue('wv:alice', 'phone', 'MD5', home)
    const nonce = nonces.issue('wv:alice', 'phone', 'MD5', away)
    expect(nonces.redeem('wv:alice', 'phone')?.nonce).toBe(nonce)
  })

  it('outlives a flood of logins that are begun somewhere else, whose oldest go', () => {
    const nonces = new Nonces(new HeldWorld())
    const issued = nonces.issue('wv:alice', 'phone', 'MD5', home)
    for (let n = 0; n < 20_000; n++) nonces.issue(`wv:guess-${n}`, 'phone', 'MD5', away)
    const open = (n: number) => nonces.redeem(`wv:guess-${n}`, 'phone') !== undefined
    expect([open(0), open(10_000), open(10_001), open(19_999)]).toEqual([false, false, true, true])
    expect(nonces.redeem('wv:alice', 'phone')?.nonce).toBe(issued)
  })
})
