import { type Element, type Form, isWithin, type Kind, type Part, type Version } from '../schema/kit.ts'

/** Turns elements into functions that write them in one version and format, once. */

export type Write = (value: any) => void

/** What a format offers to the compiled schema; the factories are called when the schema is compiled. */
export interface Sink {
  /** Writes the start of an element and says where in the document it is. */
  open(element: Element): () => number
  close(element: Element): (start: number) => void
  scalar(element: Element, kind: Kind): Write
  /** As `write`, which of a frozen value is asked once: the same octets are put down from then on. */
  remembering(write: Write): Write
}

export function compileWrite(element: Element, sink: Sink, version: Version, done = new Map<Element, Write>()): Write {
  const ready = done.get(element)
  if (ready) return ready
  if (element.kind) {
    const write = sink.scalar(element, element.kind)
    done.set(element, write)
    return write
  }
  let compiled: Write | undefined
  done.set(element, value => compiled!(value)) // before the parts: an element may contain itself
  compiled = element.items ? listWriter(element, sink, version, done) : nodeWriter(element, sink, version, done)
  if (element.facts.isShared) compiled = sink.remembering(compiled)
  done.set(element, compiled)
  return compiled
}

function listWriter(element: Element, sink: Sink, version: Version, done: Map<Element, Write>): Write {
  const [open, close] = [sink.open(element), sink.close(element)]
  const item = compileWrite(element.items!.of, sink, version, done)
  return values => {
    const start = open()
    for (const value of values) item(value)
    close(start)
  }
}

interface Step {
  readonly key: string
  readonly write: Write
  readonly isList: boolean
  readonly isDemanded: boolean
  /** Makes the elements of an older form. */
  readonly down: Form['down'] | undefined
}

function nodeWriter(element: Element, sink: Sink, version: Version, done: Map<Element, Write>): Write {
  const [open, close] = [sink.open(element), sink.close(element)]
  const { reshape, order } = element.facts
  const down = reshape && version <= reshape.until ? reshape.down : undefined
  const keys = forVersion(version, order) ?? Object.keys(element.parts!)
  const steps = keys.flatMap(key => stepsOf(key, element.parts![key]!, sink, version, done))
  return given => {
    const value = down === undefined ? given : down(given)
    const start = open()
    for (let i = 0; i < steps.length; i++) {
      const { key, write, isList, isDemanded, down } = steps[i]!
      const it = value[key]
      if (it === undefined) {
        if (isDemanded) throw new TypeError(`${element.name} cannot be written without ${key}`)
      } else if (down !== undefined) for (const older of down(it)) write(older)
      else if (isList) for (let j = 0; j < it.length; j++) write(it[j])
      else write(it)
    }
    close(start)
  }
}

function stepsOf(key: string, part: Part, sink: Sink, version: Version, done: Map<Element, Write>): Step[] {
  const form = formFor(version, part)
  if (form === 'absent') return []
  const isDemanded = part.card === 'one' || part.card === 'some'
  const isList = part.card === 'many' || part.card === 'some'
  const [of, down] = form === 'present' ? [part.of, undefined] : [form.of, form.down]
  return [{ key, write: compileWrite(of, sink, version, done), isList, isDemanded, down }]
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
