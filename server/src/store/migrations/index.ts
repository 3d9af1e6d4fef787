import { first } from './0001-first.ts'
import { clientSettings } from './0002-client-settings.ts'
import { clientCapabilities } from './0003-client-capabilities.ts'
import { severalClients } from './0004-several-clients.ts'
import { announcements } from './0005-announcements.ts'
import { history } from './0006-history.ts'
import { accessLists } from './0007-access-lists.ts'
import { offlineNotices } from './0008-offline-notices.ts'
import { contacts } from './0009-contacts.ts'
import { presence } from './0010-presence.ts'
import { settled } from './0011-settled-mail.ts'
import type { Migration } from './migration.ts'

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [
  first,
  clientSettings,
  clientCapabilities,
  severalClients,
  announcements,
  history,
  accessLists,
  offlineNotices,
  contacts,
  presence,
  settled,
]
