import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startServer } from '@village/server'
import { configFor } from '../load/accounts.ts'

/**
 * The server as `village serve` starts it, with a line to the benchmark: it tells its port, collects garbage when
 * asked to (so that memory can be told from what merely was not collected yet), and stops.
 */
const server = await startServer(configFor(process.argv[2]!))
const port = Number(new URL(server.url).port)

process.on('message', async message => {
  if (message === 'stop') {
    await server.stop()
    process.exit(0)
  }
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  process.send!({ heapBytes: process.memoryUsage().heapUsed })
})
process.on('disconnect', () => process.exit(0))
process.send!({ port })
