import { type AcceptedContentType, type CapabilityList, isWithin, type Syntax, type Version } from '@village/protocol'
import { charsets } from '../messaging/text-encoding.ts'

/** MIBenum of US-ASCII and UTF-8; text is carried as UTF-8, of which the former is a part. */
const usualCharsets: readonly number[] = [3, 106]
/** In a document all text has the character set of the document; octets may have one of their own (CSP 5.6.2). */
const charsetsOf = { xml: usualCharsets, wbxml: [...usualCharsets, ...charsets.keys()] }
/** How octets are written into XML here. */
const transferEncodings: readonly string[] = ['BASE64']

export interface ContentTerms {
  readonly version: Version
  readonly syntax: Syntax
  /** The longest body this server reads, in octets; no content is longer. */
  readonly maxBodyBytes: number
}

type Content = Pick<
  CapabilityList,
  | 'acceptedContentTypes'
  | 'anyContent'
  | 'acceptedPullLength'
  | 'acceptedPushLength'
  | 'acceptedTextContentLength'
  | 'acceptedTransferEncodings'
  | 'plainTextCharsets'
  | 'parserSize'
>

/**
 * Settles what content a client takes (CSP 6.9.1): lengths are only ever lowered, and lists only shortened. The
 * relations between the settings hold for clients since 1.3; the older ones could not be told of a correction.
 */
export function agreeContent(requested: CapabilityList, { version, syntax, maxBodyBytes }: ContentTerms): Content {
  const parserSize = lowered(requested.parserSize, maxBodyBytes)
  const plainTextCharsets = requested.plainTextCharsets.filter(charset => charsetsOf[syntax].includes(charset))
  if (!isWithin(version, { since: '1.3' })) return { ...contentOf(requested), parserSize, plainTextCharsets }
  // A parser has to hold more than the content alone.
  const longest = Math.max(0, Math.min(parserSize ?? maxBodyBytes, maxBodyBytes) - 1)
  const acceptedPullLength = lowered(requested.acceptedPullLength, longest)
  const acceptedPushLength = lowered(requested.acceptedPushLength, longest)
  const longestText = Math.min(longest, acceptedPullLength ?? longest, acceptedPushLength ?? longest)
  const acceptedTransferEncodings = syntax === 'wbxml' ? [] : requested.acceptedTransferEncodings.filter(isCommon)
  return {
    ...richContent(requested, longest, syntax === 'wbxml' || acceptedTransferEncodings.length > 0),
    acceptedPullLength,
    acceptedPushLength,
    acceptedTextContentLength: lowered(requested.acceptedTextContentLength, longestText),
    acceptedTransferEncodings,
    plainTextCharsets,
    parserSize,
  }
}

const lowered = (wish: number | undefined, limit: number) => (wish === undefined ? undefined : Math.min(wish, limit))

const isCommon = (encoding: string) => transferEncodings.includes(encoding.toUpperCase())

const contentOf = ({ acceptedContentTypes, acceptedTransferEncodings }: CapabilityList) => ({
  acceptedContentTypes,
  acceptedTransferEncodings,
})

/** Rich content cannot be written into XML without a transfer encoding that both sides know; octets are octets in WBXML. */
function richContent({ anyContent, acceptedContentTypes }: CapabilityList, longest: number, isPossible: boolean) {
  const isWanted = anyContent ?? acceptedContentTypes.length > 0
  if (isWanted && !isPossible) return { anyContent: false, acceptedContentTypes: [] }
  if (anyContent !== undefined) return { anyContent, acceptedContentTypes: [] }
  const rich = acceptedContentTypes.filter(({ contentType }) => !/^text\/plain\b/i.test(contentType))
  return { anyContent, acceptedContentTypes: rich.map(type => agreeType(type, longest)) }
}

/**
 * Of the policies a client may state only R; N has no limit. C is the server's word, which may choose (CSP 6.9.1): nothing
 * costs extra here, so it is never said.
 */
function agreeType(type: AcceptedContentType, longest: number): AcceptedContentType {
  const acceptedRichContentLength = lowered(type.acceptedRichContentLength, longest)
  if (type.contentPolicy === 'R') return { ...type, acceptedRichContentLength }
  const contentPolicy = type.contentPolicy === undefined ? undefined : 'N'
  return { ...type, acceptedRichContentLength, contentPolicy, contentPolicyLimit: undefined }
}
