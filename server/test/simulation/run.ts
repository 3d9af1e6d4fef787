import { parseArgs } from 'node:util'
import { simulate } from './simulation.ts'

/** `node run.ts --seed 7 --steps 500 --seeds 100`: runs the seeds 7 to 106, and tells how the first bad one went. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '500' },
    /** Goes on after a failure, and prints one line each. */
    all: { type: 'boolean', default: false },
  },
})
const [first, count, steps] = [Number(values.seed), Number(values.seeds), Number(values.steps)]
const begun = performance.now()
const totals: Record<string, number> = {}
let failures = 0

for (let seed = first; seed < first + count; seed++) {
  const { broken, history, counts } = await simulate({ seed, steps })
  for (const [name, number] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + number
  if (broken === undefined) continue
  failures++
  if (!values.all) {
    console.log(history.join('\n'))
    console.log(`\nAgain: npx node server/test/simulation/run.ts --seed ${seed} --steps ${steps}`)
    process.exit(1)
  }
  console.log(`${seed}: ${broken.split('\n')[0]}`)
}
const seconds = ((performance.now() - begun) / 1000).toFixed(1)
console.log(`${count} runs of ${steps} steps in ${seconds} s, ${failures} failed; ${JSON.stringify(totals)}`)
process.exit(failures === 0 ? 0 : 1)
