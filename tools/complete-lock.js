// npm leaves optional packages of other platforms out of package-lock.json when the registry does not serve
// them, and `npm ci` then refuses the lock file it wrote itself. This script adds the missing entries as stubs
// that no platform here installs. Run it after every `npm install`; CI fails if it would change anything.
// Plain JavaScript: it has to run before Node 24 is installed.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const before = readFileSync(file, 'utf8')
const lock = JSON.parse(before)
const packages = lock.packages

const systems = ['android', 'darwin', 'freebsd', 'openbsd', 'netbsd', 'win32', 'sunos', 'aix', 'openharmony', 'linux']
const processors = ['x64', 'arm64', 'arm', 'ia32', 'riscv64', 'ppc64', 's390x', 'loong64', 'mips64el', 'wasm32']

/** Whether `name`, required from the package at `from`, is found there or in any folder above. */
function resolves(from, name) {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${place === '' ? '' : `${place}/`}node_modules/${name}`]) return true
    if (place === '') return false
  }
}

function stub(name, range, dev) {
  const words = name.split(/[-/@.]/)
  const os = name === 'fsevents' ? 'darwin' : (systems.find(system => words.includes(system)) ?? 'none')
  const cpu = processors.find(processor => words.includes(processor)) ?? 'none'
  return {
    version: range.replace(/^[\^~]/, ''),
    optional: true,
    ...(dev ? { dev: true } : {}),
    os: [os],
    ...(cpu === 'none' ? {} : { cpu: [cpu] }),
    ...(words.some(word => word.startsWith('musl')) ? { libc: ['musl'] } : {}),
  }
}

let added = 0
for (const [from, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolves(from, name)) continue
    packages[`node_modules/${name}`] = stub(name, range, entry.dev === true)
    added += 1
  }
}

if (added > 0) {
  const names = Object.keys(packages).sort((a, b) => (a < b ? -1 : 1))
  lock.packages = Object.fromEntries(names.map(name => [name, packages[name]]))
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
}
console.log(added === 0 ? 'package-lock.json is complete' : `package-lock.json: ${added} entries added`)
