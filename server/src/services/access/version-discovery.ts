import { type Layer, namespaceOf, type Version, versions } from '@village/protocol'
import type { OutbandHandler } from '../context.ts'

/**
 * Tells which versions of the protocol this server speaks (CSP 6.3): of those the client proposes, or all of them. A
 * version counts where the client names it in each of its three lists. IMPS-CSP-SAP-S-004.
 */
export const versionDiscovery: OutbandHandler<'VersionDiscoveryRequest'> = async ({ versionList }) => {
  const proposed = versionList && [
    [versionList.sessionNsNames, 'session'] as const,
    [versionList.transactionNsNames, 'transaction'] as const,
    [versionList.presenceAttributeNsNames, 'presence'] as const,
  ]
  const isEmpty = proposed === undefined || proposed.every(([names]) => names.length === 0)
  const common = isEmpty
    ? versions
    : versions.filter(version => proposed.every(([names, layer]) => names.includes(namespaceOf(layer, version))))
  const names = (layer: Layer) => common.map((version: Version) => namespaceOf(layer, version))
  return {
    name: 'VersionDiscoveryResponse',
    body: {
      versionList: {
        sessionNsNames: names('session'),
        transactionNsNames: names('transaction'),
        presenceAttributeNsNames: names('presence'),
      },
    },
  }
}
