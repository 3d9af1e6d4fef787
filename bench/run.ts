import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Bench, type Figure, type Scenario, type Settings } from './load/bench.ts'
import { Gauge } from './load/gauge.ts'
import { asMarkdown, makeReport, type Run } from './report.ts'
import { scenarios } from './scenarios/index.ts'

const help = `node bench/run.ts [options]

  --only s1,s5     scenarios whose id begins so (R is measured before and after each)
  --repeat 3       repetitions of the whole list, one after the other
  --seconds 4      length of a measured window
  --kills 20       how often the server is killed in mid-load
  --quick          one short repetition, to see that all works: its numbers say nothing
  --json <file>    writes the report as JSON as well
  --profile <dir>  writes CPU profiles of the server there; what is measured then is slower

Scenarios: ${scenarios.map(({ id }) => id).join(' ')}
`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    repeat: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    kills: { type: 'string', default: '20' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** The generator goes on the last core, so that core 0 is the server's alone. Undefined where that cannot be done. */
function pinSelf(): number | undefined {
  if (availableParallelism() < 2) return undefined
  try {
    execFileSync('taskset', ['-acp', String(availableParallelism() - 1), String(process.pid)], { stdio: 'ignore' })
    return 0
  } catch {
    console.error('taskset is missing: nothing is pinned, and the figures are worth less')
    return undefined
  }
}

const chosen = (only: string | undefined): readonly Scenario[] => {
  const prefixes = only?.split(',').map(prefix => prefix.trim()) ?? ['']
  return scenarios.filter(({ id }) => prefixes.some(prefix => id.startsWith(prefix)))
}

async function runOnce(scenario: Scenario, settings: Settings): Promise<readonly Figure[]> {
  const bench = new Bench(settings)
  try {
    return await scenario.run(bench)
  } finally {
    await bench.close()
  }
}

if (values.help) {
  console.log(help)
} else {
  const repeat = values.quick ? 1 : Number(values.repeat)
  const settings: Settings = {
    seconds: values.quick ? 0.5 : Number(values.seconds),
    scale: values.quick ? 10 : 1,
    kills: Number(values.kills),
    core: pinSelf(),
    profile: values.profile,
  }
  const results = chosen(values.only).map(scenario => ({ scenario, runs: [] as Run[] }))
  const readings: number[] = []
  const tell = () => {
    const report = makeReport(results, readings, { ...settings, repeat })
    console.log(asMarkdown(report))
    if (values.json) writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`)
  }
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      tell() // what there is so far
      process.exit(1)
    })
  const bench = new Bench({ ...settings, seconds: settings.seconds / 2, profile: undefined })
  const gauge = await Gauge.start(bench, 'ceiling.ts', bench.scaled(100))
  const readR = async () => {
    const { perCpuSecond } = await gauge.read()
    readings.push(perCpuSecond)
    return perCpuSecond
  }
  await gauge.read() // warms it up
  let before = await readR()
  for (let repetition = 1; repetition <= repeat; repetition++)
    for (const { scenario, runs } of results) {
      if (scenario.once && repetition > 1) continue
      console.error(`${repetition}/${repeat}  ${scenario.title}`)
      const figures = await runOnce(scenario, settings)
      const after = await readR()
      runs.push({ figures, r: (before + after) / 2 })
      before = after
    }
  await bench.close()
  tell()
}
