import { bareType, type PrimitiveInput, type Syntax } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import { systemMessageRequest } from '../access/system-message.ts'
import { type Person, shownTo } from './addressees.ts'
import { fromBase64, isBase64 } from './base64.ts'
import type { Content, Form, Reader } from './content-fit.ts'
import { type Info, type Readable, read } from './mail.ts'
import { groupOf } from './message-group.ts'
import { inCharsetOf } from './text-charset.ts'

/** The primitive that an item of a mailbox becomes. */

const utf8 = { decoder: new TextDecoder(), strict: new TextDecoder('utf-8', { fatal: true }) }

type Message = Readable & Pick<AnnouncedItem, 'content'>

interface MessageBody {
  readonly messageInfo: Info
  readonly contentData?: string | Uint8Array | undefined
}

type OutgoingItem = Pick<AnnouncedItem, 'kind' | 'info' | 'written' | 'content' | 'messageId'>

/**
 * The primitive that hands an item to a client: a message whole or announced, or a report (CSP 9.1.5, 9.1.6, 9.1.9),
 * in a form the client's syntax can carry.
 */
export const primitiveFor = (item: OutgoingItem, form: Form, client: Reader & Person): PrimitiveInput => {
  if (item.kind === 'system') return systemMessageRequest(item)
  const { info, code, at } = read(item)
  if (item.kind === 'report')
    return {
      name: 'DeliveryReportRequest',
      body: { result: { code: code! }, deliveryTime: new Date(at!), messageInfo: info },
    }
  const body = messageFor(item, client)
  if (form === 'push') return { name: 'NewMessage', body }
  return { name: 'MessageNotification', body: { messageInfo: body.messageInfo } }
}

/** A message as it goes to a client, which is not told of other clients that are to have it too. */
export function messageFor(item: Message, client: Reader & Person): MessageBody {
  const message = messageIn(item, client.syntax, client.agreement.capabilities?.plainTextCharsets)
  const { messageInfo, contentData } = message
  const recipient = shownTo(messageInfo.recipient, client)
  return recipient === messageInfo.recipient ? message : { messageInfo: { ...messageInfo, recipient }, contentData }
}

/**
 * A message as a client of this syntax reads it, that reads text in these character sets. Octets from a binary client go
 * to one that reads XML as the text they are, where they are text or encoded already, and else in BASE64 and said to be
 * so. A binary client has agreed to no transfer encoding, so that it gets the octets that were encoded. The size is what
 * it then has in characters, of a reference what the sender says (CSP 5.6.1, 5.6.2, 6.9.1, 9.2).
 */
function messageIn(item: Message, syntax: Syntax, charsets: readonly number[] = []): MessageBody {
  const { info, isText } = read(item)
  const { content } = item
  const as = (contentData: MessageBody['contentData'], contentSize: number, change: Partial<Info> = {}) => ({
    messageInfo: { ...info, ...change, contentSize },
    contentData,
  })
  if (content === null) return as(undefined, info.contentSize ?? 0)
  const text = isText ? utf8.decoder.decode(content) : asCharacters(info, content)
  if (syntax === 'xml') {
    if (text !== undefined) return as(text, charactersIn(text, content))
    const encoded = Buffer.from(content).toString('base64')
    return as(encoded, encoded.length, { contentEncoding: 'BASE64' })
  }
  if (text === undefined) return as(content, content.length)
  const octets = isBase64(info) ? fromBase64(text) : undefined
  if (octets !== undefined) return as(octets, octets.length, { contentEncoding: undefined })
  if (!isText) return as(content, charactersIn(text, content))
  const own = inCharsetOf(charsets, text, info.contentType)
  if (own !== undefined) return as(own.octets, charactersIn(text, content), { contentType: own.contentType })
  return as(text, charactersIn(text, content))
}

/** Some characters are two units of a JavaScript string: not where each is an octet. */
const charactersIn = (text: string, octets: Uint8Array): number =>
  text.length === octets.length
    ? text.length
    : text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0)

/** What a message carries, where that is octets rather than text. */
export const octetsOf = (item: Message): Uint8Array | undefined => {
  const { contentData } = messageIn(item, 'wbxml')
  return typeof contentData === 'string' ? undefined : contentData
}

/** What routing and limits go by. */
export const contentOf = (item: Message): Content => ({
  type: bareType(read(item).info.contentType ?? 'text/plain'),
  length: syntax => (item.content === null ? 0 : messageIn(item, syntax).messageInfo.contentSize!),
  octets: item.content?.length ?? 0,
  group: groupOf(item),
})

/** Octets that are text, or that were encoded as text by their sender. */
function asCharacters(info: Info, octets: Uint8Array): string | undefined {
  const isCharacters = info.contentEncoding !== undefined || /^text\//i.test(info.contentType ?? 'text/plain')
  return isCharacters ? textOf(octets) : undefined
}

const textOf = (octets: Uint8Array): string | undefined => {
  try {
    return utf8.strict.decode(octets)
  } catch {
    return undefined
  }
}
