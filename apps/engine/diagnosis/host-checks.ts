// The host where the VM runs: that it is there, that a driver serves the vNIC, that the vNIC is in the VM.
import { mayHaveNetwork, mayServe } from '../hosts/host-capabilities.ts'
import { shownStatus } from '../hosts/host-status.ts'
import type { NicOnHost, VmOnHost } from '../hosts/vm-watch.ts'
import type { Nic } from '../store/entities/vms.ts'
import type { Facts } from './facts.ts'
import { broken, type Check, ok, skipped, unknown } from './finding.ts'

const host: Check = {
  name: 'host',
  look({ host }) {
    if (!host) return skipped('the VM runs nowhere')
    const status = shownStatus(host)
    if (host.status === 'up') return ok(`${host.name} is ${status.replaceAll('_', ' ')}`)
    return broken(
      `${host.name} is ${status.replaceAll('_', ' ')}${host.statusDetail && `: ${host.statusDetail}`}`,
      'Check that its agent runs and can be reached from here, and that both sides trust their certificates.',
    )
  },
}

const driver: Check = {
  name: 'driver',
  look({ host, provider, network, capabilities }) {
    if (!host || !network) return skipped('there is no host, or no network')
    if (!provider) return onBridge(mayHaveNetwork(capabilities, network.vdsmName), host.name, network.vdsmName)
    const { pluginType } = provider
    if (pluginType === '') return unknown(`provider ${provider.name} names no plugin type: no driver belongs to it`)
    if (capabilities.vifDrivers === undefined)
      return unknown(`${host.name} does not say which drivers it has: it may have hook scripts`)
    const serving = capabilities.vifDrivers.find(({ pluginTypes }) => pluginTypes.includes(pluginType))
    if (serving) return ok(`${serving.name} serves ${pluginType} on ${host.name}`)
    if (mayServe(capabilities, pluginType))
      return unknown(`${host.name} has no driver for ${pluginType}, but hook scripts that may do it`)
    return broken(
      `${host.name} has no driver for ${pluginType}`,
      "Attach a driver package to the provider, or configure the driver in the host's agent.",
    )
  },
}

const onBridge = (isThere: boolean, host: string, bridge: string) =>
  isThere
    ? ok(`${host} has the bridge ${bridge}`)
    : broken(`${host} has no bridge ${bridge}`, 'Set the network up on the host: the action setupnetworks.')

const vif: Check = {
  name: 'interface',
  look({ host, nic, onHost }) {
    if (!host) return skipped('the VM runs nowhere')
    if ('failure' in onHost) return unknown(onHost.failure)
    const { status, network = {} } = onHost.value
    if (status === 'gone' || status === 'Down')
      return broken(`${host.name} does not have the VM`, 'Start the VM again; the events say why it ended.')
    const found = nicOnHost(network, nic)
    if (!found) return broken(`the VM on ${host.name} has no NIC ${nic.mac}`, 'Unplug the vNIC and plug it again.')
    const [tap, { rx, tx }] = found
    const counted = rx === undefined ? '' : `; ${rx} bytes came in, ${tx} went out`
    return ok(`${tap} on ${host.name}${counted}`)
  },
}

/** The name of its tap, and what the host says of it. */
function nicOnHost(network: NonNullable<VmOnHost['network']>, { mac }: Nic): [string, NicOnHost] | undefined {
  return Object.entries(network).find(([, { macAddr }]) => macAddr?.toLowerCase() === mac.toLowerCase())
}

/** Whether the vNIC carries frames, where the driver that has it knows: others leave the state as the host found it. */
export function wiringOnHost({ nic, onHost, provider, capabilities }: Facts): NicOnHost | undefined {
  const features = capabilities.vif_driver_features?.[provider?.pluginType ?? '']?.features
  const isKnown = Array.isArray(features) && features.includes('statistics')
  return isKnown && 'value' in onHost ? nicOnHost(onHost.value.network ?? {}, nic)?.[1] : undefined
}

export const hostChecks: readonly Check[] = [host, driver, vif]
