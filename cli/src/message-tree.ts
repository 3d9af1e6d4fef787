import type { Message, Transaction } from '@village/protocol'
import pc from 'picocolors'
import { printable } from './printable.ts'

/** What proves who somebody is, and so is not shown. */
const secrets: ReadonlySet<string> = new Set(['password', 'digestBytes'])
const mostCharacters = 400
const mostOctets = 32

/** A message as an indented tree: what its envelope says, and every primitive with its fields. */
export const messageTree = (message: Message): string[] => {
  const { version, syntax, sessionId, poll, cir, transactions } = message
  const session = sessionId === undefined ? 'no session (Outband)' : `session ${printable(sessionId)}`
  const flags = [poll !== undefined && `Poll ${flag(poll)}`, cir !== undefined && `CIR ${flag(cir)}`]
  return [
    pc.bold([`CSP ${version} ${syntax.toUpperCase()}`, session, ...flags.filter(Boolean)].join(', ')),
    ...transactions.flatMap(transactionTree).map(line => `  ${line}`),
  ]
}

const flag = (value: boolean) => (value ? 'T' : 'F')

function transactionTree({ mode, id, primitive, refusal, segment, extensions }: Transaction): string[] {
  const head = `${mode} ${id === undefined ? 'without an id' : printable(id)}`
  const inside = [
    ...(segment ? tree('segment', segment) : []),
    ...(primitive ? [pc.cyan(primitive.name), ...fields(primitive.body).map(indent)] : []),
    ...(refusal ? [pc.red(`broken: ${printable(refusal.message)}`), ...where(refusal.path)] : []),
    ...extensions.flatMap(extension => tree('extension', extension)),
  ]
  return [head, ...inside.map(indent)]
}

const where = (path: string | undefined) => (path === undefined ? [] : [pc.dim(`in ${printable(path)}`)])

const indent = (line: string) => `  ${line}`

const fields = (value: object): string[] => Object.entries(value).flatMap(([name, inner]) => tree(name, inner))

function tree(name: string, value: unknown): string[] {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return []
  if (secrets.has(name)) return [`${name}: ${pc.dim('(hidden)')}`]
  if (Array.isArray(value)) return value.flatMap(item => tree(name, item))
  if (isPlain(value)) return [`${name}: ${scalar(value)}`]
  return [name, ...fields(value as object).map(indent)]
}

const isPlain = (value: unknown) =>
  typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array

function scalar(value: unknown): string {
  if (value === true) return 'T'
  if (value === false) return 'F'
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) {
    const hex = [...value.subarray(0, mostOctets)].map(octet => octet.toString(16).padStart(2, '0')).join(' ')
    return `${value.length} octets: ${hex}${value.length > mostOctets ? ' ...' : ''}`
  }
  if (typeof value !== 'string') return String(value)
  const text = JSON.stringify(printable(value.slice(0, mostCharacters)))
  return value.length > mostCharacters ? `${text} ... (${value.length} characters)` : text
}
