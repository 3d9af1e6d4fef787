import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { OutgoingContent } from '@village/client'
import { typeFor } from './content-types.ts'
import { sizeOf } from './sizes.ts'

/** What keeps a file from being sent, in words for the one who wants to. */
export class NotToBeSent extends Error {}

/**
 * A file as the content of a message; it is looked at before it is read.
 * @param mostOctets what fits; undefined: anything
 * @throws NotToBeSent where it cannot be read, is no file, or is too large
 */
export async function readContent(path: string, mostOctets = Number.POSITIVE_INFINITY) {
  const name = basename(path)
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new NotToBeSent(
      `${name} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
    )
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new NotToBeSent(`${name} is no file`)
    if (stats.size > mostOctets)
      throw new NotToBeSent(`${name} has ${sizeOf(stats.size)}, and ${sizeOf(mostOctets)} at most can be sent here`)
    return { bytes: await file.readFile(), contentType: typeFor(path), name } satisfies OutgoingContent
  } finally {
    await file.close()
  }
}
