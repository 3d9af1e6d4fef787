#!/usr/bin/env node
// Plain JavaScript that every Node can run, because an old one has to be told before it meets TypeScript.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const wanted = [22, 19]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) {
  // What was compiled is kept beside the packages, which nobody else can write; where we cannot either, nothing is kept.
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/village', import.meta.url)))
  const { main } = await import('../src/main.ts')
  await main(process.argv)
} else {
  const own = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
  const advice = existsSync(own)
    ? 'a newer one is part of this folder: use `npm start`, `npx village ...` or `npm run village -- ...`'
    : 'install a newer one from https://nodejs.org'
  process.stderr.write(
    `village: Node ${wanted.join('.')} or later is needed, this is ${process.versions.node}; ${advice}\n`,
  )
  process.exitCode = 1
}
