import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

const tasks = '/proc/self/task'
const priority = 19

/**
 * Lets the threads of node's pool, on which passwords are checked and pictures scaled, give way to the event loop where
 * they share a core. They exist once something has run on one of them. Linux only: elsewhere nothing changes.
 */
export function calmWorkers() {
  try {
    for (const id of readdirSync(tasks))
      if (readFileSync(`${tasks}/${id}/comm`, 'utf8').trim() === 'libuv-worker') setPriority(Number(id), priority)
  } catch {
    // Not Linux, or not permitted: checks are as fast, and the event loop may be late beside them.
  }
}
