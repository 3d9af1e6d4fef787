import { constants } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that holds a secret cannot be used as it is; the message says what to do. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError'
}

const largestSecretBytes = 4096

/**
 * Reads a small secret file, or gives undefined when there is none. Refuses one that others than its owner can read:
 * the mode is asked of the opened file, so that it cannot be exchanged between the look and the reading.
 */
export const readSecretFile = async (path: string): Promise<string | undefined> => {
  const file = await open(path, constants.O_RDONLY).catch(error => {
    if (error.code === 'ENOENT') return undefined
    throw new SecretFileError(`${path} cannot be opened (${error.code}). Give the server's user the right to read it.`)
  })
  if (file === undefined) return undefined
  try {
    return await readGuarded(path, file)
  } finally {
    await file.close()
  }
}

const readGuarded = async (path: string, file: FileHandle): Promise<string> => {
  const { mode, size } = await file.stat()
  // Windows has no such bits: node reports every file there as readable by all.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0')
    throw new SecretFileError(`${path} is open to other users of this machine (mode ${octal}). Run: chmod 600 ${path}`)
  }
  if (size > largestSecretBytes) throw new SecretFileError(`${path} is too long for a secret. Check the path.`)
  return file.readFile('utf8')
}

/**
 * Writes a new secret file with mode 0600 and returns once it is on disk, folder entry included. Never overwrites:
 * of two servers started at once one gets an error, and neither loses the secret it works with. `option` is the setting
 * that says where the file is, for the message when it cannot be written.
 */
export const createSecretFile = async (path: string, content: string, option: string): Promise<void> => {
  const folder = dirname(path)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await flushed(await open(path, 'wx', 0o600), file => file.writeFile(content))
    // A folder cannot be opened on Windows, and need not be flushed there.
    if (process.platform !== 'win32') await flushed(await open(folder, 'r'), async () => {})
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && syscall === 'open') {
      throw new SecretFileError(`${path} was made by somebody else just now. Start again, one server at a time.`)
    }
    throw new SecretFileError(`${path} cannot be written (${code}). Make its folder writable, or change ${option}.`)
  }
}

const flushed = async (file: FileHandle, write: (file: FileHandle) => Promise<void>): Promise<void> => {
  try {
    await write(file)
    await file.sync()
  } finally {
    await file.close()
  }
}
