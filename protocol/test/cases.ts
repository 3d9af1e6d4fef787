import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encode } from '../src/codec/index.ts'
import type { MessageInput } from '../src/codec/message.ts'
import type { PrimitiveName } from '../src/schema/catalogue.ts'

/**
 * Golden messages: one folder a primitive, each message as what it says (`.json`), in XML, indented, and in WBXML as
 * hexadecimal digits with `#` comments. The JSON is written by hand; the other two are checked against it and were
 * checked against other implementations once.
 */
const folder = join(import.meta.dirname, '../cases')

export type Saying = Omit<MessageInput, 'syntax'>

export interface Case {
  readonly primitive: PrimitiveName
  /** Version and short name. */
  readonly title: string
  readonly message: Saying
  /** As it is written, without indentation. */
  readonly xml: string
  readonly wbxml: Uint8Array
}

const pathOf = (primitive: string, title: string, ending: string) => join(folder, primitive, `${title}.${ending}`)
const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

export const readCases = (): Case[] =>
  readdirSync(folder)
    .sort()
    .flatMap(primitive =>
      readdirSync(join(folder, primitive))
        .filter(file => file.endsWith('.json'))
        .sort()
        .map(file => readCase(primitive as PrimitiveName, file.slice(0, -'.json'.length))),
    )

const readCase = (primitive: PrimitiveName, title: string): Case => ({
  primitive,
  title,
  message: JSON.parse(textOf(pathOf(primitive, title, 'json')), revive),
  xml: textOf(pathOf(primitive, title, 'xml'))
    .replace(/>\s+</g, '><')
    .trim(),
  wbxml: octetsOfHex(textOf(pathOf(primitive, title, 'wbxml.hex'))),
})

/** Writes the XML and WBXML of a case anew from what it says. */
export function rewrite({ primitive, title, message }: Case) {
  const write = (ending: string, text: string) => writeFileSync(pathOf(primitive, title, ending), text)
  mkdirSync(dirname(pathOf(primitive, title, 'xml')), { recursive: true })
  write('xml', indent(encode({ ...message, syntax: 'xml' }) as string))
  write('wbxml.hex', hexOf(encode({ ...message, syntax: 'wbxml' }) as Uint8Array))
}

/** Content may be octets, and moments are written as text: JSON knows neither. */
const revive = (key: string, value: any) => {
  if (typeof value?.base64 === 'string') return new Uint8Array(Buffer.from(value.base64, 'base64'))
  return (key === 'dateTime' || key === 'deliveryTime') && typeof value === 'string' ? new Date(value) : value
}

/** One element a line; what we write has no white space between tags and no `<` or `>` inside them. */
const indent = (xml: string): string => {
  const lines: string[] = []
  let depth = 0
  for (const [piece, tag] of xml.matchAll(/(<[^>]*>)[^<]*/g)) {
    const isEnd = tag!.startsWith('</')
    if (isEnd) depth--
    const opensHere =
      isEnd &&
      lines
        .at(-1)!
        .trimStart()
        .startsWith(`<${tag!.slice(2, -1)}`) &&
      !lines.at(-1)!.includes('</')
    if (opensHere) lines[lines.length - 1] += piece
    else lines.push('  '.repeat(depth) + piece)
    if (!isEnd && !tag!.endsWith('/>') && !tag!.startsWith('<?')) depth++
  }
  return `${lines.join('\n')}\n`
}

const perLine = 24

const hexOf = (octets: Uint8Array): string => {
  const lines = [`# ${octets.length} octets`]
  for (let start = 0; start < octets.length; start += perLine)
    lines.push([...octets.subarray(start, start + perLine)].map(octet => octet.toString(16).padStart(2, '0')).join(' '))
  return `${lines.join('\n')}\n`
}

export const octetsOfHex = (text: string): Uint8Array =>
  new Uint8Array(Buffer.from(text.replace(/#.*$/gm, '').replace(/\s/g, ''), 'hex'))
