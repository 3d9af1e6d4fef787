import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@village/client'
import { loadConfig, type RunningServer, startServer } from '@village/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { village } from '../test/village.ts'

const folder = mkdtempSync(join(tmpdir(), 'village-announcement-'))
const password = 'secret word'
let server: RunningServer
beforeAll(async () => {
  const flags = { data: join(folder, 'data'), 'http.port': '0', 'admin.port': '0', 'log.level': 'error' }
  server = await startServer(loadConfig({ file: undefined, environment: {}, flags }).config)
  for (const name of ['alice', 'bob']) await server.users.add({ userId: `wv:${name}@village.local`, password })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const run = (...args: string[]) =>
  village([...args, '--data', join(folder, 'data'), '--set', `admin.port=${new URL(server.adminUrl).port}`])

/** Logs in and answers what has to be answered first with this option. */
async function answer(name: string, chosenOptionId: number, systemMessageId: string) {
  const connection = connect({ url: server.url })
  const session = await connection.login({ userId: `wv:${name}@village.local`, password })
  await session.request('SystemMessageUser', { systemMessageResponses: [{ systemMessageId, chosenOptionId }] })
  await session.logout()
}

describe('village announce', () => {
  it('says in its own words what is missing or wrong', async () => {
    const nobody = await run('announce', 'Hello')
    expect(nobody.stderr).toBe('village: Say for whom it is: either --to and users, or --all.\n')
    const never = await run('announce', 'Hello', '--all', '--valid', 'long')
    expect(never.stderr).toMatch(/--valid.*Give a whole number of seconds\./)
    const moment = await run('announce', 'Hello', '--all', '--valid', '3')
    expect(moment.stderr).toMatch(/^village: validitySeconds must be a whole number from 60 to 31536000\. /)
    for (const { code } of [nobody, never, moment]) expect(code).toBe(1)
  }, 60_000)
})

describe('village announcement', () => {
  it('tells who answered what', async () => {
    const sent = await run('announce', 'Will you\nbe there?', '--all', '--options', 'Yes', 'No')
    expect(sent.stdout).toMatch(/^2 users get it\.\nWhat becomes of it is told by: village announcement show \S+\n$/)
    const id = sent.stdout.trim().split(' ').at(-1)!
    await answer('bob', 2, id)
    const list = await run('announcement', 'list')
    expect(list.stdout).toMatch(/^\S+\t\d{4}-\S+Z\t1 of 2\tWill you be there\?\n$/)
    const shown = await run('announcement', 'show', id)
    expect(shown.stdout).toMatch(
      /^Will you\nbe there\?\nSent \S+, valid until \S+\. 1 of 2 users have answered\.\n0\tYes\n1\tNo\n\nwv:bob@village\.local\t\S+\tNo\n$/,
    )
    const other = await run('announcement', 'show', 'other')
    expect(other.stderr).toMatch(/^village: There is no announcement other, .*village announcement list.*\n$/)
    expect(other.code).toBe(1)
    const unheard = await run('announce', 'Hello', '--to', 'nobody')
    expect(unheard).toMatchObject({ stdout: '0 users get it.\n', code: 1 })
    // Five processes are started, on machines with other things to do.
  }, 60_000)
})
