import { hash, randomFillSync } from 'node:crypto'
import type { World } from './world.ts'

const tokenOctets = 18

/** Random octets are fetched many at a time, each used once: fetching costs more than using them. */
const drawTokens = () => {
  const pool = Buffer.alloc(256 * tokenOctets)
  let next = pool.length
  return (): string => {
    if (next === pool.length) {
      randomFillSync(pool)
      next = 0
    }
    const token = pool.toString('base64url', next, next + tokenOctets)
    pool.fill(0, next, next + tokenOctets)
    next += tokenOctets
    return token
  }
}

const token = drawTokens()

/** The world as it is. Its timers do not keep the process alive. */
export const realWorld: World = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
  turn: () => new Promise(resolve => setImmediate(resolve)),
  token,
  timedToken: () => Date.now().toString(36) + token().slice(0, 16),
  digest: data => hash('sha256', data, 'base64url'),
}
