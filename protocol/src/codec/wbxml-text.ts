const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 as text; undefined if it is not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** Sixteen octets below 0x80 as text: more at once cost less than a loop or an array of arguments. */
// biome-ignore format: two lines of eight
const sixteen = (b: Uint8Array, i: number): string =>
  String.fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!,
    b[i + 8]!, b[i + 9]!, b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!)

/** Octets below 0x80 as text: short ones without the detour over a decoder, which costs more than they do. */
export const readAscii = (bytes: Uint8Array, start: number, end: number): string => {
  const length = end - start
  if (length > 32 || start + 32 > bytes.length) return utf8.decode(bytes.subarray(start, end))
  if (length <= 16) return sixteen(bytes, start).slice(0, length)
  return sixteen(bytes, start) + sixteen(bytes, start + 16).slice(0, length - 16)
}

/**
 * The six octets of a WBXML date: two zero bits, year 12, month 4, day 5, hour 5, minute 6, second 6 bits, then
 * a zone letter (`Z`, or none, taken as UTC).
 */
export const unpackDate = (bytes: Uint8Array): Date | undefined => {
  if (bytes.length !== 6) return undefined
  const [a, b, c, d, e] = bytes as unknown as [number, number, number, number, number]
  const year = (a << 6) | (b >> 2)
  const month = ((b & 3) << 2) | (c >> 6)
  const day = (c >> 1) & 31
  const hour = ((c & 1) << 4) | (d >> 4)
  const minute = ((d & 15) << 2) | (e >> 6)
  const second = e & 63
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const isReal = month >= 1 && month <= 12 && date.getUTCDate() === day && date.getUTCHours() === hour
  return isReal ? date : undefined
}
