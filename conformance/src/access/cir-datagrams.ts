import { CirChannel } from '../cir-channel.ts'
import { CirPort } from '../cir-port.ts'
import { sendText } from '../messaging/send.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { knockFor, reachable } from './reachable.ts'

/** Registered for WAP pushes without a connection. */
const wapPushPort = 2948
const push = 0x06
/** The well-known number of `application/vnd.wv.csp.cir`. */
const cirType = 0xc6
/** X-Wap-Application-Id: `x-wap-application:wv.ua`. */
const cirApplication = 'af8a'

/** Plays with a port of juliet's; a server that is elsewhere has to be able to reach it. */
async function withPort(stage: Stage, run: (port: CirPort) => Promise<void>, number?: number) {
  const port = (await CirPort.open(number)) ?? stage.skip(`port ${number} is in use here`)
  try {
    await run(port)
  } finally {
    port.close()
  }
}

/** Nothing more has come to a port than what was looked at: a line of its own is the next. */
async function expectSilence(stage: Stage, port: CirPort) {
  port.say('that was all', '127.0.0.1', port.number)
  stage.expect(await port.next('a line of its own'), 'what comes to the port besides').is('that was all')
}

/** Communication initiation by datagrams (CSP 6.2, 6.9.1), to a port of the client's. */
export const cirDatagrams: readonly Scenario[] = [
  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2',
    'A client that asked for datagrams (SUDP) gets one when a message waits',
    stage =>
      withPort(stage, async port => {
        const { juliet } = await reachable(stage, ['SUDP'], { udpPort: port.number })
        const text = stage.unique('Wake up')
        await sendText(await stage.phone().online(), juliet, text)
        stage.expect(await port.next('a CIR'), 'what comes to the port').is(knockFor(juliet))
        await juliet.receiveMessage(text)
        await expectSilence(stage, port)
      }),
  ),

  scenario('SAP-S-003 TRANSP-S-002', '6.2', 'A client that has logged out gets no datagrams any more', stage =>
    withPort(stage, old =>
      withPort(stage, async port => {
        await (await reachable(stage, ['SUDP'], { udpPort: old.number })).juliet.logout()
        const { juliet } = await reachable(stage, ['SUDP'], { udpPort: port.number })
        const text = stage.unique('Wake up')
        await sendText(await stage.phone().online(), juliet, text)
        stage.expect(await port.next('a CIR'), 'what comes to the port').is(knockFor(juliet))
        await juliet.receiveMessage(text)
        await expectSilence(stage, old)
      }),
    ),
  ),

  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.9.1',
    'A client behind a router (UDPPort 0) is found by its HELO, and one with a Session-ID that is none hears nothing',
    stage =>
      withPort(stage, async port => {
        const { juliet, agreed } = await reachable(stage, ['SUDP'], { udpPort: 0 })
        const at = stage.expect(agreed.udpAddress, 'UDPAddress').isPresent()
        const number = stage.expect(agreed.udpPort, 'UDPPort').isPresent()
        port.say(`HELO ${stage.unique('nobody').replaceAll(/\W/g, '')}`, at, number)
        port.say(`HELO ${juliet.sessionId}`, at, number)
        stage.expect(await port.next('OK'), 'the answer to HELO').is('OK')
        const text = stage.unique('Wake up')
        await sendText(await stage.phone().online(), juliet, text)
        stage.expect(await port.next('a CIR'), 'what comes to the port').is(knockFor(juliet))
        await juliet.receiveMessage(text)
      }),
    { since: '1.3' },
  ),

  scenario('SAP-S-003 TRANSP-S-002', '6.9.1', 'Of the agreed ways the first that can be used is used', stage =>
    withPort(stage, async port => {
      const { juliet, agreed } = await reachable(stage, ['STCP', 'SUDP'], { udpPort: port.number })
      stage.expect(agreed.supportedCirMethods, 'the agreed ways').is(['STCP', 'SUDP'])
      const romeo = await stage.phone().online()
      const [first, second] = [stage.unique('Without a channel'), stage.unique('With one')]
      await sendText(romeo, juliet, first)
      stage.expect(await port.next('a CIR'), 'what comes while there is no channel').is(knockFor(juliet))
      await juliet.receiveMessage(first)

      const host = stage.expect(agreed.tcpAddress, 'TCPAddress').isPresent()
      const channel = new CirChannel(host, stage.expect(agreed.tcpPort, 'TCPPort').isPresent())
      try {
        channel.say(`HELO ${juliet.sessionId}`)
        stage.expect(await channel.next('OK'), 'the answer to HELO').is('OK')
        await sendText(romeo, juliet, second)
        stage.expect(await channel.next('a CIR'), 'what comes on the channel').is(knockFor(juliet))
        await juliet.receiveMessage(second)
        await expectSilence(stage, port)
      } finally {
        channel.close()
      }
    }),
  ),

  scenario(
    'SAP-S-003 TRANSP-S-002',
    '6.2',
    'A client that asked for WAP pushes by datagram (WAPUDP) gets one for CIR',
    async stage => {
      const { juliet } = await reachable(stage, ['WAPUDP'])
      const romeo = await stage.phone().online()
      const text = stage.unique('Wake up')
      const play = async (port: CirPort) => {
        await sendText(romeo, juliet, text)
        let came = ''
        // The port is everybody's: what other programs are sent is not meant.
        while (!came.endsWith(knockFor(juliet))) came = (await port.next('a push of CIR')) ?? ''
        const octets = Buffer.from(came, 'latin1')
        const headers = octets.subarray(3, 3 + octets[2]!)
        stage.expect(octets[1], 'the kind of PDU').is(push)
        stage.expect(headers[0], 'the content type').is(cirType)
        stage.expect(headers.subarray(1).toString('hex'), 'the application').is(cirApplication)
        stage.expect(came.slice(3 + headers.length), 'the content').is(knockFor(juliet))
      }
      await withPort(stage, play, wapPushPort)
      await juliet.receiveMessage(text)
    },
  ),
]
