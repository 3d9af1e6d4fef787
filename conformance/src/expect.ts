/** The server did not do what a scenario says it must. */
export class Missed extends Error {
  override readonly name = 'Missed'
}

/** A scenario that says nothing about this server: what it needs is something a server may leave out. */
export class Skipped extends Error {
  override readonly name = 'Skipped'
}

export interface Expectation<T> {
  is(wanted: T): void
  isOneOf(wanted: readonly T[]): void
  isNot(unwanted: T): void
  isPresent(): NonNullable<T>
  isAbsent(): void
  /** For numbers. */
  isBetween(least: number, most: number): void
  matches(pattern: RegExp): void
}

/** Begins a sentence: `expect(answer.code, 'the status code').is(200)`. */
export type Expect = <T>(actual: T, what: string) => Expectation<T>

export const miss = (message: string): never => {
  throw new Missed(message)
}

const show = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value instanceof Uint8Array) return `${value.length} octets`
  return JSON.stringify(value) ?? String(value)
}

const isSame = (a: unknown, b: unknown) => Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b)

export const expect: Expect = (actual, what) => {
  const wanted = (text: string): never => miss(`${what} should be ${text}, but is ${show(actual)}`)
  return {
    is: value => void (isSame(actual, value) || wanted(show(value))),
    isOneOf: values => void (values.some(value => isSame(actual, value)) || wanted(values.map(show).join(' or '))),
    isNot: value => void (isSame(actual, value) && wanted(`something else than ${show(value)}`)),
    isPresent: () => actual ?? wanted('there'),
    isAbsent: () => void (actual === undefined || wanted('absent')),
    isBetween: (least, most) =>
      void ((typeof actual === 'number' && actual >= least && actual <= most) || wanted(`${least} to ${most}`)),
    matches: pattern => void ((typeof actual === 'string' && pattern.test(actual)) || wanted(`like ${pattern}`)),
  }
}
