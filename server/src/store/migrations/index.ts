import { first } from './0001-first.ts'
import { clientSettings } from './0002-client-settings.ts'
import { accessLists } from './0003-access-lists.ts'
import type { Migration } from './migration.ts'

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [first, clientSettings, accessLists]
