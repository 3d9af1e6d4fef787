import type { Phone } from './phone.ts'

/** Whether the server has refused a service that the phone asked for, by its path in the service tree (CSP 6.9.1). */
export function isRefused({ refused }: Phone, ...path: readonly string[]): boolean {
  let tree = refused as Record<string, any> | undefined
  for (const name of path) {
    if (tree?.[name] === undefined) return false
    tree = tree[name]
    // A branch without anything below it means everything below it.
    if (Object.keys(tree!).length === 0) return true
  }
  return true
}
