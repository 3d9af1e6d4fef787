import { theAnswer } from '../answer.ts'
import type { Phone } from '../phone.ts'
import { type Scenario, scenario } from '../scenario.ts'

/** As some gateways of mobile networks tell a phone's number. */
const numberHeader = 'MSISDN'
const [caller, other] = ['+358401234567', '+358409876543']
const mostLogins = 9

/** Whom an operator does not let in (CSP 6.4, 6.4.5); servers without such a policy have nothing to show. */
export const loginPolicies: readonly Scenario[] = [
  scenario(
    'SAP-S-006 SAP-S-007',
    '6.4.5',
    'Where only digests are taken a password gets 401, and a nonce with it',
    async ({ phone, expect, skip }) => {
      const romeo = phone()
      const refused = await romeo.login()
      if (refused.code === 200) skip('the server takes passwords')
      expect(refused.code, 'the answer to the password').is(401)
      const { sessionId, nonce, digestSchema } = refused.as('LoginResponse')
      expect(sessionId, 'the Session-ID').isAbsent()
      const schema = expect(digestSchema, 'the schema').isPresent()
      const digestBytes = romeo.digest(expect(nonce, 'the nonce').isPresent(), schema)
      expect((await romeo.login({ password: undefined, digestBytes })).code, 'the answer to the digest').is(200)
    },
  ),

  scenario(
    'SAP-S-006',
    '6.4.5',
    'An application that may not log in gets 515',
    async ({ phone, expect, skip }) => {
      const refused = await phone().login({ applicationId: 'Forbidden1.0' })
      if (refused.code === 200) skip('the server lets the application in')
      expect(refused.code, 'the answer').is(515)
      expect(refused.as('LoginResponse').sessionId, 'the Session-ID').isAbsent()
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-005 SAP-S-006',
    '5.1.3',
    'A login beyond the number of sessions that a user may have gets 610, and the others go on',
    async ({ phone, expect, skip }) => {
      const open: Phone[] = []
      for (let count = 1; count <= mostLogins; count++) {
        const next = phone()
        const { code } = await next.login()
        if (code === 200) {
          open.push(next)
          continue
        }
        expect(code, `the answer to login ${count}`).is(610)
        expect(open.length >= 2, 'two sessions or more').is(true)
        for (const one of open)
          expect((await one.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer in an open session').is(200)
        return
      }
      skip(`the server lets a user have ${mostLogins} sessions`)
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-006',
    '6.4.3',
    'A phone that says it is another than the network says gets 902',
    async ({ phone, accounts, expect, skip }) => {
      const romeo = phone()
      const userId = accounts.romeo.userId.replace(/^wv:[^@]*/, `wv:${other}`)
      const primitive = { name: 'LoginRequest', body: romeo.loginBody({ userId }) } as const
      const request = romeo.write([{ mode: 'Request', id: romeo.nextId(), primitive }])
      const answer = theAnswer(await romeo.post(request, { [numberHeader]: caller }))
      if (answer.code !== 902) skip('the server does not believe the number that comes from here')
      expect(answer.as('LoginResponse').sessionId, 'the Session-ID').isAbsent()
    },
  ),
]
