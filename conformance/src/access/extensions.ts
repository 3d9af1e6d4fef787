import { answersIn } from '../answer.ts'
import { miss } from '../expect.ts'
import { type Scenario, scenario } from '../scenario.ts'

const markup = (name: string) => ({
  name,
  attributes: [['xmlns', 'http://nobody.example/extension']] as const,
  children: [{ name: 'Wave', attributes: [], children: ['twice'] }],
})

/** Older clients take every code but 200 for a failure. */
const ignoredIn = (version: string) => (version >= '1.3' ? [200, 203] : [200])
const since12 = { since: '1.2' } as const

/** What others have added to the protocol (CSP 12). */
export const extensions: readonly Scenario[] = [
  scenario(
    '',
    '12.1',
    'An unknown extension block is ignored, and the request carried out',
    async ({ phone, version, expect }) => {
      const romeo = await phone().online()
      const primitive = { name: 'KeepAliveRequest', body: {} } as const
      const reply = await romeo.send([
        { mode: 'Request', id: romeo.nextId(), primitive, extensions: [markup('ExtBlock')] },
      ])
      const answer = answersIn(reply, 'Response')[0] ?? miss('the request should be answered')
      expect(answer.name, 'the answer').is('KeepAliveResponse')
      expect(answer.code, 'the status code').isOneOf(ignoredIn(version))
    },
    since12,
  ),

  scenario(
    '',
    '12.2',
    'A request in an unknown namespace is ignored without an error',
    async ({ phone, version, expect }) => {
      const romeo = await phone().online()
      const answer = await romeo.ask({ name: 'ExtendedRequest', body: markup('Extended-Request') })
      if (answer.name === 'Status') expect(answer.code, 'the status code').isOneOf(ignoredIn(version))
      expect((await romeo.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer afterwards').is(200)
    },
    since12,
  ),
]
