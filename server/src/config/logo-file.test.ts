import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readLogo } from './logo-file.ts'

const scratch = mkdtempSync(join(tmpdir(), 'village-logo-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const file = (name: string, length: number): string => {
  const path = join(scratch, name)
  writeFileSync(path, Buffer.alloc(length, 7))
  return path
}

describe('The logo file', () => {
  it('is read with the type its name tells', async () => {
    expect(await readLogo(file('logo.PNG', 3))).toEqual({
      contentType: 'image/png',
      octets: new Uint8Array([7, 7, 7]),
    })
    expect((await readLogo(file('logo.wbmp', 24_576))).contentType).toBe('image/vnd.wap.wbmp')
  })

  it.each([
    ['of an unknown kind', () => file('logo.txt', 3), /ends in .gif/],
    ['that is empty', () => file('empty.gif', 0), /1 to 24576 octets/],
    ['that is too long', () => file('long.gif', 24_577), /1 to 24576 octets/],
    ['that is not there', () => join(scratch, 'none.gif'), /cannot be read: ENOENT/],
  ])('%s is refused with what to do', async (_, path, message) => {
    await expect(readLogo(path())).rejects.toThrow(message)
  })
})
