import type { MessageInput, Syntax, TransactionInput } from '../src/codec/message.ts'
import { catalogue, type PrimitiveName } from '../src/schema/catalogue.ts'
import { type Element, type Form, isWithin, type Markup, type Part, type Version, versions } from '../src/schema/kit.ts'
import { SegmentInfo } from '../src/schema/segments.ts'
import { valueTokens } from '../src/schema/tokens.ts'
import type { Random } from './random.ts'

/**
 * Random values of the language, drawn from the schema: whatever it says may stand in a version can come out. Where a
 * version writes a part in an older form, the value is made through that form, so that the version can say all of it.
 */
export interface SampleOptions {
  /** Content as octets, which XML can only carry as text. */
  readonly octets?: boolean | undefined
}

/** A document of its own, which is marked as 1.3 whatever it speaks of (CSP 6.3). */
const isBare = (name: PrimitiveName) => (catalogue[name] as { document?: true }).document === true

/** The versions a primitive exists in. */
const versionsOf = (name: PrimitiveName): Version[] =>
  versions.filter(version => isWithin(version, catalogue[name]) && (!isBare(name) || version === '1.3'))

const primitiveNames = Object.keys(catalogue) as PrimitiveName[]

/** Every primitive in every version that has it. */
export const everyPrimitive = primitiveNames.flatMap(name => versionsOf(name).map(version => ({ name, version })))

export class Sampler {
  private readonly random: Random
  private readonly version: Version
  private readonly options: SampleOptions

  constructor(random: Random, version: Version, options: SampleOptions = {}) {
    this.random = random
    this.version = version
    this.options = options
  }

  message(name: PrimitiveName, syntax: Syntax): MessageInput {
    const { random, version } = this
    if (isBare(name)) {
      const primitive = { name, body: this.element(catalogue[name].element) } as TransactionInput['primitive']
      return {
        version,
        syntax,
        transactions: [{ mode: name.endsWith('Response') ? 'Response' : 'Request', primitive }],
      }
    }
    return {
      version,
      syntax,
      sessionId: random.chance(0.8) ? this.text(1) : undefined,
      transactions: random.times(1, 2, () => this.transaction(name)),
      poll: random.chance(0.3) ? random.chance(0.5) : undefined,
      cir: version > '1.1' && random.chance(0.3) ? random.chance(0.5) : undefined,
    }
  }

  private transaction(name: PrimitiveName): TransactionInput {
    const { random, version } = this
    return {
      mode: random.pick(['Request', 'Response'] as const),
      id: random.chance(0.9) ? this.text(1) : undefined,
      primitive: { name, body: this.element(catalogue[name].element) } as TransactionInput['primitive'],
      segment: version === '1.3' && random.chance(0.2) ? (this.element(SegmentInfo) as never) : undefined,
      extensions: version > '1.1' ? random.times(0, random.chance(0.2) ? 2 : 0, () => this.markup('ExtBlock')) : [],
    }
  }

  /** A value of an element, as a reader returns it. */
  element(element: Element, depth = 0): unknown {
    if (element.kind) return this.scalar(element)
    if (element.items) return this.many(element.items, depth)
    const chosen = this.choose(element)
    const value: Record<string, unknown> = {}
    for (const [key, part] of Object.entries(element.parts!))
      if (chosen.has(key)) value[key] = this.part(part, depth + 1)
      else value[key] = isList(part) ? [] : undefined
    return this.shape(element, value)
  }

  private shape({ facts: { reshape } }: Element, value: unknown): unknown {
    if (!reshape) return value
    const shaped = reshape.up(value)
    // What an older version has less room for is reduced by writing it; an element that is always shaped otherwise
    // than its parts offers the parts of all versions on the way down, which are not to be read together.
    const isOlder = reshape.until < '1.3' && this.version <= reshape.until
    return isOlder ? reshape.up(reshape.down(shaped)) : shaped
  }

