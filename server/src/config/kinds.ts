import { isIP } from 'node:net'
import { z } from 'zod'

/** One setting: what may be written, what holds when nothing is written, and the line of prose a person reads. */
export interface Option<T> {
  readonly schema: z.ZodType<T>
  readonly shape: 'text' | 'number' | 'switch' | 'list'
  /** What may be written, to follow "must be": `a port number from 0 to 65535`. */
  readonly expects: string
  /** A value that is right, as it would be written in TOML. */
  readonly example: string
  readonly about: string
  readonly fallback: T | Derived<T>
  /** The value can hold a password: it is never repeated in a message. */
  readonly secret: boolean
}

/** A default that hangs on another setting; `text` is how the reference names it. */
export interface Derived<T> {
  readonly text: string
  readonly from: (dataFolder: string) => T
}

type Details<T> = Pick<Option<T>, 'schema' | 'shape' | 'expects' | 'example'>

const option = <T>(details: Details<T>, fallback: T | Derived<T>, about: string, secret = false): Option<T> => ({
  ...details,
  schema: details.schema.describe(about),
  fallback,
  about,
  secret,
})

const quoted = (value: string): string => JSON.stringify(value)

/** Text that is not empty: a host, a folder, an address. */
export const text = (fallback: string | Derived<string>, expects: string, example: string, about: string) =>
  option({ schema: z.string().trim().min(1), shape: 'text', expects, example: quoted(example) }, fallback, about)

/** Text that may be left out altogether. */
export const optionalText = (expects: string, example: string, about: string) =>
  option<string | undefined>(
    { schema: z.string().trim().min(1).optional(), shape: 'text', expects, example: quoted(example) },
    undefined,
    about,
  )

/** Text for a System Message, which clients need not show beyond 512 characters (CSP 7.1.1). */
export const optionalNotice = (example: string, about: string) =>
  option<string | undefined>(
    {
      schema: z.string().trim().min(1).max(512).optional(),
      shape: 'text',
      expects: 'a text of at most 512 characters',
      example: quoted(example),
    },
    undefined,
    about,
  )

/** A word that only those who are told it should know. */
export const optionalSecret = (shortest: number, example: string, about: string) =>
  option<string | undefined>(
    {
      schema: z.string().trim().min(shortest).optional(),
      shape: 'text',
      expects: `a text of at least ${shortest} characters`,
      example: quoted(example),
    },
    undefined,
    about,
    true,
  )

/** An address that says by its scheme which store is meant; it can carry a password. */
export const storeAddress = (fallback: Derived<string>, about: string) => {
  const schema = z.string().regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/)
  const expects = 'an address that starts with sqlite: or postgres://'
  return option({ schema, shape: 'text', expects, example: '"sqlite:./data/village.db"' }, fallback, about, true)
}

/** A whole number from `least` to `most`, both allowed. The unit is the last word of the option's name. */
export const count = (fallback: number, least: number, most: number, about: string) => {
  const expects = `a whole number from ${least} to ${most}`
  const schema = z.int().min(least).max(most)
  return option({ schema, shape: 'number', expects, example: String(fallback) }, fallback, about)
}

/** A port that is not opened unless it is set; 0 lets the system choose a free one. */
export const optionalPort = (about: string) => {
  const expects = 'a port number from 0 to 65535'
  const schema = z.int().min(0).max(65_535).optional()
  return option<number | undefined>({ schema, shape: 'number', expects, example: '3717' }, undefined, about)
}

/** The beginning of a URL that others build on: scheme, host and, where it is not the usual one, port. */
export const optionalOrigin = (example: string, about: string) => {
  const schema = z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+\/?$/)
    .optional()
  const expects = 'an address like https://im.example.com, without a path'
  return option<string | undefined>({ schema, shape: 'text', expects, example: quoted(example) }, undefined, about)
}

