import type { NewValue } from '../../store/publications.ts'
import type { Store } from '../../store/store.ts'
import type { SessionView } from '../context.ts'

/** What its client publishes may be that it wants to be taken for offline, or no longer (OnlineStatus, CSP 8). */
export function noteHidden(session: SessionView, values: readonly NewValue[]) {
  for (const { clientKey, attribute, value } of values)
    if (clientKey === session.clientKey && attribute === 'OnlineStatus') session.isHidden = isOffline(value)
}

/** What the client of a session that goes on has published in it before. @throws StoreUnavailable */
export async function recallHidden(session: SessionView, store: Store): Promise<void> {
  const published = await store.publications.of(session.userId)
  noteHidden(
    session,
    published.filter(({ publishedAt }) => publishedAt >= session.startedAt),
  )
}

const isOffline = (value: string | null) => value !== null && JSON.parse(value).presenceValue === 'F'
