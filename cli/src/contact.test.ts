import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, type RunningServer, startServer } from '@village/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { village } from '../test/village.ts'

const folder = mkdtempSync(join(tmpdir(), 'village-contact-'))
const [alice, bob, carol] = ['wv:alice@village.local', 'wv:bob@village.local', 'wv:carol@village.local'] as const
const friends = 'wv:alice/friends@village.local'

let server: RunningServer
beforeAll(async () => {
  const data = join(folder, 'data')
  const flags = { data, 'http.port': 0, 'admin.port': 0, 'log.level': 'silent', 'contacts.maxContacts': 2 }
  server = await startServer(loadConfig({ flags }).config)
  for (const userId of [alice, bob, carol]) await server.users.add({ userId })
}, 60_000)
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const contact = (args: readonly string[], input = '') => {
  const where = ['--data', join(folder, 'data'), '--set', `admin.port=${new URL(server.adminUrl).port}`]
  return village(['contact', ...args, ...where], { input })
}

describe('village contact', () => {
  it('creates lists and tells which there are', async () => {
    expect((await contact(['create', alice, 'friends'])).stdout).toBe(`${friends} was created.\n`)
    await contact(['create', alice, 'work', '--name', 'At work', '--default'])
    expect((await contact(['list', alice])).stdout).toBe(
      `${friends}\t0 contacts\t-\t\nwv:alice/work@village.local\t0 contacts\tdefault\tAt work\n`,
    )
  })

  it('puts users on a list, and takes them from it', async () => {
    expect((await contact(['add', alice, 'friends', bob, '--nickname', 'Bob'])).stdout).toBe(
      `${friends} has 1 contact now.\n`,
    )
    expect((await contact(['add', alice, friends, carol, bob])).stdout).toBe(`${friends} has 2 contacts now.\n`)
    expect((await contact(['show', alice, 'friends'])).stdout).toBe(`${bob}\tBob\n${carol}\t${carol}\n`)
    expect((await contact(['remove', alice, 'friends', bob])).stdout).toBe(`${friends} has 1 contact now.\n`)
  })

  it('deletes a list once somebody has said so', async () => {
    const kept = await contact(['delete', alice, 'work'], 'n\n')
    expect([kept.stderr, kept.code]).toEqual([expect.stringContaining('nothing was deleted'), 1])
    expect((await contact(['delete', alice, 'work', '--yes'])).stdout).toBe('Deleted.\n')
  })

  it('says what to do where it cannot be done', async () => {
    const told = async (...args: string[]) => {
      const { stderr, code } = await contact(args)
      expect(code).toBe(1)
      return stderr
    }
    const all = await Promise.all([
      told('show', alice, 'work'),
      told('add', alice, 'friends', 'wv:nobody'),
      told('add', alice, 'friends', bob, 'wv:x@elsewhere.org'),
      told('add', alice, 'friends', bob, carol, '--nickname', 'B'),
    ])
    expect(all).toEqual([
      expect.stringContaining('"village contact list" tells which there are'),
      expect.stringContaining('these do not exist: wv:nobody'),
      expect.stringContaining('contacts.maxContacts'),
      expect.stringContaining('for one contact'),
    ])
  })

  it('explains its commands', async () => {
    const commands = ['list', 'add']
    const helps = await Promise.all(commands.map(command => contact([command, '--help'])))
    for (const [index, command] of commands.entries())
      expect(helps[index]!.stdout).toContain(`village contact ${command} wv:alice@example.com`)
  })
}, 60_000)
