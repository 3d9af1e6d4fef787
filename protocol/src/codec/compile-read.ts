import type { Element, Form, Kind, Part, Version } from '../schema/kit.ts'
import { END, type Source } from './source.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Turns elements into functions that read them, once; no message is ever interpreted. */

export type Read = (source: Source) => any

const none: readonly never[] = Object.freeze([])

const scalarRead: { readonly [K in Kind]: Read } = {
  string: source => source.string(),
  token: source => source.string(),
  int: source => source.int(),
  bool: source => source.bool(),
  date: source => source.date(),
  content: source => source.content(),
  empty: source => source.empty(),
  extension: source => source.extension(),
}

export function compileRead(element: Element, vocabulary: Vocabulary, done = new Map<Element, Read>()): Read {
  const ready = done.get(element)
  if (ready) return ready
  if (element.kind) return scalarRead[element.kind]
  let compiled: Read | undefined
  done.set(element, source => compiled!(source)) // before the parts: an element may contain itself
  compiled = element.items ? listReader(element.items, vocabulary, done) : nodeReader(element, vocabulary, done)
  done.set(element, compiled)
  return compiled
}

function listReader(items: Part, vocabulary: Vocabulary, done: Map<Element, Read>): Read {
  const tag = vocabulary.tagOf(items.of)
  const read = compileRead(items.of, vocabulary, done)
  const others = new Map(
    (items.forms ?? []).map(form => [
      vocabulary.tagOf(form.of),
      { up: form.up, read: compileRead(form.of, vocabulary, done) },
    ]),
  )
  const likely = vocabulary.likely([items.of])
  return source => {
    const found: any[] = []
    for (let next = source.open(likely); next !== END; next = source.open(likely)) {
      const form = next === tag ? undefined : others.get(next)
      if (next === tag) found.push(read(source))
      else if (form) found.push(...form.up([form.read(source)]))
      else source.skip()
    }
    return found
  }
}

/** What to do with one child: read it and put it under its key, or keep it until its older form is translated. */
interface Slot {
  readonly key: string
  readonly read: Read
  /** Strings are most of what is read, so they take no detour over `read`. */
  readonly isText: boolean
  readonly isList: boolean
  /** Index of the older form; -1 where the part is as it is now. */
  readonly form: number
  /** What the element demands and has with this child. */
  readonly demand: number
  /** Where two forms share a tag: this one, up to the last version that writes the older. */
  readonly older: Slot | undefined
  readonly olderUntil: Version | undefined
}

function nodeReader(element: Element, vocabulary: Vocabulary, done: Map<Element, Read>): Read {
  const parts = Object.entries(element.parts!)
  const blank = Object.fromEntries(parts.map(([key, part]) => [key, isList(part) ? none : undefined]))
  const { demandOf, all, alternatives, lacking } = demandsOf(element)
  const { slots, forms } = slotsOf(element, vocabulary, done, demandOf)
  const { bareText, reshape, tellsUnknown } = element.facts
  const page = parts[0]?.[1].of.page ?? element.page
  const likely = vocabulary.likely(parts.flatMap(([, { of, forms = [] }]) => [of, ...forms.map(form => form.of)]))

  const settle = (source: Source, value: any, found: any[][]) => {
    found.forEach((values, index) => {
      const { key, form } = forms[index]!
      if (value[key] === undefined || value[key] === none) value[key] = form.up(values)
    })
    if (bareText !== undefined && value[bareText] === undefined) value[bareText] = source.loose() || undefined
  }

  return source => {
    const value: any = Object.assign({}, blank) // a third of what `{ ...blank }` costs in code that all elements share
    let found: any[][] | undefined
    let met = 0
    for (let tag = source.open(likely); tag !== END; tag = source.open(likely)) {
      let slot = tag > 0 ? slots[tag] : undefined
      if (slot === undefined) {
        if (tellsUnknown) noteUnknown(value, source, page)
        source.skip()
        continue
      }
      if (slot.older !== undefined && source.version <= slot.olderUntil!) slot = slot.older
      met |= slot.demand
      const it = slot.isText ? source.string() : slot.read(source)
      const { key } = slot
      if (slot.form >= 0) (((found ??= [])[slot.form] ??= []) as any[]).push(it)
      else if (!slot.isList) value[key] = it
      else if (value[key] === none) value[key] = [it]
      else value[key].push(it)
    }
    if (found !== undefined || bareText !== undefined) {
      settle(source, value, found ?? [])
      if (bareText !== undefined && value[bareText] !== undefined) met |= demandOf(bareText)
    }
    const isLacking = alternatives.length > 0 && !alternatives.some(key => isSaid(value[key]))
    if ((met & all) !== all || isLacking) throw source.malformed('part', lacking(met), element.name)
    return reshape === undefined ? value : reshape.up(value)
  }
}

/** People are shown these; who sends more strangers, or longer names, gains nothing by it. */
const [mostUnknown, longestUnknown] = [8, 64]

function noteUnknown(value: any, source: Source, page: number) {
  const told: string[] = value.unknown ?? []
  const name = told.length < mostUnknown ? source.stranger(page) : undefined
  if (name !== undefined) value.unknown = [...told, name.slice(0, longestUnknown)]
}

/** By tag: what to do with a child. */
function slotsOf(
  element: Element,
  vocabulary: Vocabulary,
  done: Map<Element, Read>,
  demandOf: (key: string) => number,
) {
  const slots: (Slot | undefined)[] = new Array(vocabulary.names.length).fill(undefined)
  const forms: { key: string; form: Form }[] = []
  const slotOf = (key: string, of: Element, isList: boolean, form: number): Slot => ({
    ...{ key, isList, form, demand: demandOf(key), older: undefined, olderUntil: undefined },
    read: compileRead(of, vocabulary, done),
    isText: of.kind === 'string' || of.kind === 'token',
  })
  const parts = Object.entries(element.parts!)
  for (const [key, part] of parts) slots[vocabulary.tagOf(part.of)] = slotOf(key, part.of, isList(part), -1)
  for (const [key, part] of parts)
    for (const form of part.forms ?? []) {
      const tag = vocabulary.tagOf(form.of)
      const slot = slotOf(key, form.of, true, forms.length)
      const taken = slots[tag]
      slots[tag] = taken ? { ...taken, older: slot, olderUntil: form.until } : slot
      forms.push({ key, form })
    }
  return { slots, forms }
}

const isList = (part: Part) => part.card === 'many' || part.card === 'some'

/** What must be there: mandatory parts as bits, and keys of which one must be there and say something. */
function demandsOf(element: Element) {
  const { either = [], eitherOptional } = element.facts
  const isMandatory = ([, part]: [string, Part]) => part.card === 'one' || part.card === 'some'
  const mandatory = Object.entries(element.parts!)
    .filter(isMandatory)
    .map(([key]) => key)
  const nameOf = (key: string) => element.parts![key]!.of.name
  return {
    demandOf: (key: string) => (mandatory.includes(key) ? 1 << mandatory.indexOf(key) : 0),
    all: (1 << mandatory.length) - 1,
    alternatives: eitherOptional ? [] : either.flat(),
    /** In words: what is missing where only these demands were met. */
    lacking(met: number): string {
      const missing = mandatory.find((_, index) => (met & (1 << index)) === 0)
      if (missing) return `${nameOf(missing)} is missing`
      return `one of ${either.map(keys => keys.map(nameOf).join(', ')).join(' or ')} is missing`
    },
  }
}

/** An empty list says as little as none. */
const isSaid = (value: any) => value !== undefined && !(Array.isArray(value) && value.length === 0)
