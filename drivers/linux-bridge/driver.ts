// The linux-bridge driver: for each network a bridge and a VXLAN device between the hosts, DHCP by dnsmasq.
// Connects a tap to its network's bridge, tells the provider when the port is wired, and leaves nothing behind.
import type { CreateDriver } from '@patchbay/vif-driver/contract.ts'
import { type DriverAbilities, type DriverFeature, withReport } from '@patchbay/vif-driver/driver-capabilities.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { editInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { bridgePorts, forwards, ipBatch, linkExists } from '@patchbay/vif-driver/iproute.ts'
import { untilForwarding } from '@patchbay/vif-driver/wiring.ts'
import { withDriverErrors } from '@patchbay/vif-driver/with-driver-errors.ts'
import { openAttachments } from './attachments.ts'
import { createHostNetworks } from './host-networks.ts'
import { namesOf } from './network/names.ts'
import type { Segment } from './network/segment.ts'
import { type LinuxBridgeOptions, parseOptions } from './options.ts'
import { createProviderSide } from './provider/provider-side.ts'
import { openWireReports } from './provider/wire-reports.ts'

const createDriver: CreateDriver = (given, host) => {
  const options = parseOptions(given)
  const names = namesOf(host.instance)
  const hostId = options.bindingHostId ?? host.hostName
  const provider = createProviderSide(options.provider)
  const reports = openWireReports({ provider, hostId, stateDir: host.stateDir, log: host.log })
  const attachments = openAttachments(host.stateDir)
  const networks = createHostNetworks({ names, options, attachments, provider, hostId, log: host.log })

  /** The network is on this host and expects the port. */
  async function prepare(portId: string, signal: AbortSignal): Promise<Segment> {
    const facts = await provider.factsOf(portId)
    await networks.join(facts, signal)
    return facts.segment
  }

  /** The tap is there: it becomes part of the network, and this returns when it forwards. */
  async function wire(portId: string, signal: AbortSignal): Promise<void> {
    const attachment = attachments.get(portId)
    if (!attachment) throw new DriverError('invalid-request', `port ${portId} was not prepared on this host before`)
    const tap = names.tap(portId)
    if (!linkExists(tap)) throw new DriverError('not-wired', `there is no ${tap} on this host`)
    const bridge = names.bridge(attachment.networkId)
    // Usually the hypervisor has connected it, as the element says.
    const isConnected = bridgePorts(bridge).includes(tap) && forwards(tap)
    if (!isConnected) await ipBatch([`link set ${tap} master ${bridge} up`])
    await untilForwarding(tap, signal)
    await reports.wired(portId, signal)
    await networks.wired(attachment.networkId)
  }

  /** The tap is gone: so is everything that only this port needed. */
  async function release(portId: string): Promise<void> {
    await reports.unwired(portId)
    const attachment = attachments.get(portId)
    if (!attachment) return
    await networks.leave(attachment)
    networks.changed(attachment.networkId)
  }

  return withDriverErrors({
    manifest: { name: 'linux-bridge', version: '0.1.0', apiVersion: '1.0', pluginTypes: options.pluginTypes },

    async plug_device(domxml, { vnic_id: portId }, { phase, signal }) {
      if (phase === 'after') {
        await wire(portId, signal)
        return {}
      }
      const { networkId, mtu } = await prepare(portId, signal)
      const edits = { sourceBridge: names.bridge(networkId), targetDev: names.tap(portId), mtu }
      return { domxml: editInterface(domxml, edits), state: { networkId } }
    },

    async unplug_device(_domxml, { vnic_id: portId }, { phase }) {
      if (phase === 'after') await release(portId)
    },

    async migration_source(_domxml, { vnic_id: portId }, { phase }) {
      if (phase === 'after') await release(portId)
    },

    async migration_destination(_domxml, { vnic_id: portId }, { phase, signal }) {
      if (phase === 'after') {
        await wire(portId, signal)
        return {}
      }
      const { networkId } = await prepare(portId, signal)
      return { state: { networkId } }
    },

    async get_caps(caps) {
      return withReport(caps, options.pluginTypes, { bindingHostId: hostId, ...abilitiesWith(options) })
    },

    async get_stats(stats, properties) {
      const tap = names.tap(properties.vnic_id)
      const networks = (stats.network ?? {}) as Record<string, object>
      if (!networks[tap]) return stats
      const state = forwards(tap)
        ? { state: 'up' }
        : { state: 'down', stateDetail: `${tap} does not forward: has it a carrier?` }
      return { ...stats, network: { ...networks, [tap]: { ...networks[tap], ...state } } }
    },

    async [Symbol.asyncDispose]() {
      networks[Symbol.dispose]()
      reports[Symbol.dispose]()
    },
  })
}

/** Without news from the provider and the other hosts, this one answers for nobody. */
function abilitiesWith({ peers, refreshMs }: LinuxBridgeOptions): DriverAbilities {
  const features: DriverFeature[] = ['allowed-address-pairs', 'dhcp', 'dhcpv6', 'ipv6', 'migration', 'mtu']
  if (peers === 'provider' && refreshMs > 0) features.push('neighbour-answers')
  return { network_types: ['vxlan'], features: [...features, 'port-security', 'statistics'] }
}

export default createDriver
