import { statusByCode } from '@village/protocol'
import type { TracedTransaction, TraceEntry } from '@village/server'
import pc from 'picocolors'
import { printable } from './printable.ts'

/** One message of a trace, as lines for people. */
export const traceLines = (entry: TraceEntry): string[] => [
  headOf(entry),
  ...(entry.fault === undefined ? [] : [`  ${pc.red(printable(entry.fault))}`]),
  ...(entry.idlePolls === undefined ? entry.transactions.flatMap(transactionLines) : []),
  ...(entry.moreTransactions === undefined ? [] : [`  and ${entry.moreTransactions} more`]),
]

const headOf = (entry: TraceEntry): string => {
  const { at, direction, session, client, source, version, syntax, milliseconds, idlePolls } = entry
  const who = [session ? `session ${session}` : 'no session', client, direction === 'in' ? `from ${source}` : undefined]
  const how = version && `CSP ${version} ${syntax!.toUpperCase()}`
  const what = idlePolls === undefined ? sizeOf(entry) : pollsIn(idlePolls)
  const after = milliseconds === undefined ? undefined : `after ${milliseconds} ms`
  const facts = [...who, how, what, after].filter(fact => fact !== undefined).join(', ')
  return pc.bold(`${at} ${direction.padEnd(3)} ${printable(facts)}`)
}

const sizeOf = ({ octets }: TraceEntry) => (octets === 0 ? 'nothing' : `${octets} octets`)

const pollsIn = (count: number) => (count === 1 ? 'a poll that brought nothing' : `${count} polls that brought nothing`)

const transactionLines = ({ mode, id, primitive, status, fault, content }: TracedTransaction): string[] => {
  const code = status === undefined ? [] : [`${status} ${statusByCode(status)?.name ?? ''}`.trim()]
  const name = id === undefined ? mode : `${mode} ${id}`
  return [
    `  ${printable([name, primitive ?? 'not understood', ...code].join(', '))}`,
    ...(fault === undefined ? [] : [`    ${pc.red(printable(fault))}`]),
    ...content.map(line => `    ${printable(line)}`),
  ]
}
