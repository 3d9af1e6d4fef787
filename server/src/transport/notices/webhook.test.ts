import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../../telemetry/log.ts'
import { atRest, HeldWorld } from '../../testing/held-world.ts'
import { allMessaging } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'
import { createWebhook, type WebhookOptions } from './webhook.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

interface Posted {
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A program of an operator's, which answers the first notice with the first of these, the last ones with the last. */
async function receiver(...answers: ((response: ServerResponse) => unknown)[]) {
  const posted: Posted[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    posted.push({ path: request.url, headers: request.headers, body })
    answers[Math.min(posted.length, answers.length) - 1]!(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    return new Promise(done => server.close(done))
  }
  endings.push(close)
  return { posted, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/imps?key=k` }
}

const answer =
  (status: number, headers = {}) =>
  (response: ServerResponse) =>
    response.writeHead(status, headers).end('text that nobody reads')
const silence = () => {}

/** What became of a notice: sent, or the code or name of the failure. */
const outcome = (sent: Promise<void>) =>
  sent.then(
    () => 'sent',
    ({ code, cause, name }) => cause?.code ?? (typeof code === 'string' ? code : name),
  )

const notice = { userId: 'wv:alice@example.com', waiting: 2, at: Date.UTC(2026, 2, 1) }

function hook(url: string, more: Partial<WebhookOptions> = {}) {
  const world = new HeldWorld()
  const webhook = createWebhook({ world, url, timeoutSeconds: 5, ...more })
  endings.push(() => webhook.close())
  /** Lets so many failures come, and the time after each pass. */
  const failing = async (attempts: number) => {
    for (const seconds of [5, 30, 120].slice(0, attempts)) {
      await vi.waitFor(() => expect(world.waiting).toBe(1))
      await world.pass(seconds)
    }
  }
  return { world, webhook, failing }
}

describe('the webhook', () => {
  it('posts who is to be told, how, and how many messages wait, with the token', async () => {
    const { url, posted } = await receiver(answer(204))
    const { webhook } = hook(url, { token: 'token-of-the-hook' })
    await webhook.send({ ...notice, clientKey: 'url:phone', msisdn: '+358401234567', bearer: 'SMS' })
    await webhook.send(notice)
    expect(posted[0]).toMatchObject({
      path: '/imps?key=k',
      headers: { 'content-type': 'application/json', authorization: 'Bearer token-of-the-hook' },
    })
    const told = { user: notice.userId, waiting: 2, time: '2026-03-01T00:00:00.000Z' }
    expect(posted.map(({ body }) => JSON.parse(body))).toEqual([
      { ...told, client: 'url:phone', msisdn: '+358401234567', bearer: 'SMS' },
      { ...told, client: null, msisdn: null, bearer: null },
    ])
  })

  it('sends no Authorization where there is no token', async () => {
    const { url, posted } = await receiver(answer(200))
    await hook(url).webhook.send(notice)
    expect(posted[0]?.headers.authorization).toBeUndefined()
  })

  it.each([500, 503, 429, 408])('posts the very same again after %i', async status => {
    const { url, posted } = await receiver(answer(status), answer(status), answer(200))
    const { webhook, failing } = hook(url)
    const sent = webhook.send(notice)
    await failing(2)
    await sent
    expect(new Set(posted.map(({ body }) => body)).size).toBe(1)
    expect(posted.length).toBe(3)
  })

  it('gives up after four attempts', async () => {
    const { url, posted } = await receiver(answer(500))
    const { webhook, failing, world } = hook(url)
    const sent = outcome(webhook.send(notice))
    await failing(3)
    expect(await sent).toBe('HTTP_500')
    expect(posted.length).toBe(4)
    expect(world.waiting).toBe(0)
  })

  it.each([400, 401, 404, 410])('takes %i as the last word', async status => {
    const { url, posted } = await receiver(answer(status))
    expect(await outcome(hook(url).webhook.send(notice))).toBe(`HTTP_${status}`)
    expect(posted.length).toBe(1)
  })

  it.each([301, 302, 307, 308])('follows no redirect: %i', async status => {
    const elsewhere = await receiver(answer(200))
    const { url } = await receiver(answer(status, { Location: elsewhere.url }))
    expect(await outcome(hook(url).webhook.send(notice))).toBe(`HTTP_${status}`)
    expect(elsewhere.posted).toEqual([])
  })

  it('waits for a receiver that is down, and gives up on one that stays so', async () => {
    const { url, close } = await receiver(answer(200))
    await close()
    const { webhook, failing } = hook(url)
    const sent = outcome(webhook.send(notice))
    await failing(3)
    expect(await sent).toBe('ECONNREFUSED')
  })

  it('does not wait for long on one that is silent', async () => {
    const { url, posted } = await receiver(silence, answer(200))
    const { webhook, failing } = hook(url, { timeoutSeconds: 0.05 })
    const sent = webhook.send(notice)
    await failing(1)
    await sent
    expect(posted.length).toBe(2)
  })

  it('has four requests open at most, and keeps the others until one is answered', async () => {
    const held: ServerResponse[] = []
    const { url, posted } = await receiver(response => held.push(response))
    const { webhook } = hook(url)
    const sent = Promise.all(Array.from({ length: 6 }, () => webhook.send(notice)))
    await vi.waitFor(() => expect(posted.length).toBe(4))
    held.shift()!.end()
    await vi.waitFor(() => expect(posted.length).toBe(5))
    held.shift()!.end()
    await vi.waitFor(() => expect(posted.length).toBe(6))
    for (const response of held) response.end()
    await sent
  })

  it('keeps 1000 notices at most, and is not available then', async () => {
    const { url } = await receiver(silence)
    const { webhook } = hook(url)
    const sent = Array.from({ length: 999 }, () => outcome(webhook.send(notice)))
    expect(webhook.isAvailable(notice)).toBe(true)
    sent.push(outcome(webhook.send(notice)))
    expect(webhook.isAvailable(notice)).toBe(false)
    webhook.close()
    expect(new Set(await Promise.all(sent))).toEqual(new Set(['AbortError']))
  })

  it('gives up at once when it is closed, between two attempts as well', async () => {
    const { url, posted } = await receiver(answer(500))
    const { webhook, world } = hook(url)
    const sent = outcome(webhook.send(notice))
    await vi.waitFor(() => expect(world.waiting).toBe(1))
    webhook.close()
    expect(await sent).toBe('AbortError')
    expect([posted.length, world.waiting]).toEqual([1, 0])
    expect(webhook.isAvailable(notice)).toBe(false)
  })
})

describe('a server with the webhook', () => {
  it('keeps token, number and path out of its log, whether the receiver takes notices, refuses them or is gone', async () => {
    let log = ''
    const village = await openVillage({
      log: createLog({ level: 'trace', to: { write: (line: string) => void (log += line) } }),
    })
    const { url, posted, close } = await receiver(answer(204), answer(403))
    const { webhook, failing } = hook(`${url}&secret=canary`, { token: 'canary-token' })
    village.core.offlineNotices.use('SMS', webhook)
    const alice = await village.ready('alice')
    const wanting = { services: allMessaging, capabilities: { supportedOfflineBearers: ['SMS'] } }
    const bob = village.phone('bob', { version: '1.3', msisdn: '+358401234567', ...wanting })
    const sendToAbsent = async () => {
      await bob.login()
      await bob.negotiate()
      await bob.ask({ name: 'LogoutRequest', body: {} })
      await alice.send('bob', 'hello')
      await atRest()
    }
    await sendToAbsent()
    await vi.waitFor(() => expect(log).toContain('Told a user'))
    await sendToAbsent()
    await vi.waitFor(() => expect(log).toContain('HTTP_403'))
    await close()
    await sendToAbsent()
    await failing(3)
    await vi.waitFor(() => expect(log).toContain('ECONNREFUSED'))
    expect(posted.map(({ body }) => JSON.parse(body).msisdn)).toEqual(['+358401234567', '+358401234567'])
    expect(log).not.toMatch(/canary|358401234567|imps\?/)
  })
})
