import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue, type PrimitiveFacts, type PrimitiveName } from './protocol/src/schema/catalogue.ts'
import { handlers } from './server/src/handlers.ts'
import * as ask from './tools/sources.ts'

/** The laws of the house, as far as a program can check them. ARCHITECTURE.md gives the reasons. */

const sources = ask.readSources()
const program = sources.filter(({ isTest }) => !isTest)
const within = (folder: string) => program.filter(({ path }) => path.startsWith(`${folder}/`))
const read = (path: string) => readFileSync(new URL(path, ask.root), 'utf8')

/** Fails with the list of offences, each a file and what it does. */
const expectNone = (offences: readonly string[]) => expect(offences.join('\n')).toBe('')

describe('packages', () => {
  it('the language needs nothing: protocol/ imports only itself', () => {
    expectNone(imports(within('protocol/src'), ({ path }) => path === undefined))
  })

  it('the SDK runs in browsers: client/ imports the language, one library of digests, and itself', () => {
    const allowed = ['@village/protocol', 'hash-wasm']
    expectNone(imports(within('client/src'), ({ from, path }) => path === undefined && !allowed.includes(from)))
  })

  it('what runs in browsers uses nothing that only Node has', () => {
    const ofNode = ['Buffer', 'process', 'require', 'global', 'setImmediate', '__dirname', '__filename']
    expectNone(globals([...within('protocol/src'), ...within('client/src')], ofNode))
  })

  it('packages meet at their doors: no import reaches into another package by path', () => {
    const packageOf = (path: string) => path.split('/', 1)[0]
    // Benchmarks are the exception: they measure what is inside.
    const inPackages = program.filter(({ path }) => !/^(bench|tools)\//.test(path) && path.includes('/'))
    expectNone(imports(inPackages, (to, { path }) => to.path !== undefined && packageOf(to.path) !== packageOf(path)))
  })

  it('the suite can be pointed at any server: conformance/ does not import ours', () => {
    expectNone(imports(within('conformance/src'), ({ from }) => from === '@village/server'))
  })
})

describe('layers of the server', () => {
  /** Which folders of server/src may use which others. Imports go down this list, never up. */
  const below: Record<string, readonly string[]> = {
    transport: ['csp', 'services', 'store', 'cluster'],
    clp: ['csp', 'services', 'store', 'cluster'],
    csp: ['services', 'store', 'cluster'],
    admin: ['store'],
    services: ['store', 'cluster'],
    cluster: ['store'],
    store: [],
    credentials: [],
    config: [],
    telemetry: [],
  }
  /** Leaves, which know nothing of the server and may be used by all of it. */
  const leaves = ['credentials', 'config', 'pictures', 'telemetry', 'world.ts', 'version.ts']
  /** The files that put things together; they may use everything, and nothing below may use them. */
  const top = ['main.ts', 'core.ts', 'handlers.ts', 'index.ts', 'real-world.ts']
  const areaOf = (path: string) => path.split('/')[2]!

  /** What stands although it goes up, with the reason. */
  it('every file belongs to a layer', () => {
    const known = [...Object.keys(below), ...leaves, ...top]
    expectNone(within('server/src').flatMap(({ path }) => (known.includes(areaOf(path)) ? [] : [path])))
  })

  it('transport -> csp -> services -> store and cluster, downward only', () => {
    const offences = imports(within('server/src'), ({ path: to }, { path: from }) => {
      if (to === undefined || !to.startsWith('server/src/')) return false
      if (top.includes(areaOf(from)) || leaves.includes(areaOf(to))) return false
      return areaOf(to) !== areaOf(from) && !(below[areaOf(from)] ?? []).includes(areaOf(to))
    })
    expectNone(offences)
  })

  it('transports know no primitives', () => {
    const known = ['decode', 'encode', 'catalogue']
    expectNone(globals(within('server/src/transport'), known))
  })

  it('files do not import each other in circles, types aside', () => {
    expectNone(circles())
  })
})

describe('services', () => {
  const kebab = (name: string) => name.replace(/([a-z])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3-$2$4').toLowerCase()
  const facts: Record<string, PrimitiveFacts> = catalogue
  const ofClients = (Object.keys(catalogue) as PrimitiveName[]).filter(
    name => facts[name]!.from !== 'server' && !facts[name]!.reply,
  )
  /** `SendMessageRequest` is handled by `sendMessage` in `send-message.ts`. */
  const namesOf = (primitive: string) => [primitive.replace(/Request$/, '')]
  const primitiveOf = ({ path }: ask.Source) =>
    ofClients.find(primitive => namesOf(primitive).map(kebab).includes(basename(path, '.ts')))
  const files = within('server/src/services')
  const handlerFiles = files.filter(source => primitiveOf(source) !== undefined)
  const isHandler = (path: string) => handlerFiles.some(source => source.path === path)

  it('there is one row for each primitive that a client may send; polls are the engine’s own', () => {
    expect([...Object.keys(handlers), 'PollingRequest'].sort()).toEqual([...ofClients].sort())
  })

  it('each file named after a primitive is its handler, in the folder of its service and in the table', () => {
    const table = sources.find(({ path }) => path === 'server/src/handlers.ts')!
    const inTable = table.imports.map(({ path }) => path)
    const folderOf = (source: ask.Source) => `server/src/services/${facts[primitiveOf(source)!]!.service}`
    expectNone(
      handlerFiles.flatMap(source => [
        ...(inTable.includes(source.path) ? [] : [`${source.path} is not in server/src/handlers.ts`]),
        ...(dirname(source.path) === folderOf(source) ? [] : [`${source.path} belongs in ${folderOf(source)}`]),
      ]),
    )
  })

  /** What stands although it goes through a handler: nouns that still live in a handler's file. */
  it('only the table knows handlers: handlers use nouns, and nobody else uses handlers', () => {
    const others = within('server/src').filter(({ path }) => path !== 'server/src/handlers.ts')
    const offences = imports(others, ({ path }) => path !== undefined && isHandler(path))
    expectNone(offences)
  })

  it('each handler says which clause it keeps, and which item of the conformance table', () => {
    expectNone(
      handlerFiles.flatMap(source => {
        const primitive = primitiveOf(source)!
        const exported = namesOf(primitive).map(name => name[0]!.toLowerCase() + name.slice(1))
        const comment = exported.map(name => ask.commentOf(source, name)).join('')
        const { scr } = facts[primitive]!
        return [
          ...(/CSP \d/.test(comment) ? [] : [`${source.path} names no clause (CSP 9.1.2) above its handler`]),
          ...(scr.length === 0 || scr.some(id => comment.includes(id)) ? [] : [`${source.path} names none of ${scr}`]),
        ]
      }),
    )
  })

  it('each primitive of the language has a golden message in both encodings', () => {
    const cases = new URL('protocol/cases/', ask.root)
    const isThere = (name: string) => {
      const files = existsSync(new URL(name, cases)) ? readdirSync(new URL(name, cases)) : []
      return files.some(file => file.endsWith('.xml')) && files.some(file => file.endsWith('.wbxml.hex'))
    }
    expectNone(Object.keys(catalogue).filter(name => !isThere(name)))
    expectNone(
      readdirSync(cases, { withFileTypes: true }).flatMap(e =>
        e.isDirectory() && !(e.name in catalogue) ? [e.name] : [],
      ),
    )
  })
})

describe('the core can be simulated', () => {
  const core = ['csp', 'clp', 'services', 'store/sql'].flatMap(folder => within(`server/src/${folder}`))

  it('no clock, timer or chance but those of the world it is given', () => {
    expectNone(
      globals(core, [
        ...['Date.now', 'new Date()', 'performance', 'Math.random', 'crypto', 'process', 'fetch', 'queueMicrotask'],
        ...['setTimeout', 'setInterval', 'setImmediate'],
      ]),
    )
  })

  it('nothing of Node', () => {
    expectNone(imports(core, ({ from }) => from.startsWith('node:') || builtinModules.includes(from)))
  })
})

describe('files', () => {
  const longest = 500
  const isTable = (path: string) => path.startsWith('protocol/src/schema/') || path === 'protocol/src/status.ts'

  it(`none has more than ${longest} lines, tables of the language excepted`, () => {
    const long = sources.filter(({ lines, path }) => lines > 300 && !isTable(path))
    if (long.length > 0)
      console.info(`Look for a seam in:\n${long.map(({ path, lines }) => `  ${path}: ${lines}`).join('\n')}`)
    expectNone(long.filter(({ lines }) => lines > longest).map(({ path, lines }) => `${path}: ${lines} lines`))
  })

  it('names are in kebab case', () => {
    const rightName = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench|config))?\.(ts|js)$/
    expectNone(sources.flatMap(({ path }) => (rightName.test(basename(path)) ? [] : [path])))
  })

  it('exports have names', () => {
    const withoutName = program.filter(({ path, tree }) => ask.hasDefaultExport(tree) && !path.endsWith('.config.ts'))
    expectNone(withoutName.map(({ path }) => path))
  })

  it('modules have no state that changes', () => {
    const modules = program.filter(({ path }) => path.includes('/src/'))
    expectNone(modules.flatMap(({ path, tree }) => ask.changingState(tree).map(line => `${path}: ${line}`)))
  })

  it('nothing is put off, and no test is passed over for good', () => {
    const putOff = /\b(TODO|FIXME|XXX)\b|\b(it|test|describe)\.(only|skip|todo|fails)\(/
    const others = sources.filter(({ path }) => path !== 'architecture.test.ts')
    expectNone(
      others.flatMap(({ path, text }) =>
        text.split('\n').flatMap((line, index) => (putOff.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
      ),
    )
  })
})

describe('documents', () => {
  const documents = globSync(['*.md', 'docs/*.md'], { cwd: ask.root })

  it('links lead somewhere', () => {
    expectNone(
      documents.flatMap(document =>
        [...read(document).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)]
          .map(([, to]) => posix.join(dirname(document), to!))
          .filter(to => !existsSync(new URL(to, ask.root)))
          .map(to => `${document} -> ${to}`),
      ),
    )
  })

  it('the paths of a message in ARCHITECTURE.md pass through functions that exist', () => {
    const stops = [...read('ARCHITECTURE.md').matchAll(/^\| \d+ \| `([^`]+)` \| `([^`]+)` \|/gm)]
    expect(stops.length).toBeGreaterThan(0)
    const isThere = (path: string, name: string) =>
      sources.some(source => source.path === path && new RegExp(`\\b${name}\\b`).test(source.text))
    expectNone(stops.flatMap(([, path, name]) => (isThere(path!, name!) ? [] : [`${path}: ${name}`])))
  })
})

describe('dependencies', () => {
  const manifests = ['package.json', ...ask.packages.map(name => `${name}/package.json`)].map(path =>
    JSON.parse(read(path)),
  )
  const used = new Set<string>(
    manifests.flatMap(({ dependencies, devDependencies, optionalDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }),
    ),
  )

  it('each has its reason in docs/dependencies.md, which lists no others', () => {
    const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name!)
    const listed = new Set(rows)
    expect([...listed].sort()).toEqual([...used].filter(name => !name.startsWith('@village/')).sort())
  })

  it('versions of what runs in production are exact', () => {
    const ranges = manifests.flatMap(({ name, dependencies, optionalDependencies }) =>
      Object.entries<string>({ ...dependencies, ...optionalDependencies }).flatMap(([of, range]) =>
        /^\d/.test(range) ? [] : [`${name}: ${of} ${range}`],
      ),
    )
    expectNone(ranges)
  })
})

/** `from -> to` for each import that is an offence. */
function imports(files: readonly ask.Source[], isOffence: (to: ask.Import, from: ask.Source) => boolean): string[] {
  return files.flatMap(source =>
    source.imports.filter(to => isOffence(to, source)).map(to => `${source.path} -> ${to.path ?? to.from}`),
  )
}

/** `file uses name` for each of these names of the surrounding world. */
function globals(files: readonly ask.Source[], names: readonly string[]): string[] {
  return files.flatMap(({ path, tree }) => {
    const used = ask.globalsUsed(tree)
    return names.filter(name => used.has(name)).map(name => `${path} uses ${name}`)
  })
}

/** The circles of imports that are there when the program runs, each told once. */
function circles(): string[] {
  const byPath = new Map(program.map(source => [source.path, source]))
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    if (done.has(path)) return
    done.add(path)
    for (const to of byPath.get(path)?.imports ?? [])
      if (to.path !== undefined && !to.isTypeOnly) visit(to.path, [...trail, path])
  }
  for (const { path } of program) visit(path, [])
  return found
}
