import { type AcceptedContentType, bareType, type CapabilityList, type Syntax } from '@village/protocol'
import { type Agreement, type GroupDelivery, mostOctets } from '../access/agreement.ts'

/** How a message reaches a client: whole, or by a notification upon which the client fetches it (CSP 5.6.4.1). */
export type Form = 'push' | 'notify'

/** What of a message decides whether a client can have it. */
export interface Content {
  /** In lower case, without parameters: `text/plain`. */
  readonly type: string
  /** In characters, in the form in which a client of this syntax gets it (CSP 6.9.1). */
  length(syntax: Syntax): number
  /** As it is stored. */
  readonly octets: number
  /** Key of the group it was said in. */
  readonly group?: string | undefined
}

/** A client, as far as it matters what it can have. */
export interface Reader {
  readonly syntax: Syntax
  readonly agreement: Agreement
}

/** Such messages are announced, never pushed (CSP 5.6.4.1). */
const neverPushed = 'application/vnd.wap.mms-message'

/**
 * How a message goes to a client: by the method the client prefers where what was agreed allows it, else by the other
 * (CSP 5.6.4). Undefined where neither will do: then it waits for a client that can have it.
 */
export function formFor(content: Content, reader: Reader): Form | undefined {
  const { services } = reader.agreement
  const { deliveryMethod } = deliveryFor(content, reader)
  const fits = (form: Form) => {
    const room = roomFor(content, reader, form)
    return mostCharacters(content) <= room || content.length(reader.syntax) <= room
  }
  // Where a character has several octets, a text may keep to all lengths and be more than a message can carry.
  const isCarried = content.octets <= mostOctets(reader.agreement)
  const mayPush = () => services.includes('NEWM') && content.type !== neverPushed && isCarried && fits('push')
  const mayNotify = () => services.includes('NOTIF') && services.includes('GETM') && fits('notify')
  if (deliveryMethod === 'N' && mayNotify()) return 'notify'
  if (mayPush()) return 'push'
  return deliveryMethod === 'P' && mayNotify() ? 'notify' : undefined
}

/** Nothing has more characters than its octets in BASE64: where so many fit, those that there are need not be counted. */
const mostCharacters = ({ octets }: Content) => 4 * Math.ceil(octets / 3)

/** Whether a client may fetch a message (CSP 9.1.8): if not, 546. */
export const isFetchable = (content: Content, reader: Reader): boolean =>
  content.length(reader.syntax) <= roomFor(content, reader, 'notify')

/** Whether the client has said that it never wants such content in such a size (policy R, CSP 5.6.3). */
export function isRefused(content: Content, { syntax, agreement: { capabilities } }: Reader): boolean {
  const agreed = capabilities && typeOf(content.type, capabilities)
  return agreed?.contentPolicy === 'R' && content.length(syntax) > (agreed.contentPolicyLimit ?? 0)
}

/** What the client has settled for a group, or for all else (CSP 9.1.2). */
const deliveryFor = ({ group }: Pick<Content, 'group'>, { agreement }: Reader): GroupDelivery =>
  (group === undefined ? undefined : agreement.groupDelivery?.[group]) ?? agreement

/**
 * How many characters of a type a client can have in this form (CSP 6.9.1), from this group (CSP 9.1.2); below zero if it
 * cannot have the type.
 */
export function roomFor(content: Pick<Content, 'type' | 'group'>, reader: Reader, form: Form): number {
  return least(roomForType(content.type, reader, form), deliveryFor(content, reader).contentLimit)!
}

function roomForType(type: string, { agreement: { capabilities } }: Reader, form: Form): number {
  if (capabilities === undefined) return Number.POSITIVE_INFINITY
  const { acceptedPushLength, acceptedPullLength, parserSize } = capabilities
  const most = form === 'push' ? least(acceptedPushLength, parserSize) : acceptedPullLength
  if (type === 'text/plain') return least(most, capabilities.acceptedTextContentLength) ?? Number.POSITIVE_INFINITY
  const { anyContent, acceptedContentTypes } = capabilities
  if (anyContent === false) return -1
  const agreed = typeOf(type, capabilities)
  // COMPAT: a client that says nothing at all of types is not known to be unable to have one.
  if (agreed === undefined && anyContent === undefined && acceptedContentTypes.length > 0) return -1
  // With policy R the limit is that of the policy: up to there the client has agreed to special conditions.
  const ofType = agreed?.contentPolicy === 'R' ? agreed.contentPolicyLimit : agreed?.acceptedRichContentLength
  return least(most, ofType) ?? Number.POSITIVE_INFINITY
}

const typeOf = (type: string, { acceptedContentTypes }: CapabilityList): AcceptedContentType | undefined =>
  acceptedContentTypes.find(({ contentType }) => {
    const wanted = bareType(contentType)
    return wanted === type || wanted === '*/*' || (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1)))
  })

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b)
