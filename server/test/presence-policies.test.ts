import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inWords, policies } from './policy.ts'
import { runPolicy } from './policy-run.ts'
import { PolicyVillage } from './policy-village.ts'

/**
 * Nobody is told more than they may know, nor less (CSP 8.2.2, 8.2.4, 8.3.2.1, 8.3.3.1): watchers of 1.1, 1.2 and 1.3, by
 * notifications and when they ask, of a publisher with two clients. The same policies each time; another seed brings others.
 */
it('of any policy watchers are told what the model says', { timeout: 300_000 }, async () => {
  let place = await PolicyVillage.open()
  const agrees = fc.asyncProperty(policies, async steps => {
    try {
      await runPolicy(steps, place)
    } catch (error) {
      // A shorter policy is not to be tried where something went wrong.
      place = await PolicyVillage.open()
      throw error
    }
  })
  const { counterexample, errorInstance, seed, counterexamplePath } = await fc.check(agrees, {
    numRuns: 10_000,
    seed: 82,
  })
  const [steps] = counterexample ?? []
  const found = steps && `${inWords(steps)}\n${errorInstance}\nseed ${seed}, path ${counterexamplePath}`
  expect(found).toBeUndefined()
})
