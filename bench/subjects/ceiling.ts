import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The least that a server on node:http can do: it reads a body and answers with 400 octets. */
const answer = 'x'.repeat(400)

const server = createServer((request, response) => {
  request.on('data', () => {})
  request.on('end', () => {
    response.setHeader('Content-Length', answer.length)
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
process.on('message', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
