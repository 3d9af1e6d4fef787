import { pbkdf2 } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { calmWorkers } from './calm-workers.ts'

const tasks = '/proc/self/task'
const nameOf = (id: string) => readFileSync(`${tasks}/${id}/comm`, 'utf8').trim()
/** A field of proc(5) by its number there. */
const fieldOf = (id: string, field: number) =>
  Number(readFileSync(`${tasks}/${id}/stat`, 'utf8').split(') ')[1]!.split(' ')[field - 3])
const nicenessOf = (id: string) => fieldOf(id, 19)
const policyOf = (id: string) => fieldOf(id, 41)
const idle = 5

it.runIf(process.platform === 'linux')('the threads that check passwords give way, and no others do', async () => {
  await promisify(pbkdf2)('password', 'salt', 1, 20, 'sha1')
  await calmWorkers()
  const ids = readdirSync(tasks)
  const workers = ids.filter(id => nameOf(id) === 'libuv-worker')
  expect(workers.length).toBeGreaterThan(0)
  expect(workers.map(nicenessOf)).toEqual(workers.map(() => 19))
  if (existsSync('/usr/bin/chrt')) expect(workers.map(policyOf)).toEqual(workers.map(() => idle))
  expect(nicenessOf(String(process.pid))).toBeLessThan(19)
  expect(policyOf(String(process.pid))).not.toBe(idle)
})
