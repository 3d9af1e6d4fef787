/**
 * Everything a log line may carry beside its message. What is not in this list is dropped, so that a new field is
 * printed only after somebody has asked whether it can hold a secret. Passwords, digests, nonces, session ids, cookies
 * and content have no place here.
 */
export interface LogFields {
  readonly component?: string | undefined
  readonly node?: string | undefined
  readonly userId?: string | undefined
  readonly clientId?: string | undefined
  readonly domain?: string | undefined
  readonly primitive?: string | undefined
  readonly transactionId?: string | undefined
  readonly messageId?: string | undefined
  readonly groupId?: string | undefined
  readonly version?: string | undefined
  readonly encoding?: string | undefined
  readonly transport?: string | undefined
  readonly source?: string | undefined
  readonly status?: number | undefined
  readonly reason?: string | undefined
  readonly incidentId?: string | undefined
  readonly durationMs?: number | undefined
  readonly retryAfterMs?: number | undefined
  readonly bytes?: number | undefined
  readonly count?: number | undefined
  readonly limit?: number | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly path?: string | undefined
  readonly method?: string | undefined
  readonly option?: string | undefined
  readonly keyId?: string | undefined
  readonly migration?: string | number | undefined
  readonly signal?: string | undefined
  readonly error?: unknown
}

/** The same list for the running program; the type makes the two agree. */
const printable: { readonly [name in keyof Required<LogFields>]: true } = {
  component: true,
  node: true,
  userId: true,
  clientId: true,
  domain: true,
  primitive: true,
  transactionId: true,
  messageId: true,
  groupId: true,
  version: true,
  encoding: true,
  transport: true,
  source: true,
  status: true,
  reason: true,
  incidentId: true,
  durationMs: true,
  retryAfterMs: true,
  bytes: true,
  count: true,
  limit: true,
  host: true,
  port: true,
  path: true,
  method: true,
  option: true,
  keyId: true,
  migration: true,
  signal: true,
  error: true,
}

const longestText = 300

/** The printable part of some fields: known names, plain values, nothing nested, long text cut. */
export const printableFields = (fields: LogFields): Record<string, unknown> => {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(printable, name)) continue
    if (name === 'error') kept.error = describeError(value)
    else if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value
    else if (typeof value === 'string') kept[name] = value.slice(0, longestText)
  }
  return kept
}

/** What may be told of a failure: its kind and its place always, its message only where that cannot quote data. */
const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code } = error as NodeJS.ErrnoException
  const kept: Record<string, unknown> = { name: error.name }
  if (typeof code === 'string') kept.code = code
  if (quotesNoData(error)) kept.message = error.message.slice(0, longestText)
  const frames = error.stack?.split('\n').filter(line => /^\s+at /.test(line))
  if (frames !== undefined) kept.stack = frames.slice(0, 20).map(frame => frame.trim())
  if (error.cause !== undefined) kept.cause = describeError(error.cause)
  return kept
}

/**
 * The engine's own complaints name code, the system's name calls and paths, SQLite's name tables and columns. Others
 * quote what they were given: JSON.parse its input, node's argument checks the value, PostgreSQL a column's content.
 */
const quotesNoData = (error: Error): boolean => {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall !== undefined || code === 'ERR_SQLITE_ERROR') return true
  return code === undefined && [TypeError, RangeError, ReferenceError].some(kind => error.constructor === kind)
}
