import { type Element, type Form, isWithin, type Kind, type Part, type Version } from '../schema/kit.ts'
import { END, type Source } from './source.ts'
import type { Vocabulary } from './vocabulary.ts'

/** The only walker of the schema: it turns elements into functions, once; no message is ever interpreted. */

export type Read = (source: Source) => any
export type Write = (value: any) => void

/** What a format offers to the compiled schema; the factories are called when the schema is compiled. */
export interface Sink {
  /** Writes the start of an element and says where it is. */
  open(element: Element): () => number
  close(element: Element): (start: number) => void
  scalar(element: Element, kind: Kind): Write
}

const none: readonly never[] = Object.freeze([])

const scalarRead: { readonly [K in Kind]: Read } = {
  string: source => source.string(),
  token: source => source.token(),
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
  const others = new Map((items.forms ?? []).map(form => [vocabulary.tagOf(form.of), form]))
  const otherReads = new Map((items.forms ?? []).map(form => [form, compileRead(form.of, vocabulary, done)]))
  return source => {
    const found: any[] = []
    for (let next = source.open(); next !== END; next = source.open()) {
      const form = next === tag ? undefined : others.get(next)
      if (next === tag) found.push(read(source))
      else if (form) found.push(...form.up([otherReads.get(form)!(source)]))
      else source.skip()
    }
    return found
  }
}

/** What to do with one child: read it and put it under its key, or keep it until its older form is translated. */
interface Slot {
  readonly key: string
  readonly read: Read
  readonly isList: boolean
  readonly form: number
  /** Where two forms share a tag: this one, up to the last version that writes the older. */
  readonly older: Slot | undefined
  readonly olderUntil: Version | undefined
}

function nodeReader(element: Element, vocabulary: Vocabulary, done: Map<Element, Read>): Read {
  const parts = Object.entries(element.parts!)
  const blank = Object.fromEntries(parts.map(([key]) => [key, undefined]))
  const slots: (Slot | undefined)[] = new Array(vocabulary.names.length).fill(undefined)
  const forms: { key: string; form: Form }[] = []
  for (const [key, part] of parts) {
    const isList = part.card === 'many' || part.card === 'some'
    const read = compileRead(part.of, vocabulary, done)
    slots[vocabulary.tagOf(part.of)] = { key, read, isList, form: -1, older: undefined, olderUntil: undefined }
  }
  for (const [key, part] of parts) {
    for (const form of part.forms ?? []) {
      const tag = vocabulary.tagOf(form.of)
      const read = compileRead(form.of, vocabulary, done)
      const slot = { key, read, isList: true, form: forms.length, older: undefined, olderUntil: undefined }
      const taken = slots[tag]
      slots[tag] = taken ? { ...taken, older: slot, olderUntil: form.until } : slot
      forms.push({ key, form })
    }
  }
  const lists = parts.filter(([, part]) => part.card === 'many' || part.card === 'some').map(([key]) => key)
  const demands = demandsOf(element)
  const { bareText, reshape } = element.facts

  const settle = (source: Source, value: any, found: any[][]) => {
    found.forEach((values, index) => {
      const { key, form } = forms[index]!
      if (value[key] === undefined) value[key] = form.up(values)
    })
    if (bareText !== undefined && value[bareText] === undefined) value[bareText] = source.loose() || undefined
  }

  return source => {
    const value: any = { ...blank }
    let found: any[][] | undefined
    for (let tag = source.open(); tag !== END; tag = source.open()) {
      let slot = tag > 0 ? slots[tag] : undefined
      if (slot === undefined) {
        source.skip()
        continue
      }
      if (slot.older !== undefined && source.version <= slot.olderUntil!) slot = slot.older
      const { key } = slot
      if (slot.form >= 0) {
        found ??= []
        ;(found[slot.form] ??= []).push(slot.read(source))
      } else if (slot.isList) {
        const so = value[key]
        if (so === undefined) value[key] = [slot.read(source)]
        else so.push(slot.read(source))
      } else value[key] = slot.read(source)
    }
    if (found !== undefined || bareText !== undefined) settle(source, value, found ?? [])
    for (let i = 0; i < lists.length; i++) if (value[lists[i]!] === undefined) value[lists[i]!] = none
    const settled = reshape === undefined ? value : reshape.up(value)
    for (let i = 0; i < demands.length; i++) {
      const lack = demands[i]!(settled)
      if (lack !== undefined) throw source.malformed('part', lack, element.name)
    }
    return settled
  }
}

