import { RequestFailed } from './failures.ts'
import type { Originated, ServerPrimitive } from './inbox.ts'
import { type AnnouncedMessage, type IncomingMessage, readAnnounced, readMessage } from './incoming.ts'
import { mapped } from './mapped.ts'
import type { Session } from './session.ts'

export type Named<N extends ServerPrimitive['name']> = Extract<ServerPrimitive, { readonly name: N }>
type Arriving = Named<'NewMessage' | 'MessageNotification'>

const isNewMessage = (primitive: ServerPrimitive): primitive is Named<'NewMessage'> => primitive.name === 'NewMessage'
export const isNotification = (primitive: ServerPrimitive): primitive is Named<'MessageNotification'> =>
  primitive.name === 'MessageNotification'
const isArriving = (primitive: ServerPrimitive): primitive is Arriving =>
  isNewMessage(primitive) || isNotification(primitive)

/** Messages as they are pushed. */
export const pushed = (session: Session): AsyncIterableIterator<IncomingMessage> =>
  mapped(session.consume(isNewMessage), ({ primitive, confirm }) => ({ ...readMessage(primitive.body), confirm }))

/** Messages as they are pushed, and of those that are announced the wanted ones, fetched. */
export function pushedAndFetched(
  session: Session,
  isWanted: (announced: AnnouncedMessage) => boolean,
): AsyncIterableIterator<IncomingMessage> {
  const source = session.consume(isArriving)
  let taken: IncomingMessage | undefined
  const arriving = mapped(source, async item => {
    taken = await arrived(session, item, isWanted).catch(async failure => {
      // Not confirmed, so that it comes again to the next listener.
      await source.return?.()
      throw failure
    })
    return taken
  })
  return {
    ...arriving,
    next: () => {
      // The source confirms by itself what it brought: of what was fetched that is the notification alone.
      taken?.confirm().catch(() => {})
      taken = undefined
      return arriving.next()
    },
  }
}

/** Undefined for an announced message that is not wanted, or not there any more. */
async function arrived(
  session: Session,
  { primitive, confirm }: Originated<Arriving>,
  isWanted: (announced: AnnouncedMessage) => boolean,
): Promise<IncomingMessage | undefined> {
  if (primitive.name === 'NewMessage') return { ...readMessage(primitive.body), confirm }
  const announced = readAnnounced(primitive.body.messageInfo)
  if (announced.id === undefined || !isWanted(announced)) return undefined
  return fetchMessage(session, announced.id).catch(failure => {
    if (failure instanceof RequestFailed) return undefined
    throw failure
  })
}

/** Fetches one message (CSP 9.1.8). @throws RequestFailed, TransportFailed, ... */
export async function fetchMessage(session: Session, messageId: string): Promise<IncomingMessage> {
  const answer = await session.request('GetMessageRequest', { messageId })
  let confirmed: Promise<unknown> | undefined
  return {
    ...readMessage(answer),
    confirm: async () => {
      confirmed ??= session.request('MessageDelivered', { messageId })
      await confirmed
    },
  }
}
