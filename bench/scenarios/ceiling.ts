import type { Scenario } from '../load/bench.ts'
import { loadFigures } from '../load/bench.ts'
import { Connection } from '../load/connection.ts'

const body = 'x'.repeat(600)
const request = `POST / HTTP/1.1\r\nHost: bench\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** R: what bare node:http does on this core now. Every other rate is told as a part of it. */
export const ceiling: Scenario = {
  id: 'r',
  title: 'R: bare node:http, 600 octets answered with 400',
  async run(bench) {
    const subject = await bench.start('ceiling.ts')
    let answered = 0
    for (let n = bench.scaled(100); n > 0; n--) {
      const connection = new Connection(subject.port)
      const again = () => {
        answered++
        connection.post(request, again)
      }
      connection.post(request, again)
      bench.onClose(() => connection.close())
    }
    const measured = await bench.measure(subject, () => answered)
    return [{ name: 'requests per CPU second', value: measured.perCpuSecond, isRate: true }, ...loadFigures(measured)]
  },
}
