import type { BodyInput, Markup, PrimitiveInput, Syntax } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import { systemMessageRequest } from '../access/system-message.ts'
import { fromBase64, isBase64 } from './base64.ts'
import { bareType, type Content, type Form } from './content-fit.ts'

/**
 * What waits in a mailbox, and the primitive it becomes. All but the content of a message is kept as JSON, the
 * content beside it as octets, so that text and pictures are stored alike.
 */
export type Info = BodyInput<'NewMessage'>['messageInfo']

interface Written {
  readonly info: Info
  /** The content was text, rather than octets. */
  readonly isText?: boolean | undefined
  /** Of a delivery report: the status code it reports, and when that came about. */
  readonly code?: number | undefined
  readonly at?: number | undefined
}

const utf8 = {
  encoder: new TextEncoder(),
  decoder: new TextDecoder(),
  strict: new TextDecoder('utf-8', { fatal: true }),
}

/** A message before it is known to whom it goes. */
export interface Draft {
  readonly written: Written
  readonly content: Uint8Array | null
}

export const draft = (info: Info, content: string | Uint8Array | undefined): Draft => {
  const octets = typeof content === 'string' ? utf8.encoder.encode(content) : (content ?? null)
  return { written: { info, isText: typeof content === 'string' }, content: octets }
}

/** A message as it was stored, for others, with another Message-Info. */
export const redraft = (item: Readable & Pick<AnnouncedItem, 'content'>, change: Partial<Info>): Draft => {
  const written = read(item)
  return { written: { ...written, info: { ...written.info, ...change } }, content: item.content }
}

/** What is stored of a message for one recipient, and beside it what this was written from. */
export const addressed = ({ written, content }: Draft, messageId: string, recipient: Info['recipient']) => {
  const whole: Written = { ...written, info: { ...written.info, messageId, recipient } }
  return { info: JSON.stringify(whole), written: whole, content }
}

export const writeReport = (info: Info, code: number, at: number) => {
  const written: Written = { info, code, at }
  return { info: JSON.stringify(written), written, content: null }
}

/** Either is enough. */
export type Readable = Pick<AnnouncedItem, 'info' | 'written'> | Pick<Draft, 'written'>

const read = (item: Readable): Written =>
  (item.written as Written | undefined) ?? revive(JSON.parse('info' in item ? item.info : ''))

/** Dates, and octets inside extension blocks, are not what JSON makes of them; this brings them back. */
const revive = (written: Written): Written => {
  const { dateTime, extBlockEtems } = written.info as { dateTime?: string | Date; extBlockEtems?: readonly Markup[] }
  return {
    ...written,
    info: {
      ...written.info,
      ...(dateTime !== undefined && { dateTime: new Date(dateTime) }),
      ...(extBlockEtems !== undefined && { extBlockEtems: extBlockEtems.map(reviveMarkup) }),
    },
  }
}

const reviveMarkup = (markup: Markup): Markup => ({
  ...markup,
  children: markup.children.map(child => {
    if (typeof child === 'string') return child
    return 'name' in child ? reviveMarkup(child) : new Uint8Array(Object.values(child))
  }),
})

/** The Message-Info of an item as it was stored. */
export const infoOf = (item: Readable): Info => read(item).info

/** An item read from a mailbox, so that what is written in it is read only once. */
export const opened = <T extends Pick<AnnouncedItem, 'kind' | 'info' | 'written'>>(item: T): T =>
  item.kind === 'system' ? item : { ...item, written: read(item) }

type OutgoingItem = Pick<AnnouncedItem, 'kind' | 'info' | 'written' | 'content' | 'messageId'>

/**
 * The primitive that hands an item to a client: a message whole or announced, or a report (CSP 9.1.5, 9.1.6, 9.1.9),
 * in a form the client's syntax can carry.
 */
export const primitiveFor = (item: OutgoingItem, form: Form, syntax: Syntax): PrimitiveInput => {
  if (item.kind === 'system') return systemMessageRequest(item)
  const { info, code, at } = read(item)
  if (item.kind === 'report')
    return {
      name: 'DeliveryReportRequest',
      body: { result: { code: code! }, deliveryTime: new Date(at!), messageInfo: info },
    }
  const body = messageIn(item, syntax)
  if (form === 'push') return { name: 'NewMessage', body }
  return { name: 'MessageNotification', body: { messageInfo: body.messageInfo } }
}

/**
 * A message as a client of this syntax reads it. Octets from a binary client go to one that reads XML as the text they
 * are, where they are text or encoded already, and else in BASE64 and said to be so. A binary client has agreed to no
 * transfer encoding, so that it gets the octets that were encoded. The size is what it then has (CSP 5.6.1, 6.9.1, 9.2).
 */
export function messageIn(
  item: Readable & Pick<AnnouncedItem, 'content'>,
  syntax: Syntax,
): { messageInfo: Info; contentData?: string | Uint8Array } {
  const { info, isText } = read(item)
  const { content } = item
  if (content === null) return { messageInfo: info }
  const text = isText ? utf8.decoder.decode(content) : syntax === 'xml' ? asCharacters(info, content) : undefined
  const octets = text !== undefined && syntax === 'wbxml' && isBase64(info) ? fromBase64(text) : undefined
  if (octets !== undefined)
    return { messageInfo: { ...info, contentEncoding: undefined, contentSize: octets.length }, contentData: octets }
  if (text !== undefined) return { messageInfo: { ...info, contentSize: text.length }, contentData: text }
  if (syntax === 'wbxml') return { messageInfo: { ...info, contentSize: content.length }, contentData: content }
  const contentData = Buffer.from(content).toString('base64')
  return { messageInfo: { ...info, contentEncoding: 'BASE64', contentSize: contentData.length }, contentData }
}

/** What a message carries, where that is octets rather than text. */
export const octetsOf = (item: Readable & Pick<AnnouncedItem, 'content'>): Uint8Array | undefined => {
  const { contentData } = messageIn(item, 'wbxml')
  return typeof contentData === 'string' ? undefined : contentData
}

/** A message with a picture of another type in place of its own (CSP 5.6.2). */
export function transcoded<T extends Pick<AnnouncedItem, 'info' | 'written' | 'content'>>(
  item: T,
  contentType: string,
  content: Uint8Array,
): T {
  const written = read(item)
  const contentName = written.info.contentName?.replace(/(\.\w*)?$/, contentType.replace('image/', '.'))
  const info = { ...written.info, contentType, contentEncoding: undefined, contentName }
  return { ...item, content, written: { ...written, isText: false, info } satisfies Written }
}

/** What routing and limits go by. */
export const contentOf = (item: Readable & Pick<AnnouncedItem, 'content'>): Content => ({
  type: bareType(read(item).info.contentType ?? 'text/plain'),
  length: syntax => (item.content === null ? 0 : messageIn(item, syntax).messageInfo.contentSize!),
  octets: item.content?.length ?? 0,
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
