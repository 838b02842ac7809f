// The verbs of VDSM's Host class that are about the host's own networks, and those by which it hears from an engine.
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { networkCapabilities } from '../caps/network-caps.ts'
import type { Context } from '../context.ts'
import { networkStatistics } from '../stats/host-stats.ts'
import { inVdsmCodes } from './vdsm-codes.ts'

type NetworkParts = Pick<Context, 'networks' | 'networkStore' | 'resolver' | 'contact'>

export function networkVerbs({ networks, networkStore, resolver, contact }: NetworkParts): Record<string, Method> {
  const heard: Method = async () => {
    contact.heard()
    return true
  }
  return inVdsmCodes({
    'Host.ping': heard,
    'Host.confirmConnectivity': heard,
    // As in VDSM, this one says nothing about networks.
    'Host.ping2': async () => true,
    'Host.setupNetworks': async (params) => {
      await networks.setUp(params)
      return { code: 0, message: 'Done' }
    },
    'Host.setSafeNetworkConfig': async () => {
      await networks.keep()
      return true
    },
    'Host.getNetworkCapabilities': () => networkCapabilities(networkStore, resolver),
    'Host.getNetworkStatistics': async () => networkStatistics(),
  })
}
