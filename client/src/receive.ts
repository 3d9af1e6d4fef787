import type { Primitive, SegmentInfo, Transaction } from '@village/protocol'
import { isSegmentQuestion } from './cut-requests.ts'
import { endsSession, resultOf } from './failures.ts'
import { type Inbox, isOriginated, type ServerPrimitive } from './inbox.ts'
import type { Requests } from './requests.ts'
import type { Responses } from './responses.ts'
import { isCut } from './segments.ts'

interface Host {
  readonly requests: Requests
  readonly responses: Responses
  readonly inbox: Inbox
  /** The server has ended the session, by saying this. */
  end(said: Primitive): void
}

/** What becomes of a transaction that came: every reply can hold answers, late ones, and what the server has to say. */
export function makeReceive({ requests, responses, inbox, end }: Host) {
  const endIfTold = (primitive: Primitive) => {
    const code = resultOf(primitive)?.code
    if (code !== undefined && endsSession(code)) end(primitive)
  }

  /** What cannot be had whole is not answered: the server says it again. */
  const arriveWhole = (transaction: Transaction, first: ServerPrimitive, segment: SegmentInfo) => {
    const arrive = (whole: Primitive) => inbox.arrive({ ...transaction, primitive: whole as ServerPrimitive })
    void requests.fetchRest(first, segment).then(arrive, () => {})
  }

  return (transaction: Transaction) => {
    const { mode, id, primitive, refusal, segment } = transaction
    if (mode === 'Response' && requests.settle(id, primitive, segment)) {
      if (primitive) endIfTold(primitive)
    } else if (primitive === undefined) {
      const code = refusal?.code ?? 400
      if (mode === 'Request') void responses.bring(id, { name: 'Status', body: { result: { code } } }).catch(() => {})
    } else if (isSegmentQuestion(primitive)) {
      void responses.bring(id, requests.answerAbout(primitive)).catch(() => {})
    } else if (isOriginated(primitive)) {
      if (primitive.name === 'Disconnect') end(primitive)
      else if (isCut(segment)) arriveWhole(transaction, primitive, segment)
      else inbox.arrive({ ...transaction, primitive })
    } else endIfTold(primitive)
  }
}
