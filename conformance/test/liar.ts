import { createServer, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Said {
  status: number
  headers: OutgoingHttpHeaders
  body: string
}

/** Stands in front of a server and changes what it says (XML only), to see whether anybody notices. */
export async function startLiar(target: string, change: (said: Said) => Said) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const method = request.method ?? 'POST'
    const headers = { 'Content-Type': request.headers['content-type'] ?? '' }
    const answer = await fetch(target, { method, headers, ...(method === 'POST' && { body: Buffer.concat(chunks) }) })
    const body = await answer.text()
    const type = answer.headers.get('content-type')
    const lie = change({ status: answer.status, headers: type === null ? {} : { 'Content-Type': type }, body })
    response.writeHead(lie.status, { 'Content-Length': Buffer.byteLength(lie.body), ...lie.headers })
    response.end(lie.body)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/imps`,
    stop: () =>
      new Promise<void>(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
