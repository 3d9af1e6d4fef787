/** Octets of the longest line that is read. */
const longestLine = 512

/**
 * Cuts what arrives into lines, which end with CR LF or LF alone.
 * @returns the lines, or undefined where one is too long to be worth reading
 */
export const makeLineReader = () => {
  let rest = ''
  return (octets: Buffer): string[] | undefined => {
    const lines = (rest + octets.toString('latin1')).split('\n')
    rest = lines.pop()!
    if (rest.length > longestLine || lines.some(line => line.length > longestLine)) return undefined
    return lines.map(line => line.trim())
  }
}

/** The Session-ID of a HELO, however that is written; undefined for any other line. */
export const idInHello = (line: string): string | undefined => /^HELO +(\S+)$/i.exec(line)?.[1]
