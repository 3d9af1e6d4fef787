import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyFor } from './key-file.ts'
import { createSecretFile, readSecretFile } from './secret-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'village-key-'))
  path = join(folder, 'keys', 'village.key')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('keyFor', () => {
  it('makes a key only its owner can read, and finds the same one again', async () => {
    const made = await keyFor({ path, sealedRecordsExist: false })
    expect(made.bytes).toHaveLength(32)
    expect(made.id).toMatch(/^[0-9a-f]{16}$/)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await keyFor({ path, sealedRecordsExist: true })).toEqual(made)
  })

  it('makes a different key each time', async () => {
    const one = await keyFor({ path, sealedRecordsExist: false })
    const other = await keyFor({ path: `${path}2`, sealedRecordsExist: false })
    expect(other.id).not.toBe(one.id)
  })

  it('makes none when records sealed with an earlier key exist', async () => {
    await expect(keyFor({ path, sealedRecordsExist: true })).rejects.toThrow(/is missing.*from its backup/)
    expect(existsSync(path)).toBe(false)
  })

  it.each([0o640, 0o604, 0o666])('refuses a file with mode %o and says the command that helps', async mode => {
    await keyFor({ path, sealedRecordsExist: false })
    chmodSync(path, mode)
    await expect(keyFor({ path, sealedRecordsExist: true })).rejects.toThrow(`Run: chmod 600 ${path}`)
  })

  it('refuses a damaged file, with advice that fits, and leaves it as it is', async () => {
    await keyFor({ path, sealedRecordsExist: false })
    const sound = readFileSync(path, 'utf8')
    const place = sound.indexOf(':') + 5
    const swapped = sound[place] === 'A' ? 'B' : 'A'
    const altered = sound.slice(0, place) + swapped + sound.slice(place + 1)
    for (const damaged of ['', sound.slice(0, 30), altered, 'x'.repeat(60), 'x'.repeat(9000)]) {
      writeFileSync(path, damaged)
      await expect(keyFor({ path, sealedRecordsExist: true })).rejects.toThrow(/from its backup|too long/)
      await expect(keyFor({ path, sealedRecordsExist: false })).rejects.toThrow(/delete it|too long/)
      expect(readFileSync(path, 'utf8')).toBe(damaged)
    }
  })
})

describe('createSecretFile', () => {
  it('never overwrites', async () => {
    await createSecretFile(path, 'first', 'secrets.keyFile')
    await expect(createSecretFile(path, 'second', 'secrets.keyFile')).rejects.toThrow('was made by somebody else')
    expect(await readSecretFile(path)).toBe('first')
  })

  it('says where it cannot write', async () => {
    writeFileSync(join(folder, 'plain'), '')
    await expect(createSecretFile(join(folder, 'plain', 'key'), 'x', 'secrets.keyFile')).rejects.toThrow(
      /cannot be written.*change secrets\.keyFile/,
    )
  })
})
