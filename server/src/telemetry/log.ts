import { type DestinationStream, type Logger, pino } from 'pino'
import { type LogFields, printableFields } from './log-fields.ts'
import { prettyStream } from './pretty.ts'

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

/**
 * The server's log. Messages are fixed sentences; whatever varies goes into fields, of which only the harmless ones
 * are printed.
 */
export interface Log {
  fatal(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  trace(message: string, fields?: LogFields): void
  /** A log whose lines all carry these fields too. */
  child(fields: LogFields): Log
}

interface LogOptions {
  readonly level: LogLevel
  /** Lines for people instead of JSON. */
  readonly pretty?: boolean | undefined
  /** Where lines go; standard output unless given. */
  readonly to?: DestinationStream | undefined
}

export const createLog = ({ level, pretty = false, to = process.stdout }: LogOptions): Log => {
  const options = { level, base: null, messageKey: 'message', timestamp: pino.stdTimeFunctions.isoTime }
  const formatters = { level: (label: string) => ({ level: label }) }
  return wrap(pino({ ...options, formatters }, pretty ? prettyStream(to) : to))
}

/** A log that says nothing, for tests and tools. */
export const silentLog = (): Log => createLog({ level: 'silent' })

const wrap = (logger: Logger): Log => {
  const at =
    (level: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields?: LogFields): void => {
      if (!logger.isLevelEnabled(level)) return
      if (fields === undefined) logger[level](message)
      else logger[level](printableFields(fields), message)
    }
  return {
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    child: fields => wrap(logger.child(printableFields(fields))),
  }
}
