import { z } from 'zod'

/** What requests of the admin API are made of, with faults in words for people. `check` puts them to use. */

/** An object with these members and no others. */
export const object = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys' ? `${(keys as string[]).join(', ')} is not known here` : 'This is no JSON object',
  })

export const text = z.string({ error: issue => (issue.input === undefined ? 'is missing' : 'must be text') })

/** Text without blanks around it. */
export const words = (most: number) => {
  const fault = `must be a text of 1 to ${most} characters`
  return z.string(fault).trim().min(1, fault).max(most, fault)
}

export const wholeNumber = (least: number, most: number) => {
  const fault = `must be a whole number from ${least} to ${most}`
  return z.int(fault).min(least, fault).max(most, fault)
}

/** A number as queries have it. */
const written = (number: ReturnType<typeof wholeNumber>) => text.transform(Number).pipe(number).optional()

/** How many of a list are wanted. */
export const limit = written(wholeNumber(1, 500))

/** Behind which entry a page begins, for lists whose entries are numbered. */
export const sequence = written(wholeNumber(0, Number.MAX_SAFE_INTEGER))

/** Of paths that name a user. */
export const named = z.object({ user: text })
