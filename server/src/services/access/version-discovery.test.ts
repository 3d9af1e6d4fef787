import { type BodyInput, namespaceOf, type Version } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { expectPrimitive } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

type List = NonNullable<BodyInput<'VersionDiscoveryRequest'>['versionList']>

const named = (...versions: Version[]): List => ({
  sessionNsNames: versions.map(version => namespaceOf('session', version)),
  transactionNsNames: versions.map(version => namespaceOf('transaction', version)),
  presenceAttributeNsNames: versions.map(version => namespaceOf('presence', version)),
})

describe.each(['xml', 'wbxml'] as const)('CSP 6.3: version discovery in %s', syntax => {
  const discover = async (versionList?: List) => {
    const phone = (await openVillage()).phone('nobody', { syntax, version: '1.3' })
    const primitive = { name: 'VersionDiscoveryRequest', body: { versionList } } as const
    const { message } = await phone.exchange([{ mode: 'Request', primitive }])
    return expectPrimitive(message?.transactions[0]?.primitive, 'VersionDiscoveryResponse').versionList
  }

  it('tells all versions to who names none', async () => {
    expect(await discover()).toEqual(named('1.1', '1.2', '1.3'))
  })

  it('tells of those named the ones it speaks', async () => {
    const list = named('1.2', '1.3')
    expect(await discover({ ...list, sessionNsNames: [...list.sessionNsNames!, 'urn:other'] })).toEqual(
      named('1.2', '1.3'),
    )
    expect(await discover({ ...named('1.2'), transactionNsNames: [] })).toEqual(named())
    expect(await discover({ ...named(), sessionNsNames: ['urn:other'] })).toEqual(named())
  })
})
