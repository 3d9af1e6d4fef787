import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { silentLog } from '../../telemetry/log.ts'
import { createHttpListener } from './listener.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  }
})

const page = 'https://chat.example.com'

const open = async (allowedOrigins: readonly string[] = [page]) => {
  const receive = async () => ({ status: 200, contentType: 'application/vnd.wv.csp.xml', body: '<a/>' })
  const shttp = { ask: async () => 204 as const }
  const server = createHttpListener({ receive, log: silentLog(), maxBodyBytes: 1000, allowedOrigins, shttp })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return async (method: string, path: string, headers: Record<string, string>) => {
    const response = await fetch(at + path, { method, headers, ...(method === 'POST' && { body: '<a/>' }) })
    return { status: response.status, headers: Object.fromEntries(response.headers) }
  }
}

const asking = (origin: string, method: string) => ({
  Origin: origin,
  'Access-Control-Request-Method': method,
  'Access-Control-Request-Headers': 'content-type',
})

describe('Web pages from elsewhere', () => {
  it.each([
    ['POST', '/imps'],
    ['POST', '/'],
    ['GET', '/cir/token'],
  ])('that are allowed may use %s on %s', async (method, path) => {
    const ask = await open()
    const preflight = await ask('OPTIONS', path, asking(page, method))
    expect(preflight.status).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': method,
      'access-control-allow-headers': 'Content-Type',
      vary: 'Origin',
    })
    const answer = await ask(method, path, { Origin: page, 'Content-Type': 'application/vnd.wv.csp.xml' })
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([method === 'GET' ? 204 : 200, page])
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  })

  it('are told also of refusals that they may read', async () => {
    const ask = await open()
    const { status, headers } = await ask('POST', '/imps', { Origin: page, 'Content-Type': 'image/png' })
    expect([status, headers['access-control-allow-origin']]).toEqual([415, page])
  })

  it('that are not allowed get no leave, and nobody does unless some are named', async () => {
    for (const [allowed, origin] of [
      [[page], 'https://evil.example'],
      [[], page],
    ] as const) {
      const ask = await open(allowed)
      const preflight = await ask('OPTIONS', '/imps', asking(origin, 'POST'))
      expect([preflight.status, preflight.headers.allow]).toEqual([405, 'POST'])
      const answer = await ask('POST', '/imps', { Origin: origin })
      for (const { headers } of [preflight, answer]) expect(headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  it('are set as browsers write them, whatever the spelling', () => {
    const { config } = loadConfig({
      flags: { 'http.allowedOrigins': ['HTTPS://Chat.Example.com:443/', 'http://a.example:80'] },
    })
    expect(config.http.allowedOrigins).toEqual([page, 'http://a.example'])
    expect(() => loadConfig({ flags: { 'http.allowedOrigins': ['*'] } })).toThrow(/allowedOrigins/)
  })
})
