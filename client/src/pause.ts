/** The longest delay that timers can do; a longer one would fire at once. */
const longestMilliseconds = 0x7fff_ffff

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(milliseconds, longestMilliseconds))
    signal?.addEventListener('abort', done)
  })
