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

const iso = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:[.,]\d{1,9})?(Z|[+-]\d\d(?::?\d\d)?)?$/

/**
 * ISO 8601, basic (`20070625T055652Z`) or extended form. Without a zone the time is taken as UTC, since the
 * sender's zone is not known.
 */
export const parseDate = (text: string): Date | undefined => {
  // Nearly all are written so, and are read without the cost of a regular expression.
  if (text.length === 16 && text[8] === 'T' && text[15] === 'Z') {
    const [year, month, day] = [digits(text, 0, 4), digits(text, 4, 6), digits(text, 6, 8)]
    const [hour, minute, second] = [digits(text, 9, 11), digits(text, 11, 13), digits(text, 13, 15)]
    const time = timeOf(year, month, day, hour, minute, second)
    if (time !== undefined) return dateOf(time)
  }
  const found = iso.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour, minute, second, zone] = found
  const time = timeOf(+year!, +month!, +day!, +hour!, +minute!, +second!)
  return time === undefined ? undefined : dateOf(time - zoneMilliseconds(zone ?? 'Z'))
}

/** A zone or a leap second can carry the last hours of 9999 into a year that cannot be written. */
const afterLast = Date.UTC(10_000, 0, 1)
const dateOf = (time: number): Date | undefined => (time < afterLast ? new Date(time) : undefined)

/** The number written in decimal digits at `text[start, end)`; NaN where there is anything else. */
const digits = (text: string, start: number, end: number): number => {
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Milliseconds since 1970 of a moment of the calendar; years before 100 are none. A leap second is carried. */
const timeOf = (year: number, month: number, day: number, hour: number, minute: number, second: number) => {
  const isDay = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
  const isReal = isDay && hour < 24 && minute < 60 && second <= 60
  return isReal ? Date.UTC(year, month - 1, day, hour, minute, second) : undefined
}

const daysIn = (year: number, month: number): number => {
  if (month !== 2) return 30 + ((month + (month >> 3)) & 1)
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

const zoneMilliseconds = (zone: string) => {
  if (zone === 'Z') return 0
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}

/** Basic ISO 8601 in UTC: `20070625T055652Z`. */
export const formatDate = (date: Date): string => {
  const year = String(date.getUTCFullYear()).padStart(4, '0')
  const [month, day] = [two(date.getUTCMonth() + 1), two(date.getUTCDate())]
  return `${year}${month}${day}T${two(date.getUTCHours())}${two(date.getUTCMinutes())}${two(date.getUTCSeconds())}Z`
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)