type Demand = (value: any) => string | undefined

const isPresent = (value: any) => value !== undefined && !(Array.isArray(value) && value.length === 0)

/** What must hold of a value, in words for the case that it does not. */
function demandsOf(element: Element): Demand[] {
  const demands: Demand[] = []
  for (const [key, part] of Object.entries(element.parts!)) {
    const { name } = part.of
    if (part.card === 'one') demands.push(value => (value[key] === undefined ? `${name} is missing` : undefined))
    if (part.card === 'some') demands.push(value => (value[key].length === 0 ? `${name} is missing` : undefined))
  }
  const { either, eitherOptional } = element.facts
  if (either && !eitherOptional) {
    const words = either.map(keys => keys.map(key => element.parts![key]!.of.name).join(', ')).join(' or ')
    const hasOne = (value: any) => either.some(keys => keys.some(key => isPresent(value[key])))
    demands.push(value => (hasOne(value) ? undefined : `one of ${words} is missing`))
  }
  return demands
}

/** The entry for the lowest `until` that still covers the version. */
const forVersion = <T>(version: Version, byUntil: Partial<Record<Version, T>> | undefined): T | undefined => {
  const until = (Object.keys(byUntil ?? {}) as Version[]).sort().find(last => version <= last)
  return until && byUntil![until]
}

/** How a part is written in a version: as it is, in an older form, or not at all. */
const formFor = (version: Version, part: Part): Form | 'present' | 'absent' => {
  const older = (part.forms ?? []).filter(form => form.until !== undefined && version <= form.until)
  older.sort((a, b) => (a.until! < b.until! ? -1 : 1))
  if (older[0]) return older[0]
  return isWithin(version, part) && isWithin(version, part.of.facts) ? 'present' : 'absent'
}

export function compileWrite(element: Element, sink: Sink, version: Version, done = new Map<Element, Write>()): Write {
  const ready = done.get(element)
  if (ready) return ready
  if (element.kind) {
    const write = sink.scalar(element, element.kind)
    done.set(element, write)
    return write
  }
  const open = sink.open(element)
  const close = sink.close(element)
  let write: Write
  if (element.items) {
    const item = compileWrite(element.items.of, sink, version, done)
    write = values => {
      const start = open()
      for (const value of values) item(value)
      close(start)
    }
  } else {
    const steps: Write[] = []
    const { reshape } = element.facts
    const down = reshape && version <= reshape.until ? reshape.down : undefined
    write = given => {
      const value = down === undefined ? given : down(given)
      const start = open()
      for (let i = 0; i < steps.length; i++) steps[i]!(value)
      close(start)
    }
    done.set(element, write) // before the parts: an element may contain itself
    const order = forVersion(version, element.facts.order) ?? Object.keys(element.parts!)
    for (const key of order) steps.push(...partWriter(element, key, element.parts![key]!, sink, version, done))
  }
  done.set(element, write)
  return write
}

function partWriter(
  element: Element,
  key: string,
  part: Part,
  sink: Sink,
  version: Version,
  done: Map<Element, Write>,
): Write[] {
  const form = formFor(version, part)
  if (form === 'absent') return []
  const isList = part.card === 'many' || part.card === 'some'
  const isDemanded = part.card === 'one' || part.card === 'some'
  const lacking = () => new TypeError(`${element.name} cannot be written without ${key}`)
  if (form !== 'present') {
    const write = compileWrite(form.of, sink, version, done)
    return [
      value => {
        if (value[key] !== undefined) for (const item of form.down(value[key])) write(item)
        else if (isDemanded) throw lacking()
      },
    ]
  }
  const write = compileWrite(part.of, sink, version, done)
  if (isList)
    return [
      value => {
        const values = value[key]
        if (values !== undefined) for (let i = 0; i < values.length; i++) write(values[i])
        else if (isDemanded) throw lacking()
      },
    ]
  return [
    value => {
      const it = value[key]
      if (it !== undefined) write(it)
      else if (isDemanded) throw lacking()
    },
  ]
}
