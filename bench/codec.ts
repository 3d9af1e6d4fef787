import { SaxesParser } from 'saxes'
import { decode, encode } from '../protocol/src/codec/index.ts'
import type { MessageInput, Syntax } from '../protocol/src/codec/message.ts'
import type { PresenceSubList } from '../protocol/src/schema/presence-attributes.ts'
import { readCases } from '../protocol/test/cases.ts'
import { median } from './load/percentile.ts'

/**
 * The codec beside the fastest XML parser of npm, on typical messages: octets to typed objects and back, against
 * events alone. All run in turn in the same sitting; medians of CPU time. `node bench/codec.ts [rounds]`
 */
const typical = [
  ...['LoginRequest 1.2-two-way', 'ClientCapabilityRequest 1.2-client-capability', 'ServiceRequest 1.2-service'],
  ...['SendMessageRequest 1.2-to-one', 'NewMessage 1.2-text', 'MessageDelivered 1.2-message-delivered'],
  ...['PollingRequest 1.2-poll', 'PresenceNotificationRequest 1.2-presence-notification'],
  ...['ListManageResponse 1.2-list-manage', 'GroupChangeNotice 1.2-group-change-notice'],
]

const cases = readCases().filter(({ primitive, title }) => typical.includes(`${primitive} ${title}`))
if (cases.length !== typical.length) throw new Error('a typical message has no golden case any more')

const utf8 = new TextEncoder()
const inXml = cases.map(({ xml }) => utf8.encode(xml))
const inWbxml = cases.map(({ wbxml }) => wbxml)
const messages = cases.map(({ message }) => message)
const asXml: MessageInput[] = messages.map(message => ({ ...message, syntax: 'xml' }))
const asWbxml: MessageInput[] = messages.map(message => ({ ...message, syntax: 'wbxml' }))

/** What watchers of one user are told, as many as there are cases: each a list of its own, or all the same one. */
const notifications = (syntax: Syntax, isShared: boolean): MessageInput[] => {
  const list: Partial<PresenceSubList> = {
    onlineStatuses: [{ qualifier: true, presenceValue: 'T', clientId: { url: 'http://example.com/phone' } }],
    userAvailability: { qualifier: true, presenceValue: 'AVAILABLE' },
    statusText: { qualifier: true, presenceValue: 'At the library' },
  }
  if (isShared) Object.freeze(list)
  return cases.map((_, n) => {
    const presences = [{ userId: 'wv:alice@example.com', presenceSubLists: [list] }]
    const primitive = { name: 'PresenceNotificationRequest', body: { presences } } as const
    const transactions = [{ mode: 'Request', id: `n1.${n}`, primitive } as const]
    return { version: '1.2', syntax, sessionId: `session-${n}`, transactions, poll: false }
  })
}
const encodeAll = (them: readonly MessageInput[]) => () => them.forEach(message => void encode(message))

let events = 0
const saxes = (octets: Uint8Array) => {
  const parser = new SaxesParser({ xmlns: false })
  parser.on('opentag', () => events++)
  parser.on('closetag', () => events++)
  parser.on('text', () => events++)
  parser.write(new TextDecoder().decode(octets)).close()
}

const subjects: Readonly<Record<string, () => void>> = {
  'saxes, events alone': () => inXml.forEach(saxes),
  'XML decode': () => inXml.forEach(octets => void decode(octets)),
  'WBXML decode': () => inWbxml.forEach(octets => void decode(octets)),
  'XML encode': () => asXml.forEach(message => void encode(message)),
  'WBXML encode': () => asWbxml.forEach(message => void encode(message)),
  'XML presence': encodeAll(notifications('xml', false)),
  'XML presence, shared': encodeAll(notifications('xml', true)),
  'WBXML presence': encodeAll(notifications('wbxml', false)),
  'WBXML presence, shared': encodeAll(notifications('wbxml', true)),
}

/** Microseconds of CPU time per message. */
const measure = (run: () => void): number => {
  const turns = 300
  const start = process.cpuUsage()
  for (let turn = 0; turn < turns; turn++) run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / (turns * cases.length)
}

const rounds = Number(process.argv[2] ?? 15)
const times = Object.fromEntries(Object.keys(subjects).map(name => [name, [] as number[]]))
for (let round = -3; round < rounds; round++)
  for (const [name, run] of Object.entries(subjects)) {
    const time = measure(run)
    if (round >= 0) times[name]!.push(time) // the first rounds warm up
  }

const base = median(times['saxes, events alone']!)
const mean = (documents: readonly Uint8Array[]) =>
  Math.round(documents.reduce((sum, { length }) => sum + length, 0) / documents.length)
console.log(`${cases.length} messages, ${mean(inXml)} octets of XML and ${mean(inWbxml)} of WBXML on average`)
for (const [name, found] of Object.entries(times)) {
  const time = median(found)
  const spread = (100 * (Math.max(...found) - Math.min(...found))) / time
  console.log(
    `${name.padEnd(22)} ${time.toFixed(2).padStart(7)} µs  ${(base / time).toFixed(2).padStart(6)} x saxes  spread ${spread.toFixed(0)} %`,
  )
}
