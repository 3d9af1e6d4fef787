import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startServer } from '@village/server'
import { configFor } from '../load/accounts.ts'
import { loopDelay } from './loop-delay.ts'

/**
 * The server as `village serve` starts it, with a line to the benchmark: it tells its port, collects garbage when
 * asked to (so that memory can be told from what merely was not collected yet), tells how late its event loop was,
 * and stops.
 */
const [folder, tls] = process.argv.slice(2)
const server = await startServer(configFor(folder!, tls !== undefined))
const port = Number(new URL(server.url).port)
const delay = loopDelay()

process.on('message', async message => {
  if (message === 'stop') {
    await server.stop()
    process.exit(0)
  }
  if (message === 'delay') return void process.send!({ delayMilliseconds: delay() })
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  process.send!({ heapBytes: process.memoryUsage().heapUsed })
})
process.on('disconnect', () => process.exit(0))
process.send!({ port })
