import type { BodyInput } from '@village/protocol'
import type { Answer } from '../answer.ts'
import { miss } from '../expect.ts'
import type { Phone } from '../phone.ts'
import type { Stage } from '../scenario.ts'

/** Both users online, with nothing left from before. Juliet first: what she fetches may leave a report for Romeo. */
export async function couple({ phone }: Stage) {
  const [romeo, juliet] = [await phone().online(), await phone('juliet').online()]
  for (const one of [juliet, romeo]) {
    await one.fetchAll()
    one.inbox.length = 0
  }
  return { romeo, juliet }
}

type MessageInfo = BodyInput<'SendMessageRequest'>['messageInfo']

interface Wishes {
  readonly report?: boolean | undefined
  readonly info?: Partial<MessageInfo> | undefined
}

/** A Send-Message-Request with a text for some users. */
export const messageTo = (
  userIds: readonly string[],
  from: Phone,
  text: string,
  { report = false, info }: Wishes = {},
) =>
  ({
    name: 'SendMessageRequest',
    body: {
      deliveryReport: report,
      messageInfo: {
        contentType: 'text/plain',
        contentSize: text.length,
        recipient: { users: userIds.map(userId => ({ userId })) },
        sender: { user: { userId: from.account.userId } },
        ...info,
      },
      contentData: text,
    },
  }) as const

/** Sends a text to one phone's user, which has to be accepted; returns the Message-ID. */
export async function sendText(from: Phone, to: Phone, text: string, wishes?: Wishes): Promise<string> {
  return acceptedId(await from.ask(messageTo([to.account.userId], from, text, wishes)))
}

export const acceptedId = (answer: Answer): string => {
  if (answer.code !== 200) return miss(`the message should be accepted, but got ${answer.code}`)
  return answer.as('SendMessageResponse').messageId ?? miss('the answer should have a Message-ID')
}
