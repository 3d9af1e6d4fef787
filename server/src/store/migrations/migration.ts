import type { Dialect } from '../dialect.ts'

/** One step of the schema. Never edited once released: a change is a new step. */
export interface Migration {
  /** 1, 2, 3, … without gaps; the file name begins with it. */
  readonly number: number
  readonly name: string
  up(dialect: Dialect): readonly string[]
}
