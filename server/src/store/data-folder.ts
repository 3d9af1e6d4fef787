import { mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface DataFolder {
  /** Absolute path. */
  readonly path: string
  /** False where other users of the machine may look inside: worth a warning, but the folder is its owner's affair. */
  readonly isPrivate: boolean
  /** Lets another process have it. */
  release(): void
}

/** Another process holds the folder; the message says what to do. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse'
}

/**
 * Makes the folder, for its owner only, and holds it for the life of this process. The lock is one the kernel takes
 * back when the process dies in whatever way, so it is never left behind: an exclusive transaction on a SQLite file.
 * @throws when another process holds it or it cannot be made, with the folder's name and what to do.
 */
export const openDataFolder = (folder: string): DataFolder => {
  const path = resolve(folder)
  makeFolder(path)
  const lock = takeLock(path)
  return { path, isPrivate: (statSync(path).mode & 0o077) === 0, release: () => lock.close() }
}

const makeFolder = (path: string): void => {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Error(
      `cannot make the data folder ${path}: ${(error as Error).message}; choose a folder you may write to`,
    )
  }
}

const takeLock = (path: string): DatabaseSync => {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(path, 'lock'))
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    const { errcode = 0, message } = error as { errcode?: number; message: string }
    const busy = (errcode & 0xff) === 5
    if (busy)
      throw new DataFolderInUse(
        `the data folder ${path} is in use by another Village: stop that one first, or give this one its own folder`,
      )
    throw new Error(
      `cannot lock the data folder ${path}: ${message}; check that you may write to it and the disk is not full`,
    )
  }
}
