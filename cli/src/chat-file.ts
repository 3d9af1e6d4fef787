import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { OutgoingContent } from '@village/client'
import { typeFor } from './content-types.ts'
import { oneLine } from './printable.ts'
import { sizeOf } from './sizes.ts'

/** What keeps a file from being sent or saved, in words for the one who wants to. */
export class FileTrouble extends Error {}

const because = (what: string) => (error: NodeJS.ErrnoException) => {
  throw new FileTrouble(
    `${oneLine(what)}: ${error.code === 'ENOENT' ? 'there is no such file' : oneLine(error.message)}`,
  )
}

/**
 * A file as the content of a message; it is looked at before it is read.
 * @param mostOctets what fits; undefined: anything
 * @throws FileTrouble where it cannot be read, is no file, or is too large
 */
export async function readContent(path: string, mostOctets = Number.POSITIVE_INFINITY): Promise<OutgoingContent> {
  const name = basename(path)
  const { size, isFile } = await stat(path).then(
    stats => ({ size: stats.size, isFile: stats.isFile() }),
    because(`${name} cannot be read`),
  )
  if (!isFile) throw new FileTrouble(`${oneLine(name)} is no file`)
  if (size > mostOctets)
    throw new FileTrouble(`${oneLine(name)} has ${sizeOf(size)}, and ${sizeOf(mostOctets)} at most can be sent here`)
  const bytes = await readFile(path).catch(because(`${name} cannot be read`))
  return { bytes, contentType: typeFor(path), name }
}
