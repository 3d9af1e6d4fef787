import type { Store } from '../../store/store.ts'
import { type Attributes, noAttributes, readAttributes } from './attributes.ts'

/** Which attributes of a user others have subscribed to, by their keys: those they may not see are asked for all the time. */
export async function openRequests(userId: string, { subscriptions }: Store): Promise<ReadonlyMap<string, Attributes>> {
  const requests = new Map<string, Attributes>()
  for (const { userId: watcher, attributes } of await subscriptions.wantedFrom(userId))
    requests.set(watcher, (requests.get(watcher) ?? noAttributes) | readAttributes(attributes))
  return requests
}
