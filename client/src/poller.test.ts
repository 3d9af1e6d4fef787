import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { Poller } from './poller.ts'

/** Polls that come back empty at once, and one that is held; how many there were when it began. */
async function pollsUntilHeld(isAskingAtFirst: boolean, signal: AbortSignal): Promise<number> {
  let polls = 0
  return new Promise(resolve => {
    const poll = async () => {
      polls++
      if (polls < 2) return false
      resolve(polls)
      await once(signal, 'abort')
      return false
    }
    const poller = new Poller(
      { poll, hasRoom: () => true, sent: () => 1, isAsking: () => isAskingAtFirst && polls === 0 },
      signal,
    )
    Object.assign(poller, { isLong: true, isIdling: true, pollMin: 30_000 })
    void poller.run()
    setTimeout(() => resolve(polls), 1500).unref()
  })
}

describe('A poll that comes back empty at once', () => {
  it('is soon followed by another where a request was under way as it began, which may have ended it', async () => {
    const end = new AbortController()
    expect(await pollsUntilHeld(true, end.signal)).toBe(2)
    end.abort()
  })

  it('is followed by a rest where nothing else was said', async () => {
    const end = new AbortController()
    expect(await pollsUntilHeld(false, end.signal)).toBe(1)
    end.abort()
  })
})
