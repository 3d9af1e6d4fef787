import type { ServiceTree, Version } from '@village/protocol'
import type { OfflineBearers } from './offline-bearers.ts'
import { namesIn, treeOf, treeWithout } from './service-tree.ts'

/** What this server can do at best: features whose mandatory functions it has, and optional functions below them. */
const offered: ReadonlySet<string> = new Set([
  ...['FundamentalFeat', 'ServiceFunc', 'GETSPI', 'SGMNT'],
  ...['IMFeat', 'IMSendFunc', 'MDELIV', 'FWMSG'],
  ...['IMReceiveFunc', 'SETD', 'GETLM', 'GETM', 'REJCM', 'NOTIF', 'NEWM', 'OFFNOTIF'],
  ...['IMAuthFunc', 'GLBLU', 'BLENT'],
  ...['PresenceFeat', 'ContListFunc', 'GCLI', 'CCLI', 'DCLI', 'MCLS', 'NCLS'],
  ...['PresenceAuthFunc', 'GETWL', 'REACT', 'CAAUT', 'GETAUT'],
  ...['PresenceDeliverFunc', 'GETPR', 'UPDPR'],
  ...['AttListFunc', 'CALI', 'DALI', 'GALS'],
])

export const isOffered = (service: string): boolean => offered.has(service)

/** These have elements since 1.3 only. */
const since13: ReadonlySet<string> = new Set(['SGMNT', 'OFFNOTIF', 'NCLS'])
/** Until 1.2: since then attribute lists are mandatory, and reactive authorization needs nothing else (CSP 8.2.3). */
const until12: ReadonlySet<string> = new Set(['REACT', 'CAAUT', 'GETAUT', 'AttListFunc', 'CALI', 'DALI', 'GALS'])

const isIn = (version: Version, name: string): boolean => {
  if (name === 'GETAUT' && version < '1.2') return false
  return version >= '1.3' ? !until12.has(name) : !since13.has(name)
}

/** What this server can do for clients of a version; it needs a bearer for offline notifications (CSP 9.1.7). */
export function offeredIn(version: Version, bearers: OfflineBearers): ReadonlySet<string> {
  const key = `${version} ${bearers.size > 0}`
  let names = offeredAs.get(key)
  if (names === undefined) {
    names = new Set([...offered].filter(name => isIn(version, name) && (name !== 'OFFNOTIF' || bearers.size > 0)))
    offeredAs.set(key, names)
  }
  return names
}

const offeredAs = new Map<string, ReadonlySet<string>>()

/** Settles which of the wanted services are used (CSP 6.9.1): the answer names those that are not. */
export const agreeServices = (requested: ServiceTree, version: Version, bearers: OfflineBearers) => {
  const available = offeredIn(version, bearers)
  const wanted = namesIn(requested)
  return { agreed: [...wanted].filter(name => available.has(name)), notAvailable: treeWithout(wanted, available) }
}

/** The tree of all that is offered. */
export const allServices = (version: Version, bearers: OfflineBearers): ServiceTree =>
  treeOf(offeredIn(version, bearers))
