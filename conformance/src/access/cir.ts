import { CirChannel } from '../cir-channel.ts'
import { createHttpClient } from '../http.ts'
import { sendText } from '../messaging/send.ts'
import { type Phone, pause } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { knockFor, reachable } from './reachable.ts'

/** Juliet, who can be woken by STCP, and her way to connect. */
async function connected(stage: Stage, run: (juliet: Phone, open: () => CirChannel) => Promise<void>) {
  const { juliet, agreed } = await reachable(stage, ['STCP'])
  const host = stage.expect(agreed.tcpAddress, 'TCPAddress').isPresent()
  const port = stage.expect(agreed.tcpPort, 'TCPPort').isPresent()
  const channels: CirChannel[] = []
  try {
    await run(juliet, () => {
      const channel = new CirChannel(host, port)
      channels.push(channel)
      return channel
    })
  } finally {
    for (const channel of channels) channel.close()
  }
}

/** Communication initiation: how a client that does not poll learns that it should (CSP 6.2). */
export const cir: readonly Scenario[] = [
  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2',
    'A client on an STCP channel is told of a message, and told nothing else',
    stage =>
      connected(stage, async (juliet, open) => {
        const romeo = await stage.phone().online()
        const channel = open()
        channel.say(`HELO ${juliet.sessionId}`)
        stage.expect(await channel.next('OK'), 'the answer to HELO').is('OK')
        const text = stage.unique('Wake up')
        await sendText(romeo, juliet, text)
        stage.expect(await channel.next('a CIR'), 'what comes on the channel').is(knockFor(juliet))
        await juliet.receiveMessage(text)
        channel.say('PING')
        stage.expect(await channel.next('OK'), 'the answer to PING').is('OK')
      }),
  ),

  scenario('SAP-S-003 TRANSP-S-002', '6.2', 'What waited before an STCP channel was there is announced on it', stage =>
    connected(stage, async (juliet, open) => {
      const text = stage.unique('Early')
      await sendText(await stage.phone().online(), juliet, text)
      const channel = open()
      channel.say(`HELO ${juliet.sessionId}`)
      stage.expect(await channel.next('OK'), 'the answer to HELO').is('OK')
      stage.expect(await channel.next('a CIR'), 'what comes on the channel').is(knockFor(juliet))
      await juliet.receiveMessage(text)
    }),
  ),

  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2',
    'A HELO with a Session-ID that is none closes the STCP channel without a word',
    stage =>
      connected(stage, async (_, open) => {
        const channel = open()
        channel.say(`HELO ${stage.unique('nobody').replaceAll(/\W/g, '')}`)
        stage.expect(await channel.next('the end'), 'what comes on the channel').is(undefined)
      }),
  ),

  scenario('SAP-S-003 TRANSP-S-002', '6.2', 'A logout closes the STCP channel', stage =>
    connected(stage, async (juliet, open) => {
      const channel = open()
      channel.say(`HELO ${juliet.sessionId}`)
      stage.expect(await channel.next('OK'), 'the answer to HELO').is('OK')
      await juliet.logout()
      stage.expect(await channel.next('the end'), 'what comes on the channel').is(undefined)
    }),
  ),

  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2',
    'A client that asks by SHTTP is told of a message with 200, and with another status while nothing waits',
    async stage => {
      const { juliet, agreed } = await reachable(stage, ['SHTTP'])
      const client = createHttpClient(stage.expect(agreed.cirHttpAddress, 'the address to ask at').isPresent())
      const ask = async () => (await client.exchange({ method: 'GET' })).status
      try {
        const romeo = await stage.phone().online()
        const text = stage.unique('Wake up')
        const asked = ask()
        await pause(50)
        await sendText(romeo, juliet, text)
        // Servers may hold the question or answer it at once; what waits is told by the next at the latest.
        const first = await asked
        stage.expect(first === 200 ? first : await ask(), 'the status while a message waits').is(200)
        await juliet.receiveMessage(text)
        await juliet.logout()
        stage.expect((await ask()) === 200, 'whether a session that has ended is told of anything').is(false)
      } finally {
        client.close()
      }
    },
    { since: '1.2' },
  ),
]
