import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killLoop } from './process/kill-cycles.ts'
import { scratchStore } from './process/scratch-store.ts'

/**
 * Kills a real server in mid-load, again and again, and counts what was acknowledged and is gone:
 * `npx node server/test/kill-loop.ts --cycles 30 [--store sqlite|postgres] [--seed 1]`. PostgreSQL is looked for at
 * VILLAGE_TEST_POSTGRES_URL. Ends with 1 where anything was lost or wrong.
 */
const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '30' },
    store: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: '1' },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'village-kill-'))
const scratch = await scratchStore(values.store)
try {
  const result = await killLoop({
    folder,
    storeUrl: scratch.url,
    cycles: Number(values.cycles),
    seed: Number(values.seed),
    say: line => console.log(line),
  })
  for (const what of [...result.lost.map(text => `lost: ${text}`), ...result.wrong].slice(0, 20)) console.log(what)
  process.exitCode = result.lost.length + result.wrong.length === 0 ? 0 : 1
} finally {
  await scratch.remove()
  rmSync(folder, { recursive: true })
}
