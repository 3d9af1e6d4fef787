import { isIPv6 } from 'node:net'

/**
 * What counts as one source of login tries. An IPv4 address is one, also when it comes written as IPv6. Of an IPv6
 * address only the first 64 bits count: the rest is the subscriber's to choose, anew for each try if he likes. Other
 * names, such as the sender of a text message, stand for themselves.
 */
export const sourceOf = (address: string): string => {
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return address
  const groups = hexGroups(bare)
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  if (!isMapped)
    return `${groups
      .slice(0, 4)
      .map(group => group.toString(16))
      .join(':')}::/64`
  return groups
    .slice(6)
    .flatMap(group => [group >> 8, group & 0xff])
    .join('.')
}

/** The eight groups of a valid IPv6 address, whichever way it is abbreviated. */
const hexGroups = (address: string): number[] => {
  const [head = '', tail] = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, asGroups).split('::')
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))
  if (tail === undefined) return numbers(head)
  const [before, behind] = [numbers(head), numbers(tail)]
  return [...before, ...new Array<number>(8 - before.length - behind.length).fill(0), ...behind]
}

const asGroups = (_: string, ...octets: string[]): string => {
  const [a, b, c, d] = octets.slice(0, 4).map(Number) as [number, number, number, number]
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}
