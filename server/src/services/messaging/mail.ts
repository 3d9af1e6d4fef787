import { type BodyInput, clientKey, type Markup, type PrimitiveInput, type Syntax } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import { systemMessageRequest } from '../access/system-message.ts'

/**
 * What waits in a mailbox, and the primitive it becomes. All but the content of a message is kept as JSON, the
 * content beside it as octets, so that text and pictures are stored alike.
 */
type Info = BodyInput<'NewMessage'>['messageInfo']

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

/** What is stored of an item, and beside it what this was written from. */
export const writeMessage = (info: Info, content: string | Uint8Array | undefined) => {
  const written: Written = { info, isText: typeof content === 'string' }
  const octets = typeof content === 'string' ? utf8.encoder.encode(content) : (content ?? null)
  return { info: JSON.stringify(written), written, content: octets }
}

export const writeReport = (info: Info, code: number, at: number) => {
  const written: Written = { info, code, at }
  return { info: JSON.stringify(written), written, content: null }
}

type Readable = Pick<AnnouncedItem, 'info' | 'written'>

const read = (item: Readable): Written => (item.written as Written | undefined) ?? revive(JSON.parse(item.info))

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

/** The client of its user that an item is meant for, by its key; undefined where any will do (CSP 5.5.2.1). */
export const clientOf = (item: Readable & Pick<AnnouncedItem, 'kind'>): string | undefined => {
  if (item.kind !== 'message') return undefined
  const clientId = read(item).info.recipient.users?.[0]?.clientId
  return clientId && clientKey(clientId)
}

type OutgoingItem = Readable & Pick<AnnouncedItem, 'kind' | 'content' | 'messageId'>

/**
 * The primitive that hands an item to a client: a message pushed, or a report (CSP 9.1.5, 9.1.9), in a form the
 * client's syntax can carry.
 */
export const primitiveFor = (item: OutgoingItem, syntax: Syntax): PrimitiveInput => {
  if (item.kind === 'system') return systemMessageRequest(item)
  const { info, isText, code, at } = read(item)
  if (item.kind === 'report')
    return {
      name: 'DeliveryReportRequest',
      body: { result: { code: code! }, deliveryTime: new Date(at!), messageInfo: info },
    }
  if (item.content === null) return { name: 'NewMessage', body: { messageInfo: info } }
  if (isText) return { name: 'NewMessage', body: { messageInfo: info, contentData: utf8.decoder.decode(item.content) } }
  if (syntax === 'xml') return { name: 'NewMessage', body: inXml(info, item.content) }
  return { name: 'NewMessage', body: { messageInfo: info, contentData: item.content } }
}

/**
 * Octets from a binary client, for one that reads XML: text and what is encoded already as the text they are, all
 * else in BASE64 and said to be so, with the size it then has (CSP 5.6.1, 9.2).
 */
function inXml(info: Info, content: Uint8Array) {
  const isCharacters = info.contentEncoding !== undefined || /^text\//i.test(info.contentType ?? 'text/plain')
  const text = isCharacters ? textOf(content) : undefined
  if (text !== undefined) return { messageInfo: info, contentData: text }
  const contentData = Buffer.from(content).toString('base64')
  return { messageInfo: { ...info, contentEncoding: 'BASE64', contentSize: contentData.length }, contentData }
}

const textOf = (octets: Uint8Array): string | undefined => {
  try {
    return utf8.strict.decode(octets)
  } catch {
    return undefined
  }
}

/** The service that must have been agreed before an item of a kind is pushed. */
export const serviceFor = (kind: AnnouncedItem['kind']): string => (kind === 'report' ? 'MDELIV' : 'NEWM')
