import { isWithin, type Version, versions } from '../schema/kit.ts'
import { type ValueToken, valueTokens } from '../schema/tokens.ts'

/**
 * Value tokens share one number space, so which text a number stands for depends on the version and on the page of
 * the element around it: pages 0x01, 0x03 and 0x0a read the access list, 0x00, 0x04 and 0x05 the presence list, and
 * all of them the common one.
 */
type Scope = ValueToken['scope']

const scopeOfPage = (page: number): Scope =>
  page === 0x01 || page === 0x03 || page === 0x0a ? 'access' : page === 0x00 || page <= 0x05 ? 'presence' : 'common'

interface Tables {
  readonly names: ReadonlyMap<number, string>
  readonly tokens: ReadonlyMap<string, number>
}

const makeTables = (version: Version, scope: Scope): Tables => {
  const names = new Map<number, string>()
  const tokens = new Map<string, number>()
  // Later entries win: first what only other scopes or versions know (read leniently), then what is right here.
  const rank = (entry: ValueToken) =>
    (isWithin(version, entry) ? 4 : 0) + (entry.scope === scope ? 2 : entry.scope === 'common' ? 1 : 0)
  for (const entry of [...valueTokens].sort((a, b) => rank(a) - rank(b))) {
    names.set(entry.token, entry.value)
    if (isWithin(version, entry)) tokens.set(entry.value, entry.token)
  }
  return { names, tokens }
}

const byVersion = Object.fromEntries(
  versions.map(version => [
    version,
    {
      access: makeTables(version, 'access'),
      presence: makeTables(version, 'presence'),
      common: makeTables(version, 'common'),
    },
  ]),
) as Record<Version, Record<Scope, Tables>>

/** The text a value token stands for inside an element of this page; undefined for an unknown token. */
export const nameOfValue = (version: Version, token: number, page: number): string | undefined =>
  byVersion[version][scopeOfPage(page)].names.get(token)

/** The token of a whole text, if it has one in this version. */
export const tokenOfValue = (version: Version, value: string, page: number): number | undefined =>
  byVersion[version][scopeOfPage(page)].tokens.get(value)