  /** The keys of the parts that shall be there. */
  private choose(element: Element): Set<string> {
    const { random } = this
    const parts = Object.entries(element.parts!).filter(([, part]) => this.isSayable(part))
    const { either = [], eitherOptional } = element.facts
    const groups = either.map(keys => keys.filter(key => parts.some(([name]) => name === key))).filter(keys => keys[0])
    const group = eitherOptional && random.chance(0.3) ? [] : groups.length > 0 ? random.pick(groups) : []
    const lead = group.length > 0 ? random.pick(group) : undefined
    const first = element.facts.reshape && parts.length > 0 ? random.pick(parts)[0] : undefined
    const isOpen = ([key, part]: [string, Part]) => {
      if (part.card === 'one' || part.card === 'some' || key === lead || key === first) return true
      if (either.some(keys => keys.includes(key))) return group.includes(key) && random.chance(0.5)
      return random.chance(0.5)
    }
    return new Set(parts.filter(isOpen).map(([key]) => key))
  }

  private part(part: Part, depth: number): unknown {
    const form = this.formOf(part)
    if (form) return form.up(this.random.times(1, isList(part) ? 3 : 1, () => this.element(form.of, depth)))
    if (isList(part)) return this.many(part, depth)
    return this.element(part.of, depth)
  }

  private many(part: Part, depth: number): unknown[] {
    return this.random.times(1, depth > 3 ? 2 : 3, () => this.element(part.of, depth + 1))
  }

  private isSayable(part: Part): boolean {
    const form = this.formOf(part)
    if (form) return isWithin(this.version, form.of.facts)
    return isWithin(this.version, part) && isWithin(this.version, part.of.facts)
  }

  private formOf(part: Part): Form | undefined {
    const older = (part.forms ?? []).filter(form => form.until !== undefined && this.version <= form.until)
    return older.sort((a, b) => (a.until! < b.until! ? -1 : 1))[0]
  }

  private scalar({ kind, name, values, page }: Element): unknown {
    const { random } = this
    switch (kind!) {
      case 'string':
        return this.text(0)
      case 'token':
        if (values) return random.pick(values)
        return random.chance(0.5) ? random.pick(valueTokens).value : this.text(0)
      case 'int':
        return random.pick([0, 1, 127, 128, 200, 255, 256, 65535, 65536, 2 ** 24, 2 ** 31, 2 ** 32 - 1, page])
      case 'bool':
        return random.chance(0.5)
      case 'date':
        return new Date(random.between(-(2 ** 31), 2 ** 34) * 1000)
      case 'content':
        return this.options.octets ? Uint8Array.from(random.times(0, 40, () => random.between(0, 255))) : this.content()
      case 'empty':
        return true
      case 'extension':
        return this.markup(name)
    }
  }

  /** Text without white space around it, which XML does not keep in scalars. */
  private text(shortest: number): string {
    const text = this.random
      .times(shortest, this.random.pick([3, 12, 60]), () => this.random.pick(characters))
      .join('')
      .replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
    return text.length < shortest ? 'x' : text
  }

  private content(): string {
    return this.random.times(0, 60, () => this.random.pick(characters)).join('')
  }

  markup(name: string, depth = 0): Markup {
    const { random } = this
    const attributes = ['xmlns', 'kind', 'xml:lang'].filter(() => random.chance(0.5))
    const children: (Markup | string)[] = []
    for (let count = depth < 3 ? random.between(0, 3) : 0; count > 0; count--)
      if (typeof children.at(-1) === 'string' || random.chance(0.5))
        children.push(this.markup(random.pick(names), depth + 1))
      else children.push(this.text(1))
    return { name, attributes: attributes.map(attribute => [attribute, this.text(0)] as const), children }
  }
}

const isList = (part: Part) => part.card === 'many' || part.card === 'some'

const names = ['TraceID', 'x-note', 'Ünder', 'p:Local', 'UserID', 'a']

const characters = [
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  ...'   ..,:;-_/@~#*?!()[]{}|=+%$"\'<>&',
  ...['\t', '\n', '\r', '\r\n', ']]>', '&amp;', '<!--', '\u0085', '\u00a0', '\u2028', '\ufeff', '\ufffd', '\u{10ffff}'],
  ...'äöüßéñçøåłžşЖдמשعر中文かな한글€„“😀👩‍💻🏳️‍🌈',
]
