import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** Long enough for any name a person gave, short enough for any file system. */
const longestName = 100
const mostTries = 1000

/** Names that are devices on Windows, whatever follows the first dot. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * What a file may be called that somebody else named: the last part of it alone, without anything that a shell, a
 * terminal or another system could take for more than a letter, and never hidden.
 */
export function safeName(name: string, otherwise: string): string {
  const last = name.split(/[/\\]/).at(-1)!
  const letters = last.replaceAll(/[^\p{L}\p{M}\p{N} ._()+@-]/gu, '_').replaceAll(/\s+/g, ' ')
  const trimmed = letters.replace(/^[\s.-]+/, '').replace(/[\s.]+$/, '')
  const named = trimmed === '' || devices.test(trimmed) ? otherwise : trimmed
  return shortened(named)
}

/** The ending stays, since it tells what is in the file. */
const shortened = (name: string): string => {
  const [stem, ending] = parted(name)
  const characters = [...stem]
  return characters.slice(0, Math.max(1, longestName - ending.length)).join('') + ending
}

const parted = (name: string): readonly [stem: string, ending: string] => {
  const dot = name.lastIndexOf('.')
  return dot > 0 && name.length - dot <= 10 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
}

/**
 * Writes a new file into a folder, under the name or the next like it that is free: what is there, a link as well, is
 * never touched. Only its owner can read it and nobody can run it. Resolves to the path.
 * @throws the system's errors: no such folder, no right, no room
 */
export async function saveNew(folder: string, name: string, octets: Uint8Array): Promise<string> {
  const [stem, ending] = parted(name)
  for (let number = 1; number <= mostTries; number++) {
    const path = join(folder, number === 1 ? name : `${stem} (${number})${ending}`)
    const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined
      throw error
    })
    if (file === undefined) continue
    try {
      await file.writeFile(octets)
    } finally {
      await file.close()
    }
    return path
  }
  throw new Error(`there are ${mostTries} files like ${name} already`)
}
