import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Journal } from './process/journal.ts'
import { killLoop } from './process/kill-cycles.ts'
import { PresenceWatch } from './process/presence-watch.ts'

const inFolder = async <T>(use: (folder: string) => Promise<T> | T): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'village-kill-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

it('loses nothing that it acknowledged when it is killed in mid-load', { timeout: 180_000 }, async () => {
  const lines: string[] = []
  const say = (line: string) => lines.push(line)
  const result = await inFolder(folder =>
    killLoop({ folder, storeUrl: undefined, cycles: 3, expiryEvery: 2, seed: 1, say }),
  )
  expect(result.lost, lines.join('\n')).toEqual([])
  expect(result.wrong, lines.join('\n')).toEqual([])
  expect(result.accepted).toBeGreaterThan(100)
  for (const [what, count] of Object.entries(result.done)) expect(count, what).toBeGreaterThan(0)
  for (const code of [200, 538, 541, 542]) expect(result.reports[code], `reports with ${code}`).toBeGreaterThan(0)
})

it('would notice what is lost, doubled, misplaced or late', async () => {
  const romeo = 'wv:romeo@example.com'
  const text = (count: number) => `${romeo} wv:juliet@example.com ${count}`
  const came = (count: number, messageId = `id${count}`) => ({ text: text(count), messageId })
  await inFolder(folder => {
    const journal = new Journal(join(folder, 'journal'))
    for (const count of [1, 2, 3]) journal.acknowledged({ recipient: romeo, ...came(count) })
    const compare = (...received: { text: string; messageId: string }[]) =>
      journal.compare(new Map([[romeo, received]]))
    expect(compare(came(1), came(2), came(3))).toEqual({ accepted: 3, lost: [], duplicated: 0, wrong: [] })
    expect(compare(came(1), came(3)).lost).toEqual([text(2)])
    expect(compare(came(1), came(2), came(1), came(3)).duplicated).toBe(1)
    expect(compare(came(1), came(2), came(2, 'another'), came(3)).wrong).toHaveLength(1)
    expect(compare(came(2), came(1), came(3)).wrong).toHaveLength(1)
    expect(compare(came(1), came(2), came(3), { text: 'wv:paris@example.com x', messageId: 'p' }).wrong).toHaveLength(1)
  })
})

it('would notice reports that are missing, doubled, untrue or not asked for', async () => {
  await inFolder(folder => {
    const journal = new Journal(join(folder, 'journal'))
    const line = (count: number, report?: number) => ({
      recipient: 'r',
      text: `r s ${count}`,
      messageId: `id${count}`,
      report,
    })
    for (const it of [line(1, 200), line(2, 542), line(3)]) journal.acknowledged(it)
    journal.acknowledged({ ...line(4, 541), isForwarded: true })
    const told = (count: number, code: number, at = 1) => ({ messageId: `id${count}`, code, at })
    const all = [told(1, 200), told(2, 542), told(4, 541)]
    const compare = (...reports: (typeof all)[number][]) => journal.compareReports(reports)
    expect([compare(...all), compare(...all, told(1, 200))]).toEqual([[], []])
    expect(compare(told(1, 200))).toHaveLength(2)
    expect(compare(...all, told(1, 200, 2))).toHaveLength(1)
    expect(compare(...all, told(3, 200))).toHaveLength(1)
    expect(compare(...all, told(4, 200))).toHaveLength(2)
    expect(compare(...all, told(9, 200))).toHaveLength(1)
  })
})

it('would notice presence that is lost, old, or not told again after a kill', async () => {
  /** Two changes, a kill, and what one who watches is told before and after it. */
  const wrong = async (before: number[], after: number[]) => {
    const done = { name: 'Status', body: { result: { code: 200, details: [] } } } as const
    const phone = (user: string) => ({ user, told: [] as number[], ask: async () => done })
    const watcher = phone('watcher')
    const presence = new PresenceWatch(phone('publisher'), [watcher])
    await presence.begin()
    await presence.publish()
    watcher.told.push(...before)
    presence.onKill()
    presence.onRestart()
    watcher.told.push(...after)
    return presence.wrong()
  }
  expect([await wrong([1, 2], [2]), await wrong([], [2]), await wrong([2, 2], [2, 2])]).toEqual([[], [], []])
  expect(await wrong([1, 2], [])).toHaveLength(1)
  expect(await wrong([1], [1, 2])).toHaveLength(1)
  expect(await wrong([2, 1], [2])).toHaveLength(1)
  expect(await wrong([1, 2], [3])).toHaveLength(1)
})
