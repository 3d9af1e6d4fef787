import { connect } from 'node:net'
import { type AgreedCapabilityList, decode } from '@village/protocol'
import { Connection } from './connection.ts'
import type { WakeMethod } from './language.ts'
import type { Phone } from './phone.ts'
import type { Subject } from './subject.ts'

/** Fetches what waits. */
type OnKnock = () => Promise<void>
/** Listens as a client does that agreed to be woken so; resolves, to how to stop, when it would be told of everything. */
type Listen = (phone: Phone, subject: Subject, onKnock: OnKnock) => Promise<() => void>

export const listenBy: Record<WakeMethod, Listen> = {
  STCP: (phone, _, onKnock) =>
    new Promise((resolve, reject) => {
      const socket = connect({ port: agreedBy(phone).tcpPort!, host: '127.0.0.1', noDelay: true })
      socket.on('error', reject)
      socket.setEncoding('latin1')
      // Lines are short and come one at a time here, so none is ever cut in two.
      socket.on('data', (lines: string) => {
        if (lines.startsWith('OK')) resolve(() => socket.destroy())
        if (lines.includes('WVCI')) onKnock()
      })
      socket.write(`HELO ${phone.sessionId}\r\n`)
    }),

  SHTTP: async (phone, subject, onKnock) => {
    const line = new Connection(subject)
    const { pathname } = new URL(agreedBy(phone).cirHttpAddress!)
    const ask = () =>
      line.post(`GET ${pathname} HTTP/1.1\r\nHost: bench\r\n\r\n`, () => {
        onKnock().then(ask)
      })
    ask()
    return () => line.close()
  },
}

const agreedBy = ({ agreed }: Phone): AgreedCapabilityList => {
  const { primitive } = decode(Buffer.from(agreed, 'latin1')).transactions[0]!
  if (primitive?.name !== 'ClientCapabilityResponse') throw new Error('Capabilities were not agreed on')
  return primitive.body.agreedCapabilityList
}
