import { contentTypeOf } from '@village/protocol'
import { theAnswer } from '../answer.ts'
import type { Phone } from '../phone.ts'
import { type Scenario, scenario } from '../scenario.ts'

const keepAlive = (phone: Phone) =>
  phone.write([{ mode: 'Request', id: '7', primitive: { name: 'KeepAliveRequest', body: {} } }])

/** The HTTP binding (CSP Trans), and how phones use it. */
export const http: readonly Scenario[] = [
  scenario('', 'CSP Trans, HTTP', 'Errors of CSP are told with HTTP 200', async ({ phone, expect }) => {
    const { reply } = await phone().login({ password: 'not the password' })
    expect(reply.http.status, 'the HTTP status').is(200)
  }),

  scenario('', 'CSP Trans, HTTP', 'Every answer states its length', async ({ phone, expect }) => {
    const romeo = await phone().online()
    const { http: reply } = (await romeo.ask({ name: 'KeepAliveRequest', body: {} })).reply
    expect(reply.headers['content-length'], 'Content-Length').is(String(reply.body.length))
  }),

  scenario(
    'SESSION-S-009',
    'CSP Trans, HTTP',
    'All media types of a syntax are understood, and answered in kind',
    async stage => {
      const romeo = await stage.phone().online()
      const { syntax } = stage
      for (const type of [
        ...[contentTypeOf(syntax, '1.2'), contentTypeOf(syntax, '1.3')],
        ...[`${contentTypeOf(syntax, stage.version)}; charset=utf-8`, contentTypeOf(syntax, '1.1').toUpperCase()],
      ]) {
        const reply = await romeo.post(keepAlive(romeo), { 'Content-Type': type })
        stage.expect(theAnswer(reply).code, `the answer to ${type}`).is(200)
        const [asked, got] = [type, reply.http.headers['content-type'] ?? ''].map(it =>
          it.split(';', 1)[0]!.toLowerCase(),
        )
        stage.expect(got, 'the media type of the answer').is(asked)
      }
    },
  ),

  scenario(
    '',
    'CSP Trans, HTTP, as Movistar clients use it',
    'A client that asks first is told to continue',
    async stage => {
      const romeo = await stage.phone().online()
      const type = contentTypeOf(stage.syntax, stage.version)
      const headers = { 'Content-Type': type, Expect: '100-continue' }
      const { http: reply } = await romeo.http({ headers, body: keepAlive(romeo) })
      stage.expect(reply.hasContinued, 'that 100 Continue was sent').is(true)
      stage.expect(reply.status, 'the HTTP status').is(200)
    },
  ),

  scenario('', 'CSP Trans, HTTP', 'Only POST is answered', async ({ phone, expect }) => {
    const { http: reply } = await phone().http({ method: 'GET' })
    expect(reply.status, 'the HTTP status').is(405)
  }),

  scenario('', 'CSP Trans, HTTP', 'Other media types than those of CSP get 415', async ({ phone, expect }) => {
    const { http: reply } = await phone().http({ headers: { 'Content-Type': 'image/png' }, body: 'x' })
    expect(reply.status, 'the HTTP status').is(415)
  }),

  scenario(
    '',
    'CSP Trans, HTTP',
    'A body that is far too long gets 413 before it is sent',
    async ({ phone, syntax, version, expect }) => {
      const headers = { 'Content-Type': contentTypeOf(syntax, version), 'Content-Length': String(2 ** 30) }
      const { http: reply } = await phone().http({ headers, withholdBody: true })
      expect(reply.status, 'the HTTP status').is(413)
    },
  ),
]
