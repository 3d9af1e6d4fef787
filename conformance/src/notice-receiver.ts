import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pause } from './phone.ts'

/** What a server posts for a user who is not logged in, as docs/operating.md describes it. */
export interface Notice {
  readonly user: string
  readonly client: string | null
  readonly msisdn: string | null
  readonly bearer: string | null
  readonly waiting: number
}

/** In place of a gateway for SMS: it hears what users would be sent who are not logged in. */
export interface NoticeReceiver {
  /** Where the server has to post. */
  readonly url: string
  /** The next notice for a client of a user, its key as the server writes it; undefined where none comes in time. */
  next(user: string, client: string, patienceMilliseconds?: number): Promise<Notice | undefined>
  close(): Promise<void>
}

const longestNotice = 4096
const mostKept = 1000
const lookMilliseconds = 20

/** @param port of this machine, on loopback; 0 takes any free one */
export async function receiveNotices(port = 0): Promise<NoticeReceiver> {
  const notices: Notice[] = []
  const server = createServer(async (request, response) => {
    const notice = await readNotice(request)
    if (notice !== undefined) notices.push(notice)
    if (notices.length > mostKept) notices.shift()
    response.writeHead(notice === undefined ? 400 : 204).end()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async next(user, client, patienceMilliseconds = 5000) {
      const until = Date.now() + patienceMilliseconds
      for (;;) {
        const index = notices.findIndex(notice => notice.user === user && notice.client === client)
        if (index >= 0) return notices.splice(index, 1)[0]
        if (Date.now() > until) return undefined
        await pause(lookMilliseconds)
      }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** undefined for what is no notice, or was broken off. */
async function readNotice(request: IncomingMessage): Promise<Notice | undefined> {
  try {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) if (text.length <= longestNotice) text += chunk
    const read: unknown = text.length <= longestNotice ? JSON.parse(text) : undefined
    return typeof read === 'object' && read !== null ? (read as Notice) : undefined
  } catch {
    return undefined
  }
}
