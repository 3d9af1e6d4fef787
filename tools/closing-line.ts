import type { Reporter, TestModule } from 'vitest/node'

/** Ends a test run with what was left out and why (the titles say so), and with one line that counts. */
export const closingLine: Reporter = {
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap((module: TestModule) => [...module.children.allTests()])
    const count = (state: string) => tests.filter(test => test.result().state === state).length
    const broken = modules.filter(module => module.errors().length > 0).length + errors.length
    for (const test of tests) if (test.result().state === 'skipped') process.stdout.write(`skipped: ${test.fullName}\n`)
    const counts = `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`
    process.stdout.write(`${tests.length} tests: ${counts}${broken > 0 ? `, ${broken} errors outside tests` : ''}\n`)
  },
}
