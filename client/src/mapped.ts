/** The same iterator with other values, those that become undefined left out; its `return` and errors are the source's. */
export const mapped = <S, T>(
  source: AsyncIterableIterator<S>,
  map: (item: S) => T | undefined | Promise<T | undefined>,
): AsyncIterableIterator<T> => ({
  next: async () => {
    for (;;) {
      const { done, value } = await source.next()
      if (done) return { done, value: undefined }
      const mappedValue = await map(value)
      if (mappedValue !== undefined) return { done: false, value: mappedValue }
    }
  },
  return: async () => {
    await source.return?.()
    return { done: true, value: undefined }
  },
  [Symbol.asyncIterator]() {
    return this
  },
})

/** The same iterator, over after so many items; the last of them is confirmed when another is asked for. */
export const atMost = <T extends { confirm(): Promise<void> }>(
  source: AsyncIterableIterator<T>,
  count: number,
): AsyncIterableIterator<T> => {
  let left = count
  let last: T | undefined
  const leave = async (): Promise<IteratorReturnResult<undefined>> => {
    await source.return?.()
    return { done: true, value: undefined }
  }
  return {
    next: async () => {
      if (left-- > 0) {
        const item = await source.next()
        last = item.value
        return item
      }
      last?.confirm().catch(() => {})
      return leave()
    },
    return: leave,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
