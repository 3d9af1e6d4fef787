import { parseGroupId, refuse } from '@village/protocol'
import type { MailItem } from '../../store/mailboxes.ts'
import type { Context, Handler, House, SessionView } from '../context.ts'
import { addresseesOf, given, isFor } from './addressees.ts'
import { type Info, opened } from './mail.ts'
import { messageFor } from './message-for.ts'
import { groupOf } from './message-group.ts'

/** So many are listed at most, whatever is asked for: a mailbox may hold a million. */
const mostListed = 1000
const page = 200

/**
 * Tells what waits for the client, oldest first, without the contents (CSP 9.1.3), and how many there are in all if that
 * is more than it asked for. Where it names a group, only what was said there counts; what is meant for another client or
 * application of its user is never shown.
 * IMPS-CSP-IMSE-S-003, IMPS-CSP-GETLM-S-002.
 */
export const getMessageList: Handler<'GetMessageListRequest'> = async ({ groupId, messageCount }, context) => {
  const { session, house } = context
  const group = groupId === undefined ? undefined : await existingGroup(groupId, context)
  const most = Math.min(messageCount ?? mostListed, mostListed)
  const { listed, total } = await waitingFor(session, group, most, house)
  if (total === 0) refuse('NoInstantMessages')
  // A count has to be more than none (CSP 9.1.3.1).
  if (most < 1) refuse('MessageCountExceeded', { description: `${total} messages wait: ask for at least one` })
  return {
    name: 'GetMessageListResponse',
    body: { messageInfos: listed, messageTotalCount: total > listed.length ? total : undefined },
  }
}

/** The key of a group that there is. */
async function existingGroup(groupId: string, { session, house }: Context): Promise<string> {
  const key = parseGroupId(groupId, session.homeDomain)?.key
  const group = key === undefined ? undefined : await house.groups.find(key)
  return group === undefined ? refuse('GroupDoesNotExist') : group.groupId
}

async function waitingFor(session: SessionView, group: string | undefined, most: number, { store, world }: House) {
  // Without the contents, which are read with each page: a thousand of them need not have room in memory.
  const listed: Info[] = []
  let [total, after] = [0, 0]
  for (;;) {
    const items = await store.mailboxes.waiting(session.userId, after, page, world.now())
    for (const item of items.filter(item => isShownTo(session, item)).map(opened)) {
      if (group !== undefined && group !== groupOf(item)) continue
      total++
      if (listed.length < most) listed.push(messageFor(item, session).messageInfo)
    }
    after = items.at(-1)?.sequence ?? after
    if (items.length < page) return { listed, total }
  }
}

const isShownTo = (session: SessionView, item: MailItem): boolean =>
  item.kind === 'message' &&
  !given(item).has(session.clientKey) &&
  addresseesOf(item).some(addressee => isFor(addressee, session))
