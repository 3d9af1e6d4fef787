import type { z } from 'zod'
import { UserRefusal } from './user-refusal.ts'

/** The value if it is of this form; else a refusal that names every wrong part and the form asked for. */
export const check = <T>(schema: z.ZodType<T>, value: unknown, form: string): T => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(issue => [issue.path.join('.'), issue.message].filter(Boolean).join(' '))
  throw new UserRefusal('BadRequest', `${faults.join('; ')}. Expected: ${form}`)
}
