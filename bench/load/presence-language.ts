import type { BodyInput, PrimitiveInput, Syntax, TransactionMode, Version } from '@village/protocol'
import { textLength } from './language.ts'
import { finder, mark, template } from './template.ts'

const { session, transaction, user, text } = mark

/** What a watcher was told: enough to answer it and to see that it is news. */
export interface Notified {
  readonly transactionId: string
  readonly text: string
}

type Shown = Omit<BodyInput<'UpdatePresenceRequest'>['presenceSubList'], 'unknown'>

const of = (mode: TransactionMode, id: string | undefined, primitive: PrimitiveInput) => ({ mode, id, primitive })
const result = { code: 200 }
const status = (value: string): Shown => ({ statusText: { qualifier: true, presenceValue: value } })
/** Nothing else is shown, so that the first value in a notification is the text. */
const names: Shown = { statusText: {} }

/** What phones of the benchmarks say about presence, in one syntax. */
export const presenceLanguage = (syntax: Syntax, version: Version = '1.2') => {
  const dialect = { syntax, version }
  const notification = of('Request', transaction, {
    name: 'PresenceNotificationRequest',
    body: { presences: [{ userId: user, presenceSubLists: [status(text)] }] },
  })
  const found = {
    transactionId: finder(dialect, transaction, notification),
    text: finder(dialect, text, notification),
  }
  const inFunctions = {
    imFeat: { imSendFunc: { mdeliv: true }, imReceiveFunc: { newm: true } },
    presenceFeat: {},
  } as const
  return {
    /** Messages and presence, as an ordinary phone has them. */
    services: template(
      dialect,
      [session],
      of('Request', '5', { name: 'ServiceRequest', body: { functions: inFunctions, allFunctionsRequest: false } }),
    ),
    /** Shows it to everybody. */
    show: template(
      dialect,
      [session],
      of('Request', '6', {
        name: 'CreateAttributeListRequest',
        body: { presenceSubList: names, userIds: [], contactLists: [], defaultList: true },
      }),
    ),
    subscribe: template(
      dialect,
      [session, user],
      of('Request', '7', { name: 'SubscribePresenceRequest', body: { userIds: [user] } }),
    ),
    subscribeTo: (userIds: readonly string[]) =>
      template(dialect, [session], of('Request', '7', { name: 'SubscribePresenceRequest', body: { userIds } })),
    publish: template(
      dialect,
      [session, transaction, text],
      of('Request', transaction, { name: 'UpdatePresenceRequest', body: { presenceSubList: status(text) } }),
    ),
    told: template(dialect, [session, transaction], of('Response', transaction, { name: 'Status', body: { result } })),
    /** The same, and a poll for what comes next. */
    toldAndPolling: template(
      dialect,
      [session, transaction],
      of('Response', transaction, { name: 'Status', body: { result } }),
      of('Request', undefined, { name: 'PollingRequest', body: {} }),
    ),
    /** The Transaction-ID of a notification, whatever it says. */
    notificationIn: (answer: string) => found.transactionId(answer)?.text,
    notifiedIn: (answer: string): Notified | undefined => {
      const transactionId = answer === '' ? undefined : found.transactionId(answer)
      const said = transactionId && found.text(answer, transactionId.end)
      return said && { transactionId: transactionId!.text, text: said.text }
    },
  }
}

export type PresenceLanguage = ReturnType<typeof presenceLanguage>

/** The n-th text that is published: no two are alike. */
export const statusText = (n: number): string => `change ${n} `.padEnd(textLength, '.')
