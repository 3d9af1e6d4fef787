import { describe, expect, it } from 'vitest'
import { gatewayNumbers } from './gateway-numbers.ts'

describe('CSP 6.4.3: the number of a phone', () => {
  const msisdnOf = gatewayNumbers({
    headers: ['MSISDN', 'X-Network-MSISDN'],
    trustedPeers: ['10.1.0.0/16', '192.0.2.7', '2001:db8::/32'],
  })

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '2001:db8::9'])('is believed from %s', peer => {
    expect(msisdnOf(peer, { msisdn: '358401234567' })).toBe('+358401234567')
  })

  it.each(['10.2.0.1', '192.0.2.8', '::ffff:10.2.0.1', '::1', undefined])('is not believed from %s', peer => {
    expect(msisdnOf(peer, { msisdn: '358401234567' })).toBeUndefined()
  })

  it('is believed from nobody where nobody is named', () => {
    const nobody = gatewayNumbers({ headers: ['MSISDN'], trustedPeers: [] })
    expect(nobody('127.0.0.1', { msisdn: '358401234567' })).toBeUndefined()
  })

  it.each([
    [{ 'x-network-msisdn': '+358 40-1234567' }, '+358401234567'],
    [{ msisdn: '+15550100', 'x-network-msisdn': '358401234567' }, '+15550100'],
    [{ msisdn: 'anonymous' }, undefined],
    [{ msisdn: '358401234567, 358409999999' }, undefined],
    [{ from: '358401234567' }, undefined],
    [{}, undefined],
  ])('%j is %s', (headers, number) => {
    expect(msisdnOf('192.0.2.7', headers)).toBe(number)
  })
})
