// The ovn driver: makes a NIC the port of OVN's integration bridge that has the provider's port id, and waits until OVN has
// wired it. OVN does the rest: tunnels, DHCP, security groups.
import type { CreateDriver, Properties } from '@patchbay/vif-driver/contract.ts'
import { type DriverAbilities, withReport } from '@patchbay/vif-driver/driver-capabilities.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { editInterface, readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { linkExists } from '@patchbay/vif-driver/iproute.ts'
import { createLocks } from '@patchbay/vif-driver/locks.ts'
import { withDriverErrors } from '@patchbay/vif-driver/with-driver-errors.ts'
import { nicStatistics } from './nic-statistics.ts'
import { openVswitch } from './open-vswitch.ts'
import { parseOptions } from './options.ts'
import { createWiring, type WiringPort } from './wiring.ts'

const createDriver: CreateDriver = (given, host) => {
  const options = parseOptions(given)
  const vswitch = openVswitch(options.ovsdb)
  const wiring = createWiring(vswitch, { timeoutMs: options.wireTimeoutMs, tls: options.tls })
  const locks = createLocks()

  /** The interface exists: it becomes a port of the bridge, unless the hypervisor has made it one. */
  async function connect(domxml: string, properties: Properties, signal: AbortSignal): Promise<WiringPort> {
    const { vnic_id: portId, vmId } = properties
    const { targetDev: tap = tapName(portId), mac = '', linkUp } = readInterface(domxml)
    if (!linkExists(tap)) throw new DriverError('not-wired', `there is no ${tap} on this host`)
    const bridge = await vswitch.integrationBridge()
    await locks.exclusive(portId, async () => {
      // After an abort, what comes to undo this may have been here already. Otherwise it waits its turn.
      signal.throwIfAborted()
      await vswitch.connect(bridge, { tap, portId, mac, vmId })
    })
    return { portId, linkUp }
  }

  const disconnect = (portId: string) => locks.exclusive(portId, () => vswitch.disconnect(portId))

  return withDriverErrors({
    manifest: { name: 'ovn', version: '0.1.0', apiVersion: '1.0', pluginTypes: options.pluginTypes },

    async plug_device(domxml, properties, { phase, signal }) {
      const { vnic_id: portId } = properties
      if (phase === 'after') {
        await wiring.untilWired(await connect(domxml, properties, signal), signal)
        return {}
      }
      const { name, datapath_type: datapath } = await vswitch.integrationBridge()
      return {
        domxml: editInterface(domxml, {
          sourceBridge: name,
          targetDev: tapName(portId),
          openvswitchInterfaceId: portId,
          // The userspace datapath passes frames on as they are: a checksum that is missing stays so.
          ...(datapath === 'netdev' && { checksumOffload: false }),
        }),
      }
    },

    async unplug_device(_domxml, { vnic_id: portId }, { phase }) {
      if (phase === 'after') await disconnect(portId)
    },

    async migration_source(_domxml, { vnic_id: portId }, { phase }) {
      if (phase === 'after') await disconnect(portId)
    },

    async migration_destination(domxml, properties, { phase, signal }) {
      if (phase === 'before') {
        await vswitch.integrationBridge()
        return {}
      }
      const port = await connect(domxml, properties, signal)
      if (!(await wiring.untilWiredIfRequested(port, signal)))
        host.log.warn(
          { port: port.portId },
          'OVN does not want the port here yet: it is wired once the provider re-binds it',
        )
      return {}
    },

    async get_caps(caps) {
      const { id, southbound } = await vswitch.chassis()
      const isSetUp = id !== undefined && southbound !== undefined
      const report = withReport(caps, options.pluginTypes, { bindingHostId: id, ...abilities })
      // What the agent says of OVN is that it knows nothing of it.
      return isSetUp ? { ...report, ovnConfigured: true } : report
    },

    async get_stats(stats, { vnic_id: portId }) {
      const port = vswitch.interfaceOf(portId)
      const networks = (stats.network ?? {}) as Record<string, object>
      const shown = port && networks[port.name]
      if (!shown) return stats
      const { counters, ...state } = nicStatistics(port, await vswitch.statistics(port))
      return { ...stats, network: { ...networks, [port.name]: { ...counters, ...shown, ...state } } }
    },

    async [Symbol.asyncDispose]() {
      await vswitch[Symbol.asyncDispose]()
    },
  })
}

/** What OVN does for the ports of its switches; flat and VLAN networks need `ovn-bridge-mappings` besides. */
const abilities: DriverAbilities = {
  network_types: ['geneve', 'flat', 'vlan'],
  features: [
    'allowed-address-pairs',
    'dhcp',
    'dhcpv6',
    'ipv6',
    'migration',
    'mtu',
    'neighbour-answers',
    'port-security',
    'routing',
    'security-groups',
    'statistics',
  ],
}

/** The same on every host, as a NIC that migrates keeps its element. */
function tapName(portId: string): string {
  if (!/^[\w-]{1,64}$/.test(portId)) throw new DriverError('invalid-request', `vnic_id "${portId}" is no id of a port`)
  return `tap${portId.slice(0, 11)}`
}

export default createDriver
