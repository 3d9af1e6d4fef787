import { namespaceOf, type Version } from '@village/protocol'
import { miss } from '../expect.ts'
import type { Phone } from '../phone.ts'
import { type Scenario, scenario } from '../scenario.ts'

/** Asks which versions the server speaks; without a proposal, for all. */
const discover = async (phone: Phone, proposed?: readonly string[]) => {
  const names = (of: (version: string) => string) => proposed?.map(of) ?? []
  const list = {
    sessionNsNames: names(it => (it.startsWith('http') ? it : namespaceOf('session', it as Version))),
    transactionNsNames: names(it => (it.startsWith('http') ? it : namespaceOf('transaction', it as Version))),
    presenceAttributeNsNames: names(it => (it.startsWith('http') ? it : namespaceOf('presence', it as Version))),
  }
  const body = proposed === undefined ? {} : { versionList: list }
  const { message } = await phone.send([{ mode: 'Request', primitive: { name: 'VersionDiscoveryRequest', body } }])
  const primitive = message?.transactions[0]?.primitive
  if (primitive?.name !== 'VersionDiscoveryResponse') return miss('the reply is no version discovery response')
  return primitive.body.versionList?.sessionNsNames ?? []
}

const since12 = { since: '1.2' } as const

/** CSP 6.3: a document of its own, outside of sessions. */
export const discovery: readonly Scenario[] = [
  scenario(
    'SAP-S-004',
    '6.3.1',
    'Who proposes no version is told all of them',
    async ({ phone, version, expect }) => {
      const names = await discover(phone())
      expect(names.includes(namespaceOf('session', version)), 'the presence of the version in use').is(true)
    },
    since12,
  ),

  scenario(
    'SAP-S-004',
    '6.3.1',
    'Who proposes versions is told those both sides know',
    async ({ phone, version, expect }) => {
      const names = await discover(phone(), [version, 'http://nobody.example/CSP9.9'])
      expect(names, 'the list').is([namespaceOf('session', version)])
    },
    since12,
  ),

  scenario(
    'SAP-S-004',
    '6.3.1',
    'Who proposes only unknown versions gets an empty list',
    async ({ phone, expect }) => {
      expect(await discover(phone(), ['http://nobody.example/CSP9.9']), 'the list').is([])
    },
    since12,
  ),
]
