import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { password, ScriptedServer } from '../test/scripted-server.ts'
import { connect } from './connection.ts'

const undo: (() => unknown)[] = []
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
})

/** Sends a large picture over a real connection, and tells of its way. */
async function upload(uploads: 'streamed' | 'whole', syntax: 'xml' | 'wbxml') {
  const scripted = new ScriptedServer()
  const lengths: (number | undefined)[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const { 'content-length': announced } = request.headers
    lengths.push(announced === undefined ? undefined : Number(announced) - body.length)
    const reply = await scripted.handle(body)
    response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  undo.push(
    () => server.close(),
    () => server.closeAllConnections(),
  )
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const session = await connect({ url, uploads, syntax }).login({ userId: 'wv:alice@village.local', password })
  undo.push(() => session.close())
  const told: (readonly [number, number])[] = []
  await session.messaging.send({
    ...{ to: 'wv:bob@village.local', bytes: new Uint8Array(300_000), contentType: 'image/png' },
    onProgress: (sent, total) => told.push([sent, total]),
  })
  return { told, lengths, seen: scripted.seen.at(-1)?.primitive?.body }
}

it.each(['xml', 'wbxml'] as const)('a streamed upload is told of step by step; %s', async syntax => {
  const { told, lengths, seen } = await upload('streamed', syntax)
  const [, total] = told[0]!
  expect(told.length).toBeGreaterThan(10)
  expect(told.map(([sent]) => sent)).toEqual(told.map(([sent]) => sent).toSorted((one, other) => one - other))
  expect(told[0]![0]).toBeLessThan(total / 4)
  expect(told.at(-1)).toEqual([total, total])
  // Servers are told the length beforehand, as with any other request.
  expect(new Set(lengths)).toEqual(new Set([0]))
  expect(seen).toMatchObject({ messageInfo: { contentSize: syntax === 'xml' ? 400_000 : 300_000 } })
})

it('one that goes as a whole is told of when it is answered', async () => {
  const { told } = await upload('whole', 'wbxml')
  expect(told).toEqual([[told[0]![1], told[0]![1]]])
})
