import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { village } from '../test/village.ts'

const folder = mkdtempSync(join(tmpdir(), 'village-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('village check', () => {
  it('looks into what the settings name as well', async () => {
    const settings = join(folder, 'village.toml')
    writeFileSync(settings, `[http.tls]\ncert = "${folder}/none.pem"\nkey = "${folder}/none.pem"\n`)
    const { stdout, stderr, code } = await village(['check', '--config', settings])
    expect([stdout, code]).toEqual(['', 1])
    expect(stderr).toContain(`http.tls.cert: ${folder}/none.pem: there is no such file`)
  })
})

describe('village user', () => {
  it('takes no mode it does not know, on a stopped server either', async () => {
    const data = join(folder, 'data')
    const { stderr, code } = await village(['user', 'add', 'wv:alice', '--data', data, '--mode', 'clear'])
    expect(stderr).toContain('Allowed choices are sealed, hash')
    expect(code).toBe(1)
  })
})
