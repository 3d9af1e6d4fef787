/** How scalars look as text, in XML and where WBXML carries text (data types of CSP 1.3). */

export const maxInteger = 0xffff_ffff

/** Decimal digits without sign, 0 to 4294967295; undefined for anything else. */
export const parseInteger = (text: string): number | undefined => {
  if (text.length === 0 || text.length > 20) return undefined
  let value = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value <= maxInteger ? value : undefined
}

/** `T` or `F`; lower case is accepted. */
export const parseBool = (text: string): boolean | undefined => {
  if (text === 'T' || text === 't') return true
  if (text === 'F' || text === 'f') return false
  return undefined
}

const basic = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:[.,]\d{1,9})?(Z|[+-]\d\d(?::?\d\d)?)?$/

/**
 * ISO 8601, basic (`20070625T055652Z`) or extended form. Without a zone the time is taken as UTC, since the
 * sender's zone is not known.
 */
export const parseDate = (text: string): Date | undefined => {
  const found = basic.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour, minute, second, zone] = found
  const time = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!)
  const date = new Date(time - zoneMilliseconds(zone ?? 'Z'))
  // Date.UTC carries what is too large over, and takes the years 0 to 99 for others; a leap second may be carried.
  const asRead = new Date(time - (second === '60' ? 1000 : 0))
  const isReal =
    asRead.getUTCFullYear() === +year! &&
    asRead.getUTCMonth() === +month! - 1 &&
    asRead.getUTCDate() === +day! &&
    asRead.getUTCHours() === +hour! &&
    asRead.getUTCMinutes() === +minute!
  return isReal && !Number.isNaN(date.getTime()) ? date : undefined
}

const zoneMilliseconds = (zone: string) => {
  if (zone === 'Z') return 0
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}

/** Basic ISO 8601 in UTC: `20070625T055652Z`. */
export const formatDate = (date: Date): string => `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
