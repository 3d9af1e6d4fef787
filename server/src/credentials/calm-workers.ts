import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { promisify } from 'node:util'

const tasks = '/proc/self/task'
const lowest = 19
const run = promisify(execFile)

/**
 * Lets the threads of node's pool, on which passwords are checked and pictures scaled, give way to the event loop where
 * they share a core: by their priority, and where there is `chrt` by their policy. With that the event loop has the core
 * as soon as it wants it; a priority alone lets them finish their slice, some milliseconds each time. Linux only:
 * elsewhere nothing changes. The threads exist once something has run on one of them.
 */
export async function calmWorkers(): Promise<void> {
  try {
    const workers = readdirSync(tasks).filter(
      id => readFileSync(`${tasks}/${id}/comm`, 'utf8').trim() === 'libuv-worker',
    )
    for (const id of workers) setPriority(Number(id), lowest)
    // SCHED_IDLE; node has no call for it.
    await Promise.all(workers.map(id => run('/usr/bin/chrt', ['-i', '-p', '0', id], { timeout: 5000 })))
  } catch {
    // Not Linux, not permitted, or no such program: checks are as fast, and the event loop may be late beside them.
  }
}
