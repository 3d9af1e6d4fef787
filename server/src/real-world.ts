import { hash, randomBytes } from 'node:crypto'
import type { World } from './world.ts'

/** The world as it is. Its timers do not keep the process alive. */
export const realWorld: World = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
  token: () => randomBytes(18).toString('base64url'),
  digest: data => hash('sha256', data, 'base64url'),
}
