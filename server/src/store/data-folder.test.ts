import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scratchFolder } from './contract/engines.ts'
import { openDataFolder } from './data-folder.ts'

const HOLD = `
  import { openDataFolder } from ${JSON.stringify(new URL('data-folder.ts', import.meta.url).href)}
  openDataFolder(process.argv[1])
  process.stdout.write('held')
  setInterval(() => {}, 1000)
`

describe('openDataFolder', () => {
  let scratch: string
  beforeEach(() => {
    scratch = scratchFolder()
  })
  afterEach(() => rmSync(scratch, { recursive: true }))

  it('makes the folder for its owner only', () => {
    const folder = openDataFolder(join(scratch, 'deep', 'data'))
    expect(statSync(folder.path).mode & 0o777).toBe(0o700)
    expect(folder).toMatchObject({ path: join(scratch, 'deep', 'data'), isPrivate: true })
    folder.release()
  })

  it('leaves the mode of a folder that is there, and tells', () => {
    const path = join(scratch, 'open')
    mkdirSync(path)
    chmodSync(path, 0o755)
    const folder = openDataFolder(path)
    expect(folder.isPrivate).toBe(false)
    expect(statSync(path).mode & 0o777).toBe(0o755)
    folder.release()
  })

  it('is had by one at a time', () => {
    const path = join(scratch, 'data')
    const first = openDataFolder(path)
    expect(() => openDataFolder(path)).toThrow(`the data folder ${path} is in use by another Village`)
    first.release()
    openDataFolder(path).release()
  })

  it('is freed by kill -9', async () => {
    const path = join(scratch, 'data')
    const child: ChildProcess = spawn(process.execPath, ['--input-type=module-typescript', '-e', HOLD, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout!, 'data')
    expect(() => openDataFolder(path)).toThrow('in use by another Village')
    child.kill('SIGKILL')
    await once(child, 'exit')
    openDataFolder(path).release()
  })

  it('says what to do where no folder can be made', () => {
    writeFileSync(join(scratch, 'file'), '')
    expect(() => openDataFolder(join(scratch, 'file', 'data'))).toThrow(
      /cannot make the data folder .* choose a folder/,
    )
  })
})
