import { cpus, release, totalmem } from 'node:os'
import type { Figure, Scenario } from './load/bench.ts'
import { median } from './load/percentile.ts'

/** All repetitions of one scenario. */
export interface Result {
  readonly scenario: Pick<Scenario, 'id' | 'title'>
  readonly runs: readonly (readonly Figure[])[]
}

export interface Row {
  readonly scenario: string
  readonly title: string
  readonly figure: string
  readonly median: number
  readonly min: number
  readonly max: number
  /** Of a rate: as a part of what bare node:http does per CPU second. */
  readonly ratio?: number | undefined
  readonly aim?: string | undefined
  readonly isReached?: boolean | undefined
}

export interface Report {
  readonly date: string
  readonly machine: string
  readonly node: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly rows: readonly Row[]
}

export function makeReport(results: readonly Result[], settings: Report['settings']): Report {
  const ceiling = results.find(({ scenario }) => scenario.id === 'r')
  const r = ceiling && median(valuesOf(ceiling, 0))
  return {
    date: new Date().toISOString(),
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    node: process.version,
    settings,
    rows: results.flatMap(result => rowsOf(result, r)),
  }
}

const valuesOf = ({ runs }: Result, figure: number) => runs.map(figures => figures[figure]!.value)

const rowsOf = (result: Result, r: number | undefined): Row[] =>
  (result.runs[0] ?? []).map(({ name, isRate, aim }, index) => {
    const values = valuesOf(result, index)
    const middle = median(values)
    const ratio = isRate && r !== undefined ? middle / r : undefined
    const judged = isRate ? ratio : middle
    return {
      scenario: result.scenario.id,
      title: result.scenario.title,
      figure: name,
      median: middle,
      min: Math.min(...values),
      max: Math.max(...values),
      ratio,
      ...(aim && judged !== undefined && judge(judged, aim, isRate)),
    }
  })

const judge = (value: number, aim: NonNullable<Figure['aim']>, isRate: boolean | undefined) =>
  'atLeast' in aim
    ? { aim: `>= ${aim.atLeast}${isRate ? ' R' : ''}`, isReached: value >= aim.atLeast }
    : { aim: `<= ${aim.atMost}`, isReached: value <= aim.atMost }

/** The table of a report, for people. */
export function asMarkdown({ date, machine, node, rows }: Report): string {
  const lines = [`${date.slice(0, 16).replace('T', ' ')} UTC, ${machine}, Node ${node}`, '']
  let title = ''
  for (const row of rows) {
    if (row.title !== title) {
      title = row.title
      lines.push('', `**${title}**`, '', '| | median (min-max) | ÷ R | aim | |', '| --- | --- | --- | --- | --- |')
    }
    const spread = row.min === row.max ? '' : ` (${short(row.min)}-${short(row.max)})`
    const ratio = row.ratio === undefined ? '' : row.ratio.toFixed(3)
    const verdict = row.isReached === undefined ? '' : row.isReached ? 'reached' : '**missed**'
    lines.push(`| ${row.figure} | ${short(row.median)}${spread} | ${ratio} | ${row.aim ?? ''} | ${verdict} |`)
  }
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
}

const short = (value: number): string =>
  Number.isInteger(value) ? String(value) : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
