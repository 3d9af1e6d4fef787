import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { receiveNotices } from './notice-receiver.ts'

describe('The receiver of notices', () => {
  it('goes on after a server that broke off in the middle of one', async () => {
    const receiver = await receiveNotices()
    const { port } = new URL(receiver.url)
    const server = connect(Number(port), '127.0.0.1')
    server.write('POST / HTTP/1.1\r\nHost: notices\r\nContent-Length: 100\r\n\r\n{"user":')
    await once(server, 'connect')
    server.end()
    await once(server.resume(), 'close')

    const notice = { user: 'wv:alice@example.com', client: null, msisdn: null, bearer: null, waiting: 1 }
    const answer = await fetch(receiver.url, {
      method: 'POST',
      body: JSON.stringify({ ...notice, client: 'url:phone' }),
    })
    expect(answer.status).toBe(204)
    expect(await receiver.next('wv:alice@example.com', 'url:phone')).toMatchObject({ waiting: 1 })
    await receiver.close()
  })
})
