const table = /^\s*\[([^[\]]+)\]\s*(#.*)?$/
const assignment = /^\s*([A-Za-z0-9_."' -]+?)\s*=/

/**
 * Finds the line on which each key of a TOML text is written, counted from 1. The TOML reader tells no positions; this
 * reads headers and `key =` at the start of a line, which is how people write settings. A key it does not see (inside
 * an inline table) is simply reported without its line.
 */
export const keyLines = (content: string): ReadonlyMap<string, number> => {
  const lines = new Map<string, number>()
  let prefix = ''
  for (const [index, line] of content.split('\n').entries()) {
    const header = table.exec(line.trimEnd())?.[1]
    if (header !== undefined) {
      prefix = `${plain(header)}.`
      lines.set(plain(header), index + 1)
      continue
    }
    const key = assignment.exec(line)?.[1]
    if (key !== undefined) lines.set(prefix + plain(key), index + 1)
  }
  return lines
}

const plain = (key: string): string =>
  key
    .split('.')
    .map(part => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .join('.')
