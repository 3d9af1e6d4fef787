import type { ServiceTree, Version } from '@village/protocol'
import { namesIn, treeOf, treeWithout } from './service-tree.ts'

/** What this server can do: features whose mandatory functions it has, and the optional functions below them. */
const offered: ReadonlySet<string> = new Set([
  ...['FundamentalFeat', 'ServiceFunc', 'GETSPI', 'SGMNT'],
  ...['IMFeat', 'IMSendFunc', 'MDELIV', 'FWMSG'],
  ...['IMReceiveFunc', 'SETD', 'GETLM', 'GETM', 'REJCM', 'NOTIF', 'NEWM'],
  ...['IMAuthFunc', 'GLBLU', 'BLENT'],
])

export const isOffered = (service: string): boolean => offered.has(service)

/** Segments have elements since 1.3 only. */
const since13: ReadonlySet<string> = new Set(['SGMNT'])

const offeredIn = (version: Version): ReadonlySet<string> =>
  version >= '1.3' ? offered : new Set([...offered].filter(name => !since13.has(name)))

/** Settles which of the wanted services are used (CSP 6.9.1): the answer names those that are not. */
export const agreeServices = (requested: ServiceTree, version: Version) => {
  const available = offeredIn(version)
  const wanted = namesIn(requested)
  return { agreed: [...wanted].filter(name => available.has(name)), notAvailable: treeWithout(wanted, available) }
}

/** The tree of all that is offered. */
export const allServices = (version: Version): ServiceTree => treeOf(offeredIn(version))
