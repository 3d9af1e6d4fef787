import { type BodyInput, clientKey, type Markup, type PrimitiveInput, type Syntax } from '@village/protocol'
import type { MailItem, NewMailItem } from '../../store/mailboxes.ts'

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

export const writeMessage = (info: Info, content: string | Uint8Array | undefined) => ({
  info: JSON.stringify({ info, isText: typeof content === 'string' } satisfies Written),
  content: content === undefined ? null : typeof content === 'string' ? utf8.encoder.encode(content) : content,
})

export const writeReport = (info: Info, code: number, at: number) => ({
  info: JSON.stringify({ info, code, at } satisfies Written),
  content: null,
})

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
export const infoOf = (item: Pick<MailItem, 'info'>): Info => revive(JSON.parse(item.info)).info

/** The client of its user that an item is meant for, by its key; undefined where any will do (CSP 5.5.2.1). */
export const clientOf = (item: Pick<NewMailItem, 'kind' | 'info'>): string | undefined => {
  if (item.kind !== 'message') return undefined
  const clientId = (JSON.parse(item.info) as Written).info.recipient.users?.[0]?.clientId
  return clientId && clientKey(clientId)
}

/**
 * The primitive that hands an item to a client: a message pushed, or a report (CSP 9.1.5, 9.1.9), in a form the
 * client's syntax can carry.
 */
export const primitiveFor = (item: Pick<NewMailItem, 'kind' | 'info' | 'content'>, syntax: Syntax): PrimitiveInput => {
  const { info, isText, code, at } = revive(JSON.parse(item.info))
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
export const serviceFor = (kind: NewMailItem['kind']): string => (kind === 'report' ? 'MDELIV' : 'NEWM')
