import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { openVillage } from '../testing/village.ts'
import { adminCall } from './call.ts'
import { traceClient, traceRoutes } from './trace-routes.ts'
import { createTraceAdmin } from './traces.ts'

const village = async () => {
  const it = await openVillage()
  const traces = createTraceAdmin(it.core.traces, ['example.com'])
  const app = fastify()
  traceRoutes(app, traces)
  const inject: typeof fetch = async (url, init) => {
    const { pathname, search } = new URL(String(url))
    const { statusCode, body } = await app.inject({ method: init!.method as 'GET', url: pathname + search })
    return new Response(statusCode === 204 ? null : body, { status: statusCode })
  }
  return { it, app, traces, client: traceClient(adminCall({ url: 'http://admin', token: '', fetch: inject })) }
}

const alice = 'wv:alice@example.com'
const times = { startedAt: '2026-01-01T00:00:00.000Z', endsAt: '2026-01-01T01:00:00.000Z' }

describe('Traces, for operators', () => {
  it('are started, listed, read from where the reader is, and stopped, over HTTP', async () => {
    const { it, client: traces } = await village()
    expect(await traces.start('Alice')).toEqual({ userId: alice, ...times })
    expect(await traces.list()).toEqual({ traces: [{ userId: alice, ...times }] })
    await it.phone('alice').login()
    const page = await traces.read(alice, 0)
    expect(page).toMatchObject({ userId: alice, ...times, entries: [{ number: 1 }, { number: 2, direction: 'out' }] })
    expect((await traces.read(alice, 1)).entries).toEqual(page.entries.slice(1))
    await it.world.pass(60)
    expect(await traces.start(alice)).toEqual({ userId: alice, ...times, endsAt: '2026-01-01T01:01:00.000Z' })
    expect((await traces.read(alice, 0)).entries).toHaveLength(2)
    await traces.stop(alice)
    expect(await traces.list()).toEqual({ traces: [] })
  })

  it('are refused for what is no user here, where there is none, and beyond fifty', async () => {
    const { app, traces } = await village()
    await expect(traces.start('wv:alice@elsewhere.org')).rejects.toMatchObject({ code: 'ForeignDomain' })
    await expect(traces.read(alice, 0)).rejects.toMatchObject({ code: 'NoSuchTrace' })
    await expect(traces.stop(alice)).rejects.toMatchObject({ code: 'NoSuchTrace' })
    for (let count = 1; count <= 50; count++) await traces.start(`user${count}`)
    await expect(traces.start(alice)).rejects.toMatchObject({ code: 'TooManyTraces' })
    expect(await traces.start('user7')).toMatchObject({ userId: 'wv:user7@example.com' })
    const page = await app.inject({ url: `/traces/user7?after=last` })
    expect(page.json().message).toContain('after=<number of the last entry that is known>')
  })
})
