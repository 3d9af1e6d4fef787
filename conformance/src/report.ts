import { type Claim, claimsFrom, type State, shortId } from './claims.ts'
import type { Result } from './run.ts'

/** The results of a run as a page in Markdown: every item of CSP appendix B, and what the server has shown about it. */

const states: readonly State[] = ['passes', 'partly', 'fails', 'not offered', 'not covered']

const groups: readonly (readonly [title: string, prefixes: readonly string[]])[] = [
  ['Services', ['SERV']],
  ['Addresses', ['ADDR']],
  ['Sessions and transactions', ['SESSION', 'TRACT']],
  ['Access', ['SAP', 'LOGOUT', 'NOOP', 'GETSPI', 'CCAPAB']],
  ['Presence', ['PRSE', 'CCLI', 'GETWL']],
  ['Messaging', ['IMSE', 'SETD', 'GETLM', 'NEWM', 'GETM']],
  ['Groups', ['GRSE', 'JOING']],
  ['Transport', ['TRANSP']],
]

export function renderReport(results: readonly Result[], howToUpdate: string): string {
  const claims = claimsFrom(results)
  return [
    '# Conformance',
    '',
    `This page is generated; ${howToUpdate}.`,
    '',
    'It says what the server has shown in a run of the scenarios of `conformance/`, which play phones to it over HTTP and',
    'know nothing of its inside. The items are those of appendix B of OMA IMPS CSP 1.3, described in short words of ours;',
    '`M` is mandatory, `O` optional there. Two more, which some of those need, are of CSP Transport; that is not public, so',
    'they say what CSP itself and the clients in the field expect.',
    '',
    ...summary(claims, results),
    ...groups.flatMap(([title, prefixes]) =>
      section(
        title,
        claims.filter(claim => prefixes.includes(prefixOf(claim))),
      ),
    ),
    ...listOfScenarios(results),
    '',
  ].join('\n')
}

const prefixOf = ({ item }: Claim) => shortId(item.id).split('-')[0]!

function summary(claims: readonly Claim[], results: readonly Result[]): string[] {
  const count = (state: State, isMandatory: boolean) =>
    claims.filter(claim => claim.state === state && claim.item.isMandatory === isMandatory).length
  const rows = states.map(
    state =>
      `| ${state} | ${count(state, true)} | ${count(state, false)} | ${count(state, true) + count(state, false)} |`,
  )
  const played = new Set(results.map(({ scenario }) => scenario.title)).size
  const spoken = [...new Set(results.map(({ version, syntax }) => `${version} ${syntax.toUpperCase()}`))]
  const outcomes = (['passed', 'failed', 'skipped'] as const).map(
    it => `${results.filter(({ outcome }) => outcome === it).length} ${it}`,
  )
  return [
    '## Summary',
    '',
    '| | mandatory | optional | all |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
    `| **items** | ${claims.filter(({ item }) => item.isMandatory).length} | ${claims.filter(({ item }) => !item.isMandatory).length} | ${claims.length} |`,
    '',
    `${played} scenarios, played in ${spoken.join(', ')} where they apply: ${outcomes.join(', ')}.`,
    '',
    '- **passes**: every scenario about the item passed, and the items it needs pass as well.',
    '- **partly**: its scenarios passed, but an item it needs does not pass, or a part of it is not looked at.',
    '- **not offered**: the server leaves it out, as it may.',
    '- **not covered**: no scenario is about it yet.',
    '',
  ]
}

const section = (title: string, claims: readonly Claim[]): string[] => [
  `## ${title}`,
  '',
  '| Item | | Clause | Required | State | Missing |',
  '| --- | --- | --- | --- | --- | --- |',
  ...claims.map(
    ({ item, state, because }) =>
      `| ${shortId(item.id)} | ${item.isMandatory ? 'M' : 'O'} | ${item.clause} | ${item.requires} | ${state} | ${because.join('; ')} |`,
  ),
  '',
]

function listOfScenarios(results: readonly Result[]): string[] {
  const byTitle = Map.groupBy(results, ({ scenario }) => scenario.title)
  const rows = [...byTitle.values()].map(all => {
    const { clause, title, items } = all[0]!.scenario
    const worst = (['failed', 'skipped', 'passed'] as const).find(it => all.some(({ outcome }) => outcome === it))
    return `| ${clause} | ${title} | ${items.map(shortId).join(', ')} | ${worst} |`
  })
  return ['## Scenarios', '', '| Clause | What is true | Items | |', '| --- | --- | --- | --- |', ...rows]
}
