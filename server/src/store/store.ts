import type { AccessLists } from './access-lists.ts'
import type { Accounts } from './accounts.ts'
import type { Announcements } from './announcements.ts'
import type { AttributeLists } from './attribute-lists.ts'
import type { ClientSettings } from './client-settings.ts'
import type { ContactLists } from './contact-lists.ts'
import type { Database, Unit } from './database.ts'
import type { History } from './history.ts'
import type { ListSyncs } from './list-syncs.ts'
import type { Mailboxes } from './mailboxes.ts'
import { makeReady } from './migrate.ts'
import type { NoticeRecords } from './notice-records.ts'
import { openPostgres } from './postgres.ts'
import type { Publications } from './publications.ts'
import type { SessionRecords } from './session-records.ts'
import { sqlAccessLists } from './sql/access-lists.ts'
import { sqlAccounts } from './sql/accounts.ts'
import { sqlAnnouncements } from './sql/announcements.ts'
import { sqlAttributeLists } from './sql/attribute-lists.ts'
import { sqlClientSettings } from './sql/client-settings.ts'
import { sqlContactLists } from './sql/contact-lists.ts'
import { sqlHistory } from './sql/history.ts'
import { sqlListSyncs } from './sql/list-syncs.ts'
import { sqlMailboxes } from './sql/mailboxes.ts'
import { sqlNoticeRecords } from './sql/notice-records.ts'
import { sqlPublications } from './sql/publications.ts'
import { sqlSessionRecords } from './sql/session-records.ts'
import { sqlSubscriptions } from './sql/subscriptions.ts'
import { openSqlite } from './sqlite.ts'
import type { Subscriptions } from './subscriptions.ts'

export interface StoreOptions {
  /** `sqlite:./data/village.db`, `sqlite::memory:` or `postgres://user:password@host:port/database`. */
  readonly url: string
  /** Milliseconds since the epoch, noted beside the migrations taken. */
  readonly now: number
  /** See SqliteOptions. */
  readonly defer?: ((run: () => void) => void) | undefined
  /** PostgreSQL: connections that write. */
  readonly connections?: number | undefined
}

export interface Store {
  readonly accounts: Accounts
  readonly sessions: SessionRecords
  readonly mailboxes: Mailboxes
  readonly clientSettings: ClientSettings
  readonly announcements: Announcements
  readonly history: History
  readonly accessLists: AccessLists
  readonly contactLists: ContactLists
  readonly listSyncs: ListSyncs
  readonly attributeLists: AttributeLists
  readonly publications: Publications
  readonly subscriptions: Subscriptions
  readonly notices: NoticeRecords
  /** Runs what the nouns described; see Database.commit. Everything a handler writes is one unit. */
  commit(unit: Unit, lane?: string): Promise<void>
  /** Rejects with StoreUnavailable where the engine does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the store and brings its schema up to date.
 * @throws an Error whose message tells what to change: the url, the folder, or the version of the program.
 */
export const openStore = async (options: StoreOptions): Promise<Store> => {
  return storeOn(await openDatabase(options))
}

/** All nouns over one database, whose schema is up to date. */
export const storeOn = (database: Database): Store => ({
  accounts: sqlAccounts(database),
  sessions: sqlSessionRecords(database),
  mailboxes: sqlMailboxes(database),
  clientSettings: sqlClientSettings(database),
  announcements: sqlAnnouncements(database),
  history: sqlHistory(database),
  accessLists: sqlAccessLists(database),
  contactLists: sqlContactLists(database),
  listSyncs: sqlListSyncs(database),
  attributeLists: sqlAttributeLists(database),
  publications: sqlPublications(database),
  subscriptions: sqlSubscriptions(database),
  notices: sqlNoticeRecords(database),
  commit: (unit, lane) => database.commit(unit, lane),
  async ping() {
    await database.read('SELECT 1')
  },
  close: () => database.close(),
})

const openDatabase = async ({ url, now, defer, connections }: StoreOptions): Promise<Database> => {
  if (url.startsWith('sqlite:')) {
    const file = url.slice('sqlite:'.length)
    if (file === '') throw new Error("store.url names no file: write 'sqlite:./data/village.db'")
    return readied(openSqlite({ file, defer }), now)
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    // The message of URL's own error would quote the password.
    if (!URL.canParse(url)) {
      throw new Error(
        "store.url is not a valid address: write 'postgres://user:password@host:5432/database', " +
          'with characters such as @ : / # in the password percent-encoded',
      )
    }
    // Migrations may take longer than any request should.
    const patient = openPostgres({ url, writers: 1, readers: 1, statementTimeoutMilliseconds: 0 })
    await (await readied(patient, now)).close()
    return openPostgres({ url, writers: connections })
  }
  throw new Error(
    "store.url must begin with 'sqlite:' or 'postgres://': write 'sqlite:./data/village.db' to begin with",
  )
}

const readied = async (database: Database, now: number): Promise<Database> => {
  try {
    await makeReady(database, now)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
