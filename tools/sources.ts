import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

/** What the rules of the house ask about a source file. */
export interface Source {
  /** From the root of the repository: `server/src/csp/receive.ts`. */
  readonly path: string
  readonly text: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** Everything in the file that is a test, or stands beside tests to help them. */
  readonly isTest: boolean
  readonly tree: ts.SourceFile
}

export interface Import {
  /** As it is written: `../store/store.ts`, `@village/protocol`, `node:fs`. */
  readonly from: string
  /** The file meant, for relative imports. */
  readonly path: string | undefined
  /** Gone when the program runs. */
  readonly isTypeOnly: boolean
}

export const packages = ['protocol', 'server', 'client', 'cli', 'conformance', 'bench'] as const

const ofTests = /\.test\.ts$|\/(test|testing|contract)\//

export const root = new URL('../', import.meta.url)

/** All source files of the repository. */
export const readSources = (): Source[] =>
  ['*.ts', 'tools/*.{ts,js}', `{${packages.join(',')}}/**/*.{ts,js}`]
    .flatMap(pattern => globSync(pattern, { cwd: root, exclude: name => name === 'node_modules' }))
    .map(path => readSource(path.replaceAll('\\', '/')))
    .sort((a, b) => (a.path < b.path ? -1 : 1))

function readSource(path: string): Source {
  const text = readFileSync(new URL(path, root), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  return { path, text, lines: text.split('\n').length - 1, imports: importsOf(tree), isTest: ofTests.test(path), tree }
}

function importsOf(tree: ts.SourceFile): Import[] {
  const found: Import[] = []
  const note = (specifier: ts.Node | undefined, isTypeOnly: boolean) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return
    const from = specifier.text
    const path = from.startsWith('.') ? posix.join(posix.dirname(tree.fileName), from) : undefined
    found.push({ from, path, isTypeOnly })
  }
  for (const node of nodesOf(tree)) {
    if (ts.isImportDeclaration(node)) note(node.moduleSpecifier, isTypeOnly(node))
    else if (ts.isExportDeclaration(node)) note(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      note(node.arguments[0], false)
  }
  return found
}

/** `import type …`, or an import that takes nothing but types. */
const isTypeOnly = ({ importClause }: ts.ImportDeclaration): boolean => {
  if (importClause === undefined) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const { name, namedBindings } = importClause
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false
  return namedBindings.elements.every(element => element.isTypeOnly)
}

export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}

const childrenOf = (node: ts.Node): ts.Node[] => {
  const children: ts.Node[] = []
  ts.forEachChild(node, child => {
    children.push(child)
  })
  return children
}

/** Names of the surrounding world that a file uses as values: `setTimeout`, `crypto`, but not `world.now`. */
export const globalsUsed = (tree: ts.SourceFile): Set<string> => {
  const used = new Set<string>()
  const own = new Set<string>()
  for (const node of nodesOf(tree)) {
    if (isDeclaredName(node)) own.add(node.text)
    if (ts.isIdentifier(node) && !isMerelyAName(node)) used.add(node.text)
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0)
      used.add('new Date()')
    if (ts.isPropertyAccessExpression(node)) used.add(node.getText())
  }
  for (const name of own) used.delete(name)
  return used
}

const isDeclaredName = (node: ts.Node): node is ts.Identifier =>
  ts.isIdentifier(node) &&
  (ts.isParameter(node.parent) ||
    ts.isVariableDeclaration(node.parent) ||
    ts.isBindingElement(node.parent) ||
    ts.isImportSpecifier(node.parent) ||
    ts.isFunctionDeclaration(node.parent)) &&
  node.parent.name === node

/** The name of a property, and words of the type language. */
const isMerelyAName = (node: ts.Identifier): boolean => {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return true
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent)) &&
    parent.name === node
  )
}

/** The comment that leads to the statement which exports this name. */
export const commentOf = ({ tree, text }: Source, name: string): string => {
  const exported = tree.statements.find(
    statement =>
      (ts.isFunctionDeclaration(statement) && statement.name?.text === name) ||
      (ts.isVariableStatement(statement) &&
        statement.declarationList.declarations.some(declaration => declaration.name.getText() === name)),
  )
  if (exported === undefined) return ''
  const ranges = ts.getLeadingCommentRanges(text, exported.getFullStart()) ?? []
  return ranges.map(({ pos, end }) => text.slice(pos, end)).join('\n')
}

/** Variables of the module itself that can be given another value. */
export const changingState = (tree: ts.SourceFile): string[] =>
  tree.statements
    .filter(ts.isVariableStatement)
    .filter(({ declarationList }) => !(declarationList.flags & ts.NodeFlags.Const))
    .map(statement => statement.getText().split('\n', 1)[0]!)

/** Whether the file exports something without a name. */
export const hasDefaultExport = (tree: ts.SourceFile): boolean =>
  tree.statements.some(
    statement =>
      ts.isExportAssignment(statement) ||
      (ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
  )
