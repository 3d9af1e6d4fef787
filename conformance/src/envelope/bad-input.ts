import { type Reply, theAnswer } from '../answer.ts'
import { type Expect, miss } from '../expect.ts'
import type { Phone } from '../phone.ts'
import { doctypeOf, rawMessage } from '../raw.ts'
import { type Scenario, scenario } from '../scenario.ts'

/** Refused one way or the other: by HTTP where no transaction could be made out, else by a Status (CSP 6.1). */
const isRefused = (reply: Reply) => {
  if (reply.http.status !== 200) {
    if (reply.http.status !== 400) miss(`a malformed message should get HTTP 400, but got ${reply.http.status}`)
    return
  }
  const answer = theAnswer(reply)
  if (answer.as('Status').result.code !== 400) miss(`a malformed message should get 400, but got ${answer.code}`)
}

const isAlive = async (phone: Phone, expect: Expect) =>
  expect((await phone.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer to a good request afterwards').is(
    200,
  )

const xmlOnly = { syntax: 'xml' } as const

/** What the server has to withstand (CSP 6.1, 11.3). */
export const badInput: readonly Scenario[] = [
  scenario('SAP-S-002', '6.1', 'A message that breaks off is refused with 400', async ({ phone, expect }) => {
    const romeo = await phone().online()
    const whole = romeo.write([
      { mode: 'Request', id: '9', primitive: { name: 'KeepAliveRequest', body: { timeToLive: 99 } } },
    ])
    for (const part of [0.2, 0.5, 0.8, 0.95])
      isRefused(await romeo.post(whole.slice(0, Math.floor(whole.length * part))))
    await isAlive(romeo, expect)
  }),

  scenario('', '6.1', 'An empty body is refused', async ({ phone, expect }) => {
    expect((await phone().post('')).http.status, 'the HTTP status').is(400)
  }),

  scenario(
    'SAP-S-002',
    '11.3.1',
    'A request without a mandatory part gets 400',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const answer = theAnswer(await romeo.post(rawMessage(romeo, '<SendMessage-Request/>')))
      answer.as('Status')
      expect(answer.code, 'the status code').is(400)
      await isAlive(romeo, expect)
    },
    xmlOnly,
  ),

  scenario(
    'SAP-S-002',
    '11.3.3',
    'A value of the wrong kind gets 402',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const content = '<KeepAlive-Request><TimeToLive>for ever</TimeToLive></KeepAlive-Request>'
      expect(theAnswer(await romeo.post(rawMessage(romeo, content))).code, 'the status code').is(402)
      await isAlive(romeo, expect)
    },
    xmlOnly,
  ),

  scenario(
    'SAP-S-002',
    '6.1',
    'A primitive nobody knows gets 501',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const answer = theAnswer(await romeo.post(rawMessage(romeo, '<Teleport-Request/>', '44')))
      answer.as('Status')
      expect(answer.code, 'the status code').is(501)
      expect(answer.id, 'the Transaction-ID').is('44')
    },
    xmlOnly,
  ),

  scenario(
    'SAP-S-002',
    '6.1',
    'A primitive that is known and not offered is refused by a Status',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const answer = await romeo.ask({ name: 'GetListRequest', body: {} })
      if (answer.name !== 'GetListResponse') {
        answer.as('Status')
        expect(answer.code, 'the status code').isOneOf([405, 501, 506])
      }
    },
  ),

  scenario('SAP-S-002', '6.7.2', 'A request in a session that never was gets 604', async ({ phone, expect }) => {
    const romeo = phone()
    romeo.sessionId = 'never-was-a-session'
    const answer = await romeo.ask({ name: 'KeepAliveRequest', body: {} })
    romeo.sessionId = undefined
    answer.as('Status')
    expect(answer.code, 'the status code').is(604)
  }),

  scenario('SAP-S-002', '6.2', 'A poll in a session that never was gets 604', async ({ phone, expect }) => {
    const romeo = phone()
    romeo.sessionId = 'never-was-a-session'
    const reply = await romeo.poll()
    romeo.sessionId = undefined
    expect(theAnswer(reply).code, 'the status code').is(604)
  }),

  scenario(
    'SAP-S-002',
    '6.7.2',
    'A request that needs a session and names none gets 604',
    async ({ phone, expect }) => {
      const answer = await phone().ask({ name: 'KeepAliveRequest', body: {} })
      expect(answer.code, 'the status code').is(604)
    },
  ),

  scenario(
    '',
    '6.1',
    'Elements nobody knows are passed over',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const content =
        '<KeepAlive-Request><Vendor xmlns="http://vendor.example/x"><A b="c">1</A></Vendor>' +
        '<TimeToLive>600</TimeToLive><Later/></KeepAlive-Request>'
      const answer = theAnswer(await romeo.post(rawMessage(romeo, content)))
      expect(answer.code, 'the status code').is(200)
    },
    xmlOnly,
  ),

  scenario(
    '',
    '6.1',
    'Elements nested beyond reason are refused',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const deep = `${'<A>'.repeat(20_000)}${'</A>'.repeat(20_000)}`
      isRefused(await romeo.post(rawMessage(romeo, `<KeepAlive-Request>${deep}</KeepAlive-Request>`)))
      await isAlive(romeo, expect)
    },
    xmlOnly,
  ),

  scenario(
    '',
    '6.1',
    'A document type declaration is accepted',
    async ({ phone, version, expect }) => {
      const romeo = await phone().online()
      const prologue = `<?xml version="1.0" encoding="UTF-8"?>\n${doctypeOf(version)}\n`
      const answer = theAnswer(await romeo.post(rawMessage(romeo, '<KeepAlive-Request/>', '5', prologue)))
      expect(answer.code, 'the status code').is(200)
    },
    xmlOnly,
  ),

  scenario(
    'SESSION-S-010',
    '5.2 as Nokia S60 phones write it',
    'The namespace tells the version, whatever the document type says',
    async ({ phone, version, expect }) => {
      const romeo = await phone().online()
      const prologue = `<?xml version="1.0"?>${doctypeOf(version === '1.2' ? '1.1' : '1.2')}`
      const reply = await romeo.post(rawMessage(romeo, '<KeepAlive-Request/>', 'nok1', prologue))
      expect(theAnswer(reply).code, 'the status code').is(200)
      expect(reply.message?.version, 'the version of the answer').is(version)
    },
    xmlOnly,
  ),

  scenario(
    '',
    '6.1',
    'A document type that declares entities is refused',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const prologue =
        '<!DOCTYPE WV-CSP-Message [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
      const content = '<KeepAlive-Request><TimeToLive>&b;</TimeToLive></KeepAlive-Request>'
      const reply = await romeo.post(rawMessage(romeo, content, '6', prologue))
      if (reply.http.status === 200) expect(theAnswer(reply).code, 'the status code').isOneOf([400, 402])
      else expect(reply.http.status, 'the HTTP status').is(400)
      await isAlive(romeo, expect)
    },
    xmlOnly,
  ),
]
