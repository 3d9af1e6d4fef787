import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { calmWorkers } from '../../server/src/credentials/calm-workers.ts'
import { createCredentials } from '../../server/src/credentials/credentials.ts'
import { password } from '../load/language.ts'
import { loopDelay } from './loop-delay.ts'

/** The least that a server can do which checks a password against its hash, with the server's cost, turns and threads. */
const user = 'wv:nobody@bench.example'
const credentials = await createCredentials({ key: { id: 'bench', bytes: Buffer.alloc(32) } })
const kept = await credentials.hash(user, password)
await calmWorkers()

const server = createServer(async (request, response) => {
  request.resume()
  const isRight = await credentials.verifyPassword(user, kept, password)
  response.writeHead(isRight ? 200 : 500, { 'Content-Length': 0 }).end()
})
const delay = loopDelay()
process.on('message', message => {
  if (message === 'stop') process.exit(0)
  process.send!({ delayMilliseconds: delay() })
})
process.on('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
