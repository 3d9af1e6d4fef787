import type { NamedOption } from './options.ts'
import type { Setting } from './sources.ts'

export type ReadOutcome = { ok: true; value: unknown } | { ok: false; mistake: string }

/** Reads one written value, or says which option, where, what is wrong with it and what to write instead. */
export const readValue = (option: NamedOption, setting: Setting): ReadOutcome => {
  const candidate = setting.isText ? fromText(option.shape, String(setting.value)) : setting.value
  const parsed = option.schema.safeParse(candidate)
  if (parsed.success) return { ok: true, value: parsed.data }
  const place = `${option.name} (${setting.origin})`
  const given = option.secret ? 'the value given' : JSON.stringify(setting.value)
  const advice = `Write for example: ${setting.write(option.name, option.example)}`
  return { ok: false, mistake: `${place}: must be ${option.expects}, not ${given}. ${advice}` }
}

const fromText = (shape: NamedOption['shape'], written: string): unknown => {
  const value = written.trim()
  switch (shape) {
    case 'number':
      return /^-?\d+$/.test(value) ? Number(value) : value
    case 'switch':
      return value === 'true' ? true : value === 'false' ? false : value
    case 'list':
      return value.split(',').map(item => item.trim())
    case 'text':
      return value
  }
}
