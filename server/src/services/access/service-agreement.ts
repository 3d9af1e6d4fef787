import type { ServiceTree } from '@village/protocol'
import { namesIn, treeOf, treeWithout } from './service-tree.ts'

/** What this server can do: features whose mandatory functions it has, and the optional functions below them. */
const offered: ReadonlySet<string> = new Set([
  ...['FundamentalFeat', 'ServiceFunc', 'GETSPI'],
  ...['IMFeat', 'IMSendFunc', 'MDELIV', 'IMReceiveFunc', 'NEWM'],
])

export const isOffered = (service: string): boolean => offered.has(service)

/** Settles which of the wanted services are used (CSP 6.9.1): the answer names those that are not. */
export const agreeServices = (requested: ServiceTree) => {
  const wanted = namesIn(requested)
  return { agreed: [...wanted].filter(name => offered.has(name)), notAvailable: treeWithout(wanted, offered) }
}

/** The tree of all that is offered. */
export const allServices = (): ServiceTree => treeOf(offered)
