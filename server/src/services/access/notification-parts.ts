import { countFitting } from '../notice-size.ts'
import type { Notification } from './notify.ts'

/** What can be told now, and what has to be told by another. */
export interface NotificationParts {
  readonly first: Notification
  readonly rest: Notification | undefined
}

/** Something that an event happened to: these may be told of one after the other. */
interface Named {
  readonly kind: 'userIds' | 'contactLists' | 'defaultList'
  readonly name: string
}

/**
 * Cuts a notification that is too long into two of the same type, by the users and contact lists that it names: so it can
 * be told without segments too, on which not every client agrees (CSP 6.10). Undefined where not even one name fits.
 */
export function partsOf(whole: Notification, fits: (part: Notification) => boolean): NotificationParts | undefined {
  const names = namesIn(whole)
  const part = (from: number, to: number) => ({ ...whole, ...listsOf(whole, names.slice(from, to)) })
  const count = countFitting(names.length, count => fits(part(0, count)))
  if (count === 0) return undefined
  return { first: part(0, count), rest: count < names.length ? part(count, names.length) : undefined }
}

/** Whoever asks for an authorization has to be named with each of the lists that it is asked for (CSP 8.2.3). */
const isQuestion = ({ notificationType }: Notification) => ['ANU', 'ANC', 'AND'].includes(notificationType)

const namesIn = (whole: Notification): Named[] => [
  ...(isQuestion(whole) ? [] : (whole.userIds ?? []).map(name => ({ kind: 'userIds', name }) as const)),
  ...(whole.contactLists ?? []).map(name => ({ kind: 'contactLists', name }) as const),
  ...(whole.defaultList === true ? [{ kind: 'defaultList', name: '' } as const] : []),
]

function listsOf(whole: Notification, names: readonly Named[]): Partial<Notification> {
  const namesOf = (wanted: Named['kind']) => {
    const found = names.filter(({ kind }) => kind === wanted).map(({ name }) => name)
    return found.length > 0 ? found : undefined
  }
  return {
    userIds: isQuestion(whole) ? whole.userIds : namesOf('userIds'),
    contactLists: namesOf('contactLists'),
    defaultList: namesOf('defaultList') && true,
  }
}