/** Origins as browsers tell them: scheme, host and, where it is not the usual one, port; none unless some are set. */
export const originList = (example: string, about: string) => {
  const one = z
    .string()
    .trim()
    .regex(/^https?:\/\/[^\s/?#@\\*]+\/?$/i)
    .refine(url => URL.canParse(url))
    .transform(url => new URL(url).origin)
  const expects = 'a list of addresses like https://chat.example.com, without a path'
  return option<readonly string[]>(
    { schema: z.array(one), shape: 'list', expects, example: JSON.stringify([example]) },
    [],
    about,
  )
}

/** Where requests are sent; it may have a path and a query, which can hold a secret. */
export const optionalUrl = (example: string, about: string) => {
  const schema = z
    .string()
    .regex(/^https?:\/\/[^\s/?#@\\]+([/?][^\s#]*)?$/)
    .refine(url => URL.canParse(url))
    .optional()
  const expects = 'an address like https://hooks.example.com/imps, without a user name'
  return option<string | undefined>(
    { schema, shape: 'text', expects, example: quoted(example) },
    undefined,
    about,
    true,
  )
}

/** A TCP port; 0 lets the system choose a free one. */
export const port = (fallback: number, about: string) => count(fallback, 0, 65_535, about)

/** On or off. */
export const toggle = (fallback: boolean, about: string) =>
  option(
    { schema: z.boolean(), shape: 'switch', expects: 'true or false', example: String(!fallback) },
    fallback,
    about,
  )

/** One word of a few. */
export const choice = <const T extends string>(words: readonly [T, ...T[]], fallback: NoInfer<T>, about: string) => {
  const expects = `one of ${words.join(', ')}`
  return option<T>({ schema: z.enum(words), shape: 'text', expects, example: quoted(fallback) }, fallback, about)
}

/** Some words of a few, each once. */
export const choices = <const T extends string>(
  words: readonly [T, ...T[]],
  fallback: readonly NoInfer<T>[],
  about: string,
) => {
  const schema = z.array(z.enum(words)).refine(chosen => new Set(chosen).size === chosen.length)
  const expects = `a list of different words out of ${words.join(', ')}`
  return option<readonly T[]>({ schema, shape: 'list', expects, example: JSON.stringify(words) }, fallback, about)
}

/** Any number of texts; none unless some are set. */
export const textList = (expects: string, example: string, about: string, fallback: readonly string[] = []) => {
  const schema = z.array(z.string().trim().min(1))
  return option<readonly string[]>({ schema, shape: 'list', expects, example }, fallback, about)
}

/** IP addresses, and networks in the form address/bits; none unless some are set. */
export const networkList = (about: string) => {
  const schema = z.array(z.string().trim().refine(isNetwork))
  const expects = 'a list of IP addresses or networks such as 10.0.0.0/8'
  return option<readonly string[]>({ schema, shape: 'list', expects, example: '["10.1.0.0/16"]' }, [], about)
}

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!
  return longest > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest))
}

const domainName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

/** Domain names, at least one, each once; written in any case, kept in lower case. */
export const domainList = (fallback: readonly string[], about: string) => {
  const schema = z
    .array(z.string().trim().toLowerCase().regex(domainName))
    .min(1)
    .refine(names => new Set(names).size === names.length)
  const expects = 'a list of different domain names, at least one'
  return option<readonly string[]>({ schema, shape: 'list', expects, example: '["village.local"]' }, fallback, about)
}

/** A number of days for one domain. */
export interface DomainDays {
  readonly domain: string
  readonly days: number
}

/** Days for some domains, each written as `example.com=30`; none unless some are set. */
export const domainDays = (most: number, about: string) => {
  const one = z.string().trim().toLowerCase().transform(readDomainDays)
  const schema = z
    .array(one.refine(({ domain, days }) => domainName.test(domain) && days <= most))
    .refine(entries => new Set(entries.map(({ domain }) => domain)).size === entries.length)
  const expects = `a list of domain=days, each domain once, with whole numbers of days from 0 to ${most}`
  const example = '["example.com=30", "test.example=0"]'
  return option<readonly DomainDays[]>({ schema, shape: 'list', expects, example }, [], about)
}

/** Text of another form names no domain. */
const readDomainDays = (written: string): DomainDays => {
  const [, domain = '', days] = /^(\S+?)\s*=\s*(\d{1,6})$/.exec(written) ?? []
  return { domain, days: Number(days) }
}
