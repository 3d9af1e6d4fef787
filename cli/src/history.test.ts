import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, type RunningServer, startServer } from '@village/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { village } from '../test/village.ts'

const folder = mkdtempSync(join(tmpdir(), 'village-history-'))
const [alice, bob, carol] = ['wv:alice@village.local', 'wv:bob@village.local', 'wv:carol@village.local'] as const
const password = 'correct-horse-battery'

let server: RunningServer
beforeAll(async () => {
  const data = join(folder, 'data')
  const flags = { data, 'http.port': 0, 'admin.port': 0, 'log.level': 'silent', 'history.days': 30 }
  server = await startServer(loadConfig({ flags }).config)
  for (const userId of [alice, bob, carol]) await server.users.add({ userId, password })
  await send(alice, bob, 'grüß dich\nund alle')
  await send(carol, bob, 'and me')
  await send(carol, alice, 'hello')
}, 60_000)
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const send = async (from: string, to: string, text: string) => {
  const args = ['chat', '--url', server.url, '--user', from, '--to', to, '--send', text]
  const { code, stderr } = await village(args, { env: { VILLAGE_PASSWORD: password } })
  if (code !== 0) throw new Error(stderr)
}
const operator = (args: readonly string[], input = '') =>
  village([...args, '--data', join(folder, 'data'), '--set', `admin.port=${new URL(server.adminUrl).port}`], { input })
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/)

describe('village queue', () => {
  it('shows whose queues are longest, and how near they are to the limit', async () => {
    const { stdout, code } = await operator(['queue'])
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^wv:bob@village\.local\t2 of 1000 \(0 %\)\tmessage 2\t\d{4}-\S+Z$/),
      expect.stringMatching(/^wv:alice@village\.local\t1 of 1000 \(0 %\)\tmessage 1\t\d{4}-\S+Z$/),
    ])
  })

  it('shows what waits for one user, and not what it says', async () => {
    const { stdout } = await operator(['queue', bob])
    const [first, second] = stdout.split('\n').map(line => line.split('\t'))
    expect(first).toEqual(['message', alice, 'text/plain', '20 octets', time, time])
    expect(second).toEqual(['message', carol, 'text/plain', '6 octets', time, time])
  })

  it('is dropped once somebody has said so', async () => {
    const kept = await operator(['queue', 'clear', bob], 'n\n')
    expect([kept.stderr, kept.code]).toEqual([expect.stringContaining('nothing was dropped'), 1])
    expect((await operator(['queue', 'clear', bob], 'yes\n')).stdout).toBe('2 items dropped.\n')
  })
})

describe('village history', () => {
  const exported = async (userId: string) => {
    const { stdout } = await operator(['history', 'export', userId])
    return stdout.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]))
  }

  it('is exported line by line, what was sent and what came', async () => {
    const common = { messageId: expect.any(String), acceptedAt: time, keptUntil: time, type: 'text/plain' }
    expect(await exported(alice)).toEqual([
      { direction: 'sent', with: bob, ...common, size: 20, text: 'grüß dich\nund alle' },
      { direction: 'received', with: carol, ...common, size: 5, text: 'hello' },
    ])
  })

  it('is not erased before somebody has said so', async () => {
    const { stderr, code } = await operator(['history', 'erase', alice])
    expect([stderr, code]).toEqual([expect.stringContaining('nothing was erased'), 1])
    const earlier = await operator(['history', 'erase', alice, '--before', '2001-01-31', '--yes'])
    expect(earlier.stdout).toBe('0 messages erased.\n')
  })

  it('is erased of one user and not of the others', async () => {
    expect((await operator(['history', 'erase', alice, '--yes'])).stdout).toBe('2 messages erased.\n')
    expect((await exported(bob)).map(({ text }) => text)).toEqual(['grüß dich\nund alle', 'and me'])
  })

  it('says how a date is written', async () => {
    const late = await operator(['history', 'erase', bob, '--before', 'yesterday', '--yes'])
    expect(late.stderr).toContain('before must be a date or a time. Expected: before=<2026-01-31')
  })
})
