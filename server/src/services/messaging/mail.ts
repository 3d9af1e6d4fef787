import type { BodyInput, Markup } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'

/**
 * What waits in a mailbox. All but the content of a message is kept as JSON, the
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

const encoder = new TextEncoder()

/** A message before it is known to whom it goes. */
export interface Draft {
  readonly written: Written
  readonly content: Uint8Array | null
}

export const draft = (info: Info, content: string | Uint8Array | undefined): Draft => {
  const octets = typeof content === 'string' ? encoder.encode(content) : (content ?? null)
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
  return { info: stored(whole), written: whole, content }
}

export const writeReport = (info: Info, code: number, at: number) => {
  const written: Written = { info, code, at }
  return { info: stored(written), written, content: null }
}

/** As JSON, in which a date is a number: text is what JSON makes of it by itself, and takes longer than all else here. */
const stored = (written: Written): string => {
  const { info } = written
  return JSON.stringify({ ...written, info: { ...info, dateTime: info.dateTime?.getTime() } })
}

/** Either is enough. */
export type Readable = Pick<AnnouncedItem, 'info' | 'written'> | Pick<Draft, 'written'>

export const read = (item: Readable): Written =>
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
