import type { Body, Message, PrimitiveName, Transaction, TransactionMode } from '@village/protocol'
import { miss } from './expect.ts'
import type { HttpReply } from './http.ts'

/** What came back from one exchange. */
export interface Reply {
  readonly http: HttpReply
  /** Undefined where the body was empty or no CSP message. */
  readonly message: Message | undefined
}

/** One transaction of a reply. */
export class Answer {
  readonly reply: Reply
  readonly transaction: Transaction

  constructor(reply: Reply, transaction: Transaction) {
    this.reply = reply
    this.transaction = transaction
  }

  get name(): PrimitiveName | undefined {
    return this.transaction.primitive?.name
  }

  get id(): string | undefined {
    return this.transaction.id
  }

  /** Of the Result; undefined in an answer without one. */
  get code(): number | undefined {
    const body = this.transaction.primitive?.body
    return body && 'result' in body ? body.result?.code : undefined
  }

  /** What is told in detail: the status code and everything it is about. */
  get details(): readonly { readonly code: number; readonly about: readonly string[] }[] {
    const body = this.transaction.primitive?.body
    const details = (body && 'result' in body ? body.result?.details : undefined) ?? []
    return details.map(detail => ({
      code: detail.code,
      about: [
        ...detail.userIds,
        ...detail.messageIds,
        ...detail.groupIds,
        ...detail.contactLists.map(list => (typeof list === 'string' ? list : JSON.stringify(list))),
      ],
    }))
  }

  /** The details without what succeeded, which may be among them (CSP 6.1). */
  get failures() {
    return this.details.filter(({ code }) => code !== 200)
  }

  /** The parts of the primitive, which has to be this one. */
  as<N extends PrimitiveName>(name: N): Body<N> {
    const { primitive, refusal } = this.transaction
    if (primitive === undefined) return miss(`the answer cannot be understood: ${refusal?.description}`)
    if (primitive.name !== name)
      return miss(`the answer should be ${name}, but is ${primitive.name} ${this.code ?? ''}`)
    return primitive.body as unknown as Body<N>
  }
}

export const answersIn = (reply: Reply, mode: TransactionMode): Answer[] =>
  (reply.message?.transactions ?? []).filter(it => it.mode === mode).map(it => new Answer(reply, it))

/** The only answer to the only request of a message. */
export const theAnswer = (reply: Reply): Answer => {
  if (reply.http.status !== 200) return miss(`the request should get HTTP 200, but got ${reply.http.status}`)
  if (reply.message === undefined) return miss('the request should be answered, but the reply is empty or unreadable')
  return answersIn(reply, 'Response')[0] ?? miss('the reply has no transaction in mode Response')
}
