import { cpus, release, totalmem } from 'node:os'
import type { Figure, Scenario } from './load/bench.ts'
import { median } from './load/percentile.ts'

/** One repetition of a scenario. */
export interface Run {
  readonly figures: readonly Figure[]
  /** What bare node:http did per CPU second about then. */
  readonly r: number
}

/** All repetitions of one scenario. */
export interface Result {
  readonly scenario: Pick<Scenario, 'id' | 'title'>
  readonly runs: readonly Run[]
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

/** @param readings of R, in requests per CPU second */
export function makeReport(
  results: readonly Result[],
  readings: readonly number[],
  settings: Report['settings'],
): Report {
  return {
    date: new Date().toISOString(),
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    node: process.version,
    settings,
    rows: [rowOfR(readings), ...results.flatMap(rowsOf)],
  }
}

const rowOfR = (readings: readonly number[]): Row => ({
  scenario: 'r',
  title: 'R: bare node:http, 600 octets answered with 400',
  figure: 'requests per CPU second',
  ...spread(readings),
  ratio: 1,
})

const rowsOf = ({ scenario, runs }: Result): Row[] =>
  (runs[0]?.figures ?? []).map(({ name, isRate, aim }, index) => {
    const values = runs.map(({ figures }) => figures[index]!.value)
    // Each by the R of its own minute: how fast the machine is changes more than how much of it a server makes.
    const ratio = isRate ? median(runs.map(({ r }, run) => values[run]! / r)) : undefined
    return {
      scenario: scenario.id,
      title: scenario.title,
      figure: name,
      ...spread(values),
      ratio,
      ...(aim && judge(ratio ?? median(values), aim, isRate)),
    }
  })

const spread = (values: readonly number[]) => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
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
