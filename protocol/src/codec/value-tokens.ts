import { isWithin, type Version, versions } from '../schema/kit.ts'
import { type Scope, scopeOf, type ValueToken, valueTokens } from '../schema/tokens.ts'

interface Tables {
  readonly names: ReadonlyMap<number, string>
  readonly tokens: ReadonlyMap<string, number>
}

const makeTables = (version: Version, scope: Scope): Tables => {
  const isRight = (entry: ValueToken) => isWithin(version, entry) && (entry.scope === scope || entry.scope === 'common')
  // Later entries win: first what only other scopes or versions know (read leniently), then what is right here.
  const rank = (entry: ValueToken) =>
    (isWithin(version, entry) ? 4 : 0) + (entry.scope === scope ? 2 : entry.scope === 'common' ? 1 : 0)
  const entries = [...valueTokens].sort((a, b) => rank(a) - rank(b))
  const names = new Map(entries.map(({ token, value }) => [token, value]))
  // Written is only what this reader, and one that keeps to the scopes, reads back as the same.
  const written = entries.filter(entry => isRight(entry) && names.get(entry.token) === entry.value)
  return { names, tokens: new Map(written.map(({ token, value }) => [value, token])) }
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
  byVersion[version][scopeOf(page)].names.get(token)

/** The tokens of whole texts in this version, inside an element of this page. */
export const tokensOfValues = (version: Version, page: number): ReadonlyMap<string, number> =>
  byVersion[version][scopeOf(page)].tokens
