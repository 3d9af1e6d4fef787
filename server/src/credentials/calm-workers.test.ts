import { pbkdf2 } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { calmWorkers } from './calm-workers.ts'

const tasks = '/proc/self/task'
const nameOf = (id: string) => readFileSync(`${tasks}/${id}/comm`, 'utf8').trim()
/** Field 19 of proc(5), counted from behind the name. */
const nicenessOf = (id: string) => Number(readFileSync(`${tasks}/${id}/stat`, 'utf8').split(') ')[1]!.split(' ')[16])

it.runIf(process.platform === 'linux')('the threads that check passwords give way, and no others do', async () => {
  await promisify(pbkdf2)('password', 'salt', 1, 20, 'sha1')
  calmWorkers()
  const ids = readdirSync(tasks)
  const workers = ids.filter(id => nameOf(id) === 'libuv-worker')
  expect(workers.length).toBeGreaterThan(0)
  expect(workers.map(nicenessOf)).toEqual(workers.map(() => 19))
  expect(nicenessOf(String(process.pid))).toBeLessThan(19)
})
