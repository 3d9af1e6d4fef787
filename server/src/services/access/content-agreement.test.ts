import type { CapabilityList } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { noLists } from './agreement.ts'
import { agreeContent, type ContentTerms } from './content-agreement.ts'

const agree = (wish: Partial<CapabilityList>, terms: Partial<ContentTerms> = {}) =>
  agreeContent({ ...noLists, ...wish }, { version: '1.3', syntax: 'xml', maxBodyBytes: 100_000, ...terms })
const base64 = { acceptedTransferEncodings: ['BASE64'] }

describe('CSP 6.9.1: lengths of content', () => {
  it('stay as they were asked for where they fit', () => {
    const wish = {
      acceptedPullLength: 8000,
      acceptedPushLength: 4000,
      acceptedTextContentLength: 4000,
      parserSize: 9000,
    }
    expect(agree(wish)).toMatchObject(wish)
  })

  it('are below what the parser takes, and that is no more than the server reads', () => {
    const wish = { acceptedPullLength: 999_999, acceptedPushLength: 50, parserSize: 1_000_000 }
    expect(agree(wish)).toMatchObject({ acceptedPullLength: 99_999, acceptedPushLength: 50, parserSize: 100_000 })
    expect(agree({ acceptedPushLength: 5000, parserSize: 5000 }).acceptedPushLength).toBe(4999)
  })

  it('of text are no more than what is pushed or pulled', () => {
    const wish = { acceptedTextContentLength: 900 }
    expect(agree({ ...wish, acceptedPullLength: 500 }).acceptedTextContentLength).toBe(500)
    expect(agree({ ...wish, acceptedPushLength: 400 }).acceptedTextContentLength).toBe(400)
    expect(agree(wish).acceptedTextContentLength).toBe(900)
  })

  it('of 1.2, which has but one, stay as they are', () => {
    const wish = { acceptedTextContentLength: 5000, acceptedPushLength: 5000, parserSize: 5000 }
    expect(agree(wish, { version: '1.2' })).not.toHaveProperty('acceptedPushLength')
    expect(agree(wish, { version: '1.2' }).parserSize).toBe(5000)
  })
})

describe('CSP 6.9.1: rich content', () => {
  it('of any kind is agreed where octets can be carried', () => {
    expect(agree({ anyContent: true, ...base64 })).toMatchObject({ anyContent: true, acceptedContentTypes: [] })
    expect(agree({ anyContent: true }, { syntax: 'wbxml' }).anyContent).toBe(true)
  })

  it('cannot be had in XML without a transfer encoding both know', () => {
    const foreign = { acceptedTransferEncodings: ['uuencode'] }
    expect(agree({ anyContent: true, ...foreign })).toMatchObject({ anyContent: false, acceptedTransferEncodings: [] })
    const png = [{ contentType: 'image/png' }]
    expect(agree({ acceptedContentTypes: png })).toMatchObject({ anyContent: false, acceptedContentTypes: [] })
  })

  it('is not forced on who wants none', () => {
    expect(agree({ anyContent: false, ...base64 })).toMatchObject({ anyContent: false, acceptedContentTypes: [] })
  })

  it('needs no transfer encoding in WBXML, and none is agreed', () => {
    expect(agree({ anyContent: true, ...base64 }, { syntax: 'wbxml' }).acceptedTransferEncodings).toEqual([])
  })

  it('is agreed type by type, text/plain left out, lengths lowered', () => {
    const acceptedContentTypes = [
      { contentType: 'text/plain' },
      { contentType: 'image/png', acceptedRichContentLength: 700_000 },
    ]
    expect(agree({ acceptedContentTypes, ...base64 }).acceptedContentTypes).toEqual([
      { contentType: 'image/png', acceptedRichContentLength: 99_999 },
    ])
  })

  it('keeps the policy R of a client, and has N without a limit', () => {
    const type = { contentType: 'image/png', acceptedRichContentLength: 100, contentPolicyLimit: 200 }
    const refuses = { ...type, contentPolicy: 'R' } as const
    const [kept, open] = agree({
      acceptedContentTypes: [refuses, { ...type, contentPolicy: 'C' }],
      ...base64,
    }).acceptedContentTypes
    expect(kept).toEqual(refuses)
    expect(open).toMatchObject({ contentPolicy: 'N', contentPolicyLimit: undefined })
  })

  it('never costs extra: C is answered to nobody, in no version and syntax', () => {
    const policies = [undefined, 'N', 'R', 'C'] as const
    for (const version of ['1.2', '1.3'] as const)
      for (const syntax of ['xml', 'wbxml'] as const)
        for (const contentPolicyLimit of [undefined, 1, 1_000_000]) {
          const acceptedContentTypes = policies
            .filter(policy => version === '1.3' || policy !== 'C')
            .map(contentPolicy => ({ contentType: 'image/png', contentPolicy, contentPolicyLimit }))
          const agreed = agree({ acceptedContentTypes, ...base64 }, { version, syntax }).acceptedContentTypes
          expect(agreed.map(type => type.contentPolicy)).not.toContain('C')
        }
  })
})
