import { defineConfig } from 'vitest/config'
import { closingLine } from './tools/closing-line.ts'

/** One run for all packages. Tests that need a service say in their title what to set when they are left out. */
export default defineConfig({
  test: {
    include: ['*.test.ts', '{protocol,server,client,cli,conformance,bench,tools}/**/*.test.ts'],
    // Processes, not threads: some tests start servers, hold locks of the kernel, or look at signals.
    pool: 'forks',
    // Several files wait for clocks or for a database most of the time, so one more than two small cores is not lost.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', closingLine],
  },
})
