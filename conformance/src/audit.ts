import type {
  Body,
  Message,
  PresenceSubList,
  PrimitiveName,
  Transaction,
  TransactionInput,
  Version,
} from '@village/protocol'
import { contentOf, namesIn, occurrences, type Value } from './presence/attributes.ts'
import type { Presence } from './presence/sight.ts'

/** What is wrong with a primitive: a part that must be there is not, or one is there or not against its condition. */
export type FaultKind = 'mandatory' | 'conditional'

type Parts = Readonly<Record<string, any>>
/** Says what is wrong with a primitive, in the words of its parts. `asked` is the request, where it is known. */
type Rule = (body: Parts, asked: Parts | undefined, version: Version) => readonly (string | false | undefined)[]

const lacks = (body: Parts, parts: readonly string[], when = '') =>
  parts.map(part => body[part] === undefined && `${part} is missing${when}`)
const has = (body: Parts, parts: readonly string[], when: string) =>
  parts.map(part => body[part] !== undefined && `${part} is there ${when}`)
/** Both ways: there if so, and not there if not. */
const exactly = (isSo: boolean, body: Parts, parts: readonly string[], when: string) =>
  isSo ? lacks(body, parts, ` ${when}`) : has(body, parts, `though not ${when}`)

/** CSP 9.2: of each message a client is told of. */
const messageInfo = (info: Parts) =>
  lacks(info, ['messageId', 'contentSize', 'dateTime', 'sender', 'recipient'], ' from Message-Info')

type Rules = { readonly [N in PrimitiveName]?: Rule }

/** What the schema cannot demand, since clients may leave it out where servers may not (CSP 9.2). */
const mandatory: Rules = {
  NewMessage: body => messageInfo(body.messageInfo),
  GetMessageResponse: body => messageInfo(body.messageInfo),
  MessageNotification: body => messageInfo(body.messageInfo),
  GetMessageListResponse: body => (body.messageInfos ?? []).flatMap(messageInfo),
  DeliveryReportRequest: ({ messageInfo: info }) => lacks(info, ['messageId'], ' from Message-Info'),
  SystemMessageRequest: ({ systemMessages }) =>
    systemMessages.flatMap((message: Parts) => lacks(message, ['systemMessageText'])),
  GetPresenceResponse: ({ presences }) => presences.flatMap((presence: Parts) => lacks(presence, ['userId'])),
  // 1.1 had no word for it.
  GetWatcherListResponse: ({ watchers }, _, version) =>
    version === '1.1' ? [] : watchers.flatMap((watcher: Parts) => lacks(watcher, ['watcherStatus'])),
}

const success = (code: number) => code === 200 || code === 203

/** The conditions of the tables of information elements, where they can be told from outside. */
const conditional: Rules = {
  LoginResponse: body => {
    const isOpen = success(body.result.code) && body.nonce === undefined
    return [
      ...exactly(isOpen, body, ['sessionId', 'keepAliveTime', 'capabilityRequest'], 'when the login is successful'),
      ...exactly(body.nonce !== undefined, body, ['digestSchema'], 'with a nonce'),
    ]
  },
  KeepAliveResponse: (body, asked) =>
    asked?.timeToLive !== undefined && success(body.result.code)
      ? lacks(body, ['keepAliveTime'], ' when a time was asked for')
      : [],
  ServiceResponse: (body, asked) =>
    asked ? exactly(asked.allFunctionsRequest === true, body, ['allFunctions'], 'when all were asked for') : [],
  GetSPInfoResponse: (body, asked) =>
    asked ? exactly(asked.clientId !== undefined, body, ['clientId'], 'when the request had one') : [],
  NewMessage: body => withContent(body),
  GetMessageResponse: body => withContent(body),
  // In 1.1 a client could not say.
  ListManageResponse: (body, asked, version) =>
    version === '1.1' || asked?.receiveList === undefined || body.result.code !== 200
      ? []
      : exactly(asked.receiveList, body, ['nickList'], 'when the list was asked for'),
  GetAttributeListResponse: (body, asked) =>
    asked && success(body.result.code)
      ? exactly(asked.defaultList, body, ['defaultAttributeList'], 'when the default list was asked for')
      : [],
  GetWatcherListResponse: (body, asked) => [
    body.historyPeriod === 0 && 'historyPeriod is 0',
    asked && body.historyPeriod > (asked.historyPeriod ?? 0) && 'historyPeriod is longer than was asked for',
    asked && body.watchers.length > (asked.maxWatcherList ?? Infinity) && 'watchers are more than were asked for',
    body.watcherCount <= body.watchers.length && 'watcherCount is there though all watchers are',
  ],
  GetPresenceResponse: body => [
    body.result.code >= 400 && body.presences.length > 0 && 'presences are there without success',
    ...presenceValues(body),
  ],
  PresenceNotificationRequest: body => presenceValues(body),
  Status: ({ result }) => [
    result.code === 436 && !result.systemMessages?.length && 'no System Message is in a 436',
    result.code === 903 && !result.systemMessages?.length && 'no System Message is in a 903',
  ],
}

