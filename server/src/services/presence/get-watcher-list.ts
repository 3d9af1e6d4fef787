import { type Body, refuse } from '@village/protocol'
import { inForm } from '../address-form.ts'
import type { Context, Handler } from '../context.ts'

type Watcher = Body<'GetWatcherListResponse'>['watchers'][number]

/**
 * Tells who watches the user: current subscribers, and where a history is asked for also former ones and whoever has
 * looked, as far back as is known (CSP 8.3.2.1). Current subscribers are told as such only. A user who has subscribed to
 * the own presence is no watcher: those have to do with that of another user (CSP 4). The request has no address in it,
 * so they are written in the form of the login (CSP 5.3.2). IMPS-CSP-PRSE-S-011, IMPS-CSP-GETWL-S-001.
 */
export const getWatcherList: Handler<'GetWatcherListRequest'> = async (request, context) => {
  const { historyPeriod: asked, maxWatcherList = Number.POSITIVE_INFINITY } = request
  if (asked === 0)
    refuse('BadParameter', {
      description: 'A HistoryPeriod of 0 is none: leave it out to be told of current subscribers alone',
      path: 'HistoryPeriod',
    })
  const current = await currentWatchers(context)
  const history = asked === undefined ? undefined : await formerWatchers(asked, context)
  const known = new Set(current.map(({ userId }) => userId))
  const watchers = [...current, ...(history?.watchers ?? []).filter(({ userId }) => !known.has(userId))]
  return {
    name: 'GetWatcherListResponse',
    body: {
      historyPeriod: history?.seconds,
      watcherCount: watchers.length > maxWatcherList ? watchers.length : undefined,
      watchers: watchers.slice(0, maxWatcherList),
    },
  }
}

async function currentWatchers({ session, house }: Context): Promise<Watcher[]> {
  const subscribers = await house.store.subscriptions.watchersOf(session.userId)
  const { addressForm, homeDomain } = session
  return subscribers
    .filter(({ userId }) => userId !== session.userId)
    .map(({ address }) => ({ userId: inForm(address, addressForm, homeDomain), watcherStatus: 'CURRENT_SUBSCRIBER' }))
}

/** Only of the time since the account was made, for the same name may have been somebody else's; and only who is still there. */
async function formerWatchers(asked: number, { session, house }: Context) {
  const { accounts } = house.store
  const { addressForm, homeDomain } = session
  const createdAt = (await accounts.find(session.userId))?.createdAt ?? house.world.now()
  const exists = Math.floor((house.world.now() - createdAt) / 1000)
  const history = house.watcherHistory.of(session.userId, Math.min(asked, exists))
  if (history === undefined) return undefined
  const found = history.watchers.map(async ({ userId, status }): Promise<Watcher[]> => {
    const account = await accounts.find(userId)
    return account === undefined
      ? []
      : [{ userId: inForm(account.address, addressForm, homeDomain), watcherStatus: status }]
  })
  return { seconds: history.seconds, watchers: (await Promise.all(found)).flat() }
}
