import type { Result } from './run.ts'

/** The titles in a list of known failures: one a line; empty lines and those that begin with # are for the reader. */
export const readKnownFailures = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '' && !line.startsWith('#')),
  )

export interface Verdict {
  readonly failures: readonly Result[]
  /** Listed as failing, and did not fail: the list has to be shortened. */
  readonly surprises: readonly string[]
}

/** Compares a run with what is known to fail: news are bad in both directions. */
export function judge(results: readonly Result[], known: ReadonlySet<string>): Verdict {
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  const titles = new Set(failed.map(({ scenario }) => scenario.title))
  return {
    failures: failed.filter(({ scenario }) => !known.has(scenario.title)),
    surprises: [...known].filter(title => !titles.has(title)),
  }
}

/** A failed scenario for the person who has to find out why. */
export const tellFailure = ({ scenario, version, syntax, reason, transcript }: Result): string =>
  [
    `${scenario.title}  [${version} ${syntax}]`,
    `  CSP ${scenario.clause}${scenario.items.length > 0 ? `, ${scenario.items.join(', ')}` : ''}`,
    `  ${reason}`,
    '',
    (transcript ?? '').replace(/^/gm, '  '),
  ].join('\n')
