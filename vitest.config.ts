import { defineConfig } from 'vitest/config'
import { closingLine } from './tools/closing-line.ts'

/** One run for all packages. Tests that need a service say in their title what to set when they are left out. */
export default defineConfig({
  test: {
    include: ['*.test.ts', '{protocol,server,client,cli,conformance,bench,tools}/**/*.test.ts'],
    // Processes, not threads: some tests start servers, hold locks of the kernel, or look at signals.
    pool: 'forks',
    // Two: some tests look at how long a real database takes, and should not have to share a core.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', closingLine],
  },
})
