import type { DestinationStream } from 'pino'

/** Turns JSON lines into `14:03:59 WARN  message  field=value`. Values stay in JSON: no line can be forged by one. */
export const prettyStream = (to: DestinationStream): DestinationStream => ({
  write: line => to.write(prettyLine(line)),
})

const prettyLine = (line: string): string => {
  const { time, level, message, error, ...fields } = JSON.parse(line)
  const words = Object.entries(fields).map(([name, value]) => `${name}=${spelled(value)}`)
  const head = `${time.slice(11, 19)} ${level.toUpperCase().padEnd(5)} ${message}`
  return `${[head, ...words].join('  ')}\n${error === undefined ? '' : prettyError(error)}`
}

const spelled = (value: unknown): string => {
  const text = JSON.stringify(value)
  return /^"[\w.:@/+-]+"$/.test(text) ? text.slice(1, -1) : text
}

const prettyError = ({ name, code, message, stack = [], cause }: any): string => {
  const head = [name, code, message && JSON.stringify(message)].filter(Boolean).join(' ')
  const frames = stack.map((frame: string) => `      ${frame}\n`).join('')
  return `    ${head}\n${frames}${cause === undefined ? '' : prettyError(cause)}`
}
