import { BareLoad } from '../load/bare.ts'
import { loadFigures, type Scenario } from '../load/bench.ts'

/** R: what bare node:http does on this core now. Every other rate is told as a part of it. */
export const ceiling: Scenario = {
  id: 'r',
  title: 'R: bare node:http, 600 octets answered with 400',
  async run(bench) {
    const subject = await bench.start('ceiling.ts')
    const load = new BareLoad(subject, bench.scaled(100))
    bench.onClose(() => load.stop())
    const measured = await bench.measure(subject, () => load.answered)
    return [{ name: 'requests per CPU second', value: measured.perCpuSecond, isRate: true }, ...loadFigures(measured)]
  },
}
