import { describe, expect, it } from 'vitest'
import { simulate } from './simulation.ts'
import { tamperings } from './tampering.ts'

const steps = 500
const again = (seed: number) => `npx node server/test/simulation/run.ts --seed ${seed} --steps ${steps}`

/** Runs in which a mistake showed once, and what it was. */
const found: Readonly<Record<number, string>> = {
  2: 'a message was handed out after its sender had been told that it expired',
  3: 'after a restart messages waited with a client that was not the receiver any more',
  5: 'a message whose flush failed, and which was there all the same, was not offered when its repeat was acknowledged',
  12: 'a repeat was refused for the queue that its own first time had filled',
  19: 'a repeat told that all recipients got a message which some had been refused',
  41: 'a delivery report whose flush failed, and which was there all the same, was not offered',
}

describe('the simulated world', () => {
  it('is the same each time', async () => {
    const first = await simulate({ seed: 7, steps })
    expect(first.history.length).toBeGreaterThan(50)
    expect(await simulate({ seed: 7, steps })).toEqual(first)
    expect((await simulate({ seed: 8, steps })).history).not.toEqual(first.history)
  })

  it.each(Object.keys(found).map(Number))('keeps its promises where it once did not: %i', async seed => {
    const { broken } = await simulate({ seed, steps })
    expect(broken, `${found[seed]}; ${again(seed)}`).toBeUndefined()
  })

  it('keeps its promises through crashes, lost messages and failing disks', { timeout: 300_000 }, async () => {
    const totals: Record<string, number> = {}
    for (let seed = 1; seed <= 200; seed++) {
      const { broken, history, counts } = await simulate({ seed, steps })
      expect(broken, `${history.join('\n')}\n${again(seed)}`).toBeUndefined()
      for (const [what, count] of Object.entries(counts)) totals[what] = (totals[what] ?? 0) + count
    }
    // A world in which little happens would prove little.
    expect(totals.acknowledged).toBeGreaterThan(10_000)
    expect(totals['seen again']).toBeGreaterThan(500)
    expect(totals.reports).toBeGreaterThan(1000)
    expect(totals.expired).toBeGreaterThan(100)
  })

  it.each(Object.entries(tamperings))('finds a store that %s', async (_, tamper) => {
    let broken: string | undefined
    for (let seed = 1; seed <= 30 && broken === undefined; seed++)
      broken = (await simulate({ seed, steps, tamper })).broken
    expect(broken).toBeDefined()
  })
})
