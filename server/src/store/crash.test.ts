import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { scratchFolder } from './contract/engines.ts'
import { account, bob } from './contract/fixtures.ts'
import { openStore, type Store } from './store.ts'

const store = JSON.stringify(new URL('store.ts', import.meta.url).href)

/** Keeps 32 messages in flight and prints the id of each one when, and only when, it has been acknowledged. */
const SENDER = `
  import { openStore } from ${store}
  const [url, cycle] = process.argv.slice(1)
  const { mailboxes, commit } = await openStore({ url, now: 1 })
  let count = 0
  const send = async () => {
    const messageId = cycle + '-' + count++
    const item = { messageId, recipient: '${bob}', kind: 'message', origin: messageId, info: '{}',
      content: new Uint8Array(300), acceptedAt: 1, expiresAt: 2 ** 50, reportTo: null }
    await commit(mailboxes.append([item], 1e6))
    process.stdout.write(messageId + '\\n')
  }
  for (let flight = 0; flight < 32; flight++) void (async () => { for (;;) await send() })()
`

const sendUntilKilled = async (url: string, cycle: number): Promise<string[]> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SENDER, url, String(cycle)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line)
    // In mid-load, at a different moment each time.
    if (acknowledged.length === 300 * (cycle + 1)) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return acknowledged
}

const stored = async ({ mailboxes }: Store): Promise<string[]> =>
  (await mailboxes.waiting(bob, 0, 1_000_000, 1)).map(({ messageId }) => messageId)

describe('kill -9', () => {
  it('loses nothing that was acknowledged and keeps nothing twice', async () => {
    const folder = scratchFolder()
    const url = `sqlite:${join(folder, 'village.db')}`
    const first = await openStore({ url, now: 1 })
    await first.commit(first.accounts.add(account(bob)))
    await first.close()

    const acknowledged: string[] = []
    for (let cycle = 0; cycle < 3; cycle++) {
      acknowledged.push(...(await sendUntilKilled(url, cycle)))
      const after = await openStore({ url, now: 1 })
      const found = await stored(after)
      await after.close()
      expect(acknowledged.filter(id => !new Set(found).has(id))).toEqual([])
      expect(new Set(found).size).toBe(found.length)
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(1800)
    rmSync(folder, { recursive: true })
  }, 20_000)
})