/** Content, or where it is, but not both (CSP 9.1.5.3). */
const withContent = (body: Parts) =>
  body.messageInfo.messageUri === undefined ? [] : has(body, ['contentData'], 'beside a Message-URI')

/** Where there is no value, that is said (CSP 8.3.2.1). */
const presenceValues = ({ presences }: Parts) =>
  presences
    .flatMap(({ presenceSubLists }: Presence) => presenceSubLists)
    .flatMap((list: PresenceSubList) => namesIn([list]).flatMap(key => occurrences(list, key)))
    .map(
      (value: Value) =>
        contentOf(value) === undefined && value.qualifier !== false && 'an empty value has no Qualifier F',
    )

/** Of the Result of any primitive (CSP 6.1). */
const result: Rule = ({ result: told }) => [
  told?.code === 201 && !told.details?.length && 'a 201 has no details',
  told?.code === 900 && !told.details?.length && 'a 900 has no details',
]

/** Looks at everything a server says, whatever the scenario that it says it in is about. */
export class Audit {
  readonly #faults = new Map<FaultKind, Set<string>>()
  readonly #seen = new Set<PrimitiveName>()

  /** How many kinds of primitives have come by. */
  get seen(): number {
    return this.#seen.size
  }

  /** @param asked the requests that it answers, as far as they are known */
  look({ version, transactions }: Message, asked: readonly TransactionInput[]) {
    for (const transaction of transactions) {
      const request = asked.find(({ id, mode }) => mode === 'Request' && id === transaction.id)
      this.#lookAt(transaction, request?.primitive.body, version)
    }
  }

  /** Each once, with the version in which it was seen. */
  faults(kind: FaultKind): readonly string[] {
    return [...(this.#faults.get(kind) ?? [])]
  }

  #lookAt({ mode, id, primitive, refusal }: Transaction, asked: Parts | undefined, version: Version) {
    const note = (kind: FaultKind, what: string) => {
      const known = this.#faults.get(kind) ?? new Set()
      this.#faults.set(kind, known.add(`${primitive?.name ?? 'a primitive'} of ${version}: ${what}`))
    }
    // The reader demands what the schema calls mandatory.
    if (primitive === undefined) return note('mandatory', refusal?.description ?? 'it cannot be read')
    this.#seen.add(primitive.name)
    if (mode === 'Request' && !id) note('mandatory', 'it has no Transaction-ID')
    const body = primitive.body as Body<PrimitiveName> as Parts
    for (const fault of mandatory[primitive.name]?.(body, asked, version) ?? []) if (fault) note('mandatory', fault)
    for (const rule of [conditional[primitive.name], result])
      for (const fault of rule?.(body, asked, version) ?? []) if (fault) note('conditional', fault)
  }
}
