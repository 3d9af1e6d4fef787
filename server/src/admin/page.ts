/** Which part of a list is wanted. */
export interface PageRequest<After = string> {
  /** The `next` of the page before; absent for the first. */
  readonly after?: After | undefined
  /** 1 to 500; 100 unless told otherwise. */
  readonly limit?: number | undefined
}

export const defaultPageSize = 100
