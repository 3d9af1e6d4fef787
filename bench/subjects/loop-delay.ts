import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolution = 1

/** Tells how late the event loop was since it was last asked, 99th percentile in milliseconds; the first time 0. */
export const loopDelay = (): (() => number) => {
  let delays: ReturnType<typeof monitorEventLoopDelay> | undefined
  return () => {
    // What is counted is the time from one look to the next, which is the resolution where nothing is late.
    const late = delays === undefined ? 0 : Math.max(0, delays.percentile(99) / 1e6 - resolution)
    // Only now: where nobody asks, looking every millisecond would be a load of its own.
    delays ??= monitorEventLoopDelay({ resolution })
    delays.enable()
    delays.reset()
    return late
  }
}
