import { status } from '@village/protocol'
import type { ResultInput } from '../context.ts'

type Details = NonNullable<ResultInput['details']>
type Detail = Details[number]

/** What succeeded may be left out (CSP 6.1), and goes before anything else has to: as a whole, for a part of it says little. */
export const withoutSucceeded = (details: Details): Details => details.filter(({ code }) => code !== succeeded)

const succeeded = status.Successful.code

/** How many things are named by the details of a result. */
export const countNamed = (details: Details): number => details.reduce((sum, detail) => sum + countIn(detail), 0)

/** The first so many of them, with their reasons. */
export function firstNamed(details: Details, count: number): Details {
  let left = count
  return details.flatMap(detail => {
    const named = Math.min(left, countIn(detail))
    left -= named
    return named > 0 ? [cut(detail, named)] : []
  })
}

/** One that names nothing is a reason all the same. */
const countIn = (detail: Detail): number => Math.max(1, listsIn(detail).flatMap(([, list]) => list).length)

const listsIn = (detail: Detail): (readonly [key: string, list: readonly unknown[]])[] =>
  Object.entries(detail).flatMap(([key, list]) => (Array.isArray(list) ? [[key, list] as const] : []))

function cut(detail: Detail, count: number): Detail {
  let left = count
  const lists = listsIn(detail).map(([key, list]) => {
    const some = list.slice(0, left)
    left -= some.length
    return [key, some]
  })
  return { ...detail, ...Object.fromEntries(lists) }
}
