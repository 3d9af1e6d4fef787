/** Lets so many run at a time; the others wait, in the order in which they came. */
export function turnstile(most: number) {
  const queue: (() => void)[] = []
  let free = most
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>(go => queue.push(go))
    try {
      return await run()
    } finally {
      const next = queue.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
