import { type PresenceSubList, type Syntax, sizeOf, type Version, versions } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { emptyList } from './attributes.ts'
import { fitting, octetsOf } from './fitting.ts'

const list: PresenceSubList = {
  ...emptyList,
  onlineStatuses: [1, 2].map(n => ({
    qualifier: true,
    presenceValue: 'T',
    clientId: { url: `http://phone.example/${n}` },
  })),
  commCaps: [
    { qualifier: true, commCs: [{ cap: 'IM', status: 'OPEN', contact: 'wv:bob@example.com', note: '"<&>"\r' }] },
  ],
  statusText: { qualifier: true, presenceValue: '愛 & <Übermut>'.repeat(9) },
  statusContent: { qualifier: true, directContent: 'QUJD'.repeat(250), contentType: 'image/gif' },
  alias: { qualifier: false },
}

const written = (version: Version, syntax: Syntax, told: PresenceSubList) => {
  const presences = [{ userId: 'wv:bob@example.com', presenceSubLists: [told] }]
  const primitive = { name: 'PresenceNotificationRequest', body: { presences } } as const
  return sizeOf({ version, syntax, sessionId: 'one', transactions: [{ mode: 'Request', id: '1', primitive }] })
}

describe('the size of presence', () => {
  it.each(versions)('is not estimated too small for clients of %s, nor much too large', version => {
    for (const syntax of ['xml', 'wbxml'] as const)
      expect(written(version, syntax, list) - written(version, syntax, emptyList)).toBeLessThanOrEqual(octetsOf(list))
    expect(octetsOf(list)).toBeLessThan(1.3 * written('1.3', 'xml', list))
  })

  it('is made to fit without what is longest', () => {
    expect(fitting(list, octetsOf(list))).toBe(list)
    const { statusContent, statusText, alias } = fitting(list, 1050)
    expect([statusContent, statusText, alias]).toEqual([undefined, list.statusText, list.alias])
  })
})
