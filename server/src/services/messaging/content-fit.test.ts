import type { CapabilityList } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { noAgreement, noLists } from '../access/agreement.ts'
import { type Content, formFor, isFetchable, isRefused, type Reader } from './content-fit.ts'

interface Traits {
  readonly services?: readonly string[]
  readonly deliveryMethod?: 'P' | 'N'
  readonly capabilities?: Partial<CapabilityList>
}

const both = ['NEWM', 'NOTIF', 'GETM']
const reader = ({ services = both, deliveryMethod = 'P', capabilities }: Traits = {}): Reader => ({
  syntax: 'wbxml',
  agreement: {
    ...noAgreement,
    services,
    deliveryMethod,
    capabilities: capabilities && { ...noLists, ...capabilities },
  },
})

const content = (type: string, length: number): Content => ({ type, length: () => length, octets: length })
const text = (length: number) => content('text/plain', length)
const gif = (length: number) => content('image/gif', length)

describe('CSP 5.6.4.1: a message goes', () => {
  it.each([
    ['P', both, 'push'],
    ['N', both, 'notify'],
    ['N', ['NEWM'], 'push'],
    ['P', ['NOTIF', 'GETM'], 'notify'],
    ['P', ['NOTIF'], undefined],
    ['N', ['NOTIF'], undefined],
    ['P', [], undefined],
  ] as const)('with %s, and %j agreed, by %s', (deliveryMethod, services, form) => {
    expect(formFor(text(5), reader({ deliveryMethod, services }))).toBe(form)
  })

  it('from a group by what was settled for that group, and never beyond its limit', () => {
    const group = 'wv:/chess@example.com'
    const { agreement, syntax } = reader()
    const groupDelivery = { [group]: { deliveryMethod: 'N', contentLimit: 10 } } as const
    const own = { syntax, agreement: { ...agreement, groupDelivery } }
    const said = (length: number, where: string | undefined) => ({ ...text(length), group: where })
    expect(formFor(said(10, group), own)).toBe('notify')
    expect([formFor(said(11, group), own), isFetchable(said(11, group), own)]).toEqual([undefined, false])
    expect(formFor(said(11, 'wv:/other@example.com'), own)).toBe('push')
    expect(formFor(said(11, undefined), own)).toBe('push')
    const capabilities = { ...noLists, acceptedPullLength: 5 }
    expect(isFetchable(said(6, group), { ...own, agreement: { ...own.agreement, capabilities } })).toBe(false)
  })

  it('by the other method where it is too long for the one', () => {
    const capabilities = { anyContent: true, acceptedPushLength: 10, acceptedPullLength: 20 }
    const forms = [10, 11, 20, 21].map(length => formFor(gif(length), reader({ capabilities })))
    expect(forms).toEqual(['push', 'notify', 'notify', undefined])
    const short = { anyContent: true, acceptedPushLength: 20, acceptedPullLength: 10 }
    expect(formFor(gif(11), reader({ deliveryMethod: 'N', capabilities: short }))).toBe('push')
  })

  it('by notification where it is longer than the parser of the client can take', () => {
    expect(formFor(gif(101), reader({ capabilities: { parserSize: 100 } }))).toBe('notify')
    expect(formFor(gif(101), reader({ capabilities: { parserSize: 100 }, services: ['NEWM'] }))).toBeUndefined()
  })

  it('never by push if it is an MMS', () => {
    const mms = content('application/vnd.wap.mms-message', 1)
    expect([formFor(mms, reader()), formFor(mms, reader({ services: ['NEWM'] }))]).toEqual(['notify', undefined])
  })
})

describe('CSP 6.9.1: what a client takes', () => {
  const takes = (it: Content, capabilities: Partial<CapabilityList>) => isFetchable(it, reader({ capabilities }))

  it('is text up to its length, and no other type where it said so', () => {
    const capabilities = { anyContent: false, acceptedTextContentLength: 10 }
    expect([takes(text(10), capabilities), takes(text(11), capabilities)]).toEqual([true, false])
    expect(takes(gif(1), capabilities)).toBe(false)
  })

  it('is every type, one of its types, or whatever comes where it said nothing', () => {
    const acceptedContentTypes = [{ contentType: 'Image/GIF; q=1', acceptedRichContentLength: 10 }]
    expect([takes(gif(10), { acceptedContentTypes }), takes(gif(11), { acceptedContentTypes })]).toEqual([true, false])
    expect(takes(content('image/png', 1), { acceptedContentTypes })).toBe(false)
    expect(takes(content('image/png', 1), { acceptedContentTypes: [{ contentType: 'image/*' }] })).toBe(true)
    expect([takes(gif(1), { anyContent: true }), takes(gif(1), {})]).toEqual([true, true])
    expect(isFetchable(gif(1_000_000), reader())).toBe(true)
  })

  it('is with policy R what its limit allows, and what is beyond is refused', () => {
    const acceptedContentTypes = [
      { contentType: 'image/gif', acceptedRichContentLength: 2, contentPolicy: 'R', contentPolicyLimit: 4 },
    ] as const
    const client = reader({ capabilities: { acceptedContentTypes } })
    expect([4, 5].map(length => [isFetchable(gif(length), client), isRefused(gif(length), client)])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(isRefused(content('image/png', 9), client)).toBe(false)
  })
})
