import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTlsFiles } from './tls-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'village-tls-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('readTlsFiles', () => {
  it('gives nothing where TLS is not set up', () => {
    expect(readTlsFiles({})).toBeUndefined()
  })

  it('names the option whose file is missing', () => {
    const cert = join(folder, 'cert.pem')
    writeFileSync(cert, '')
    expect(() => readTlsFiles({ cert, key: join(folder, 'none.pem') })).toThrow(/^http\.tls\.key: .* no such file/)
  })

  it('refuses what is no certificate before anything listens, and quotes nothing of it', () => {
    const [cert, key] = ['cert.pem', 'key.pem'].map(name => join(folder, name)) as [string, string]
    for (const path of [cert, key]) writeFileSync(path, 'CANARY')
    expect(() => readTlsFiles({ cert, key })).toThrow(/^http\.tls: (?!.*CANARY).* must be PEM files/)
  })
})
