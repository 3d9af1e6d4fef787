import type { NewMailItem } from '../store/mailboxes.ts'

export interface AnnouncedItem extends NewMailItem {
  /** `info` as its writer had it, which need not be read back then. It stays on its node. */
  readonly written?: object | undefined
}

/** Something was put into a mailbox or taken out of it, and that is on disk. */
export interface Announcement {
  /** User key. */
  readonly recipient: string
  /** What it is, where it is at hand; without it the mailbox is read. */
  readonly item: AnnouncedItem | undefined
  /** Message-IDs of what is no longer there, so that no client is given it from memory; nothing is new then. */
  readonly gone?: readonly string[] | undefined
}

/** How nodes tell each other. One node runs the same code with the local bus. */
export interface Bus {
  announce(announcement: Announcement): void
  /** Says who listens on this node; once, when the server is put together. */
  onAnnounce(listener: (announcement: Announcement) => void): void
}
