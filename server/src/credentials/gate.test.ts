import { describe, expect, it } from 'vitest'
import { Gate, TooBusy } from './gate.ts'

const held = () => {
  let release = () => {}
  const done = new Promise<void>(resolve => {
    release = resolve
  })
  return { done, release }
}

describe('Gate', () => {
  it('runs a few at once, keeps the order of the waiting, refuses the rest', async () => {
    const gate = new Gate({ atOnce: 2, waiting: 2 })
    const started: number[] = []
    const holds = [held(), held(), held(), held()]
    const runs = holds.map((hold, index) =>
      gate.run(() => {
        started.push(index)
        return hold.done
      }),
    )
    await expect(gate.run(async () => {})).rejects.toBeInstanceOf(TooBusy)
    expect(started).toEqual([0, 1])
    holds[1]?.release()
    await runs[1]
    expect(started).toEqual([0, 1, 2])
    for (const hold of holds) hold.release()
    await Promise.all(runs)
    expect(started).toEqual([0, 1, 2, 3])
    expect(await gate.run(async () => 'free again')).toBe('free again')
  })

  it('gives the place on when the work fails', async () => {
    const gate = new Gate({ atOnce: 1, waiting: 1 })
    const failing = gate.run(() => Promise.reject(new Error('no')))
    const next = gate.run(async () => 'next')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('next')
  })
})
