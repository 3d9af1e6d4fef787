import { type Element, type ServiceTree, WVCSPFeat } from '@village/protocol'

/**
 * The arithmetic of service trees (CSP 6.9.1). Inside the server a tree is the set of the names of its features and
 * leaves. On the wire a branch without anything below it means all that is below it, and a feature may be named by
 * its marker (MF, MP, MM, MG) to mean just its mandatory functions.
 */
type Names = ReadonlySet<string>
type Tree = { readonly [part: string]: Tree | true | undefined }

const markers: Names = new Set(['MF', 'MP', 'MM', 'MG'])

/**
 * Came to the tree when CSP 1.3 was in use. Clients that know nothing of them write bare branches, too, and would then be
 * sent what they cannot read, so these are wanted only by whoever names them.
 */
const laterAdditions: Names = new Set(['NCLS'])

/** Elements never change, so what follows from one is found out once. */
function remembered<T>(find: (element: Element) => T): (element: Element) => T {
  const known = new Map<Element, T>()
  return element => {
    const found = known.get(element) ?? find(element)
    known.set(element, found)
    return found
  }
}

const children = remembered((element): readonly (readonly [key: string, child: Element])[] =>
  Object.entries(element.parts ?? {}).map(([key, part]) => [key, part.of]),
)

/** A feature has one; branches below it have none. */
const markerOf = (element: Element) => children(element).find(([, child]) => markers.has(child.name))

const isLeaf = (element: Element) => element.kind === 'empty'

/** All names that a bare element stands for, itself included; markers and later additions are not among them. */
const everything = remembered((element): readonly string[] =>
  markers.has(element.name) || laterAdditions.has(element.name)
    ? []
    : [element.name, ...children(element).flatMap(([, child]) => everything(child))],
)

/** The names a tree stands for; an empty tree asks for nothing. */
export const namesIn = (tree: ServiceTree): Names =>
  new Set(Object.keys(tree).length === 0 ? [] : namesBelow(WVCSPFeat, tree as Tree))

const namesBelow = (element: Element, tree: Tree | true): readonly string[] => {
  if (tree === true) return markers.has(element.name) ? [] : [element.name]
  const present = children(element).filter(([key]) => tree[key] !== undefined)
  if (present.length === 0) return everything(element)
  return [element.name, ...present.flatMap(([key, child]) => namesBelow(child, tree[key]!))]
}

/** The tree that stands for these names. */
export const treeOf = (names: Names): ServiceTree => (treeFor(WVCSPFeat, names) ?? {}) as ServiceTree

const treeFor = (element: Element, names: Names): Tree | true | undefined => {
  if (isLeaf(element)) return names.has(element.name) ? true : undefined
  const inside = partsOf(element, child => treeFor(child, names))
  if (inside) return inside
  // Nothing below: written bare it would mean everything, so only a marker can say so.
  const marker = markerOf(element)
  return marker && names.has(element.name) ? { [marker[0]]: true } : undefined
}

/** What of a requested tree is not among the offered names: the answer of a negotiation, empty where all of it is. */
export const treeWithout = (requested: Names, offered: Names): ServiceTree =>
  (without(WVCSPFeat, requested, offered) ?? {}) as ServiceTree

const without = (element: Element, requested: Names, offered: Names): Tree | true | undefined => {
  if (!requested.has(element.name) && element !== WVCSPFeat) return undefined
  if (isLeaf(element)) return offered.has(element.name) ? undefined : true
  if (!everything(element).some(name => offered.has(name))) return {}
  return partsOf(element, child => without(child, requested, offered)) ?? withoutMandatory(element, offered)
}

/** A feature of which some functions are here, and the mandatory ones are not. Beside others the marker cannot be said. */
const withoutMandatory = (element: Element, offered: Names): Tree | undefined => {
  const marker = markerOf(element)
  return marker && !offered.has(element.name) ? { [marker[0]]: true } : undefined
}

const partsOf = (element: Element, make: (child: Element) => Tree | true | undefined): Tree | undefined => {
  const made = children(element)
    .map(([key, child]) => [key, make(child)] as const)
    .filter(([, tree]) => tree !== undefined)
  return made.length > 0 ? Object.fromEntries(made) : undefined
}
