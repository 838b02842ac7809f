// Two hosts of a laboratory with the linux-bridge driver, a provider with a network, and guests with real NICs.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { DriverBed } from '@patchbay/vif-driver/conformance/bed.ts'
import {
  carriesPing,
  type LabBedHost,
  type LabNic,
  labBedHost,
  labNic,
} from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import { UNDERLAY_LINK } from '../../../lab/hosts/lab-network.ts'
import { createLab, type Lab } from '../../../lab/lab.ts'
import { type BedProvider, startBedProvider } from './bed-provider.ts'

export interface LinuxBridgeBed extends DriverBed {
  readonly lab: Lab
  readonly provider: BedProvider
  readonly hosts: readonly LabBedHost[]
  /** The network that NICs are on unless told otherwise: 10.0.0.0/16 with DHCP. */
  readonly network: Answered<Network>
  newNetwork(attributes?: object, subnet?: object): Promise<Answered<Network>>
  newNic(port?: object): Promise<LinuxBridgeNic>
}

export interface LinuxBridgeNic extends LabNic {
  readonly port: Answered<Port>
  readonly mac: string
  /** Its first; empty on a network without a subnet. */
  readonly address: string
}

export interface LinuxBridgeBedSettings {
  readonly hosts?: readonly string[]
  /** Of the drivers on all hosts, besides underlay and provider. */
  readonly options?: object
}

export async function openLinuxBridgeBed({
  hosts: hostNames = ['host-a', 'host-b'],
  options: more,
}: LinuxBridgeBedSettings = {}): Promise<LinuxBridgeBed> {
  await using started = new AsyncDisposableStack()
  const lab = started.use(await createLab({ hosts: hostNames }))
  const provider = started.use(await startBedProvider(lab.address, join(lab.dir, 'provider')))
  const { networks, subnets, ports } = provider.client
  const newNetwork: LinuxBridgeBed['newNetwork'] = async (attributes = {}, subnet = {}) => {
    const network = await networks.create({ name: 'net', ...attributes })
    await subnets.create({ network_id: network.id, ip_version: 4, cidr: '10.0.0.0/16', ...subnet })
    return network
  }
  const network = await newNetwork()
  const path = join(import.meta.dirname, '../driver.ts')
  const options = { underlay: UNDERLAY_LINK, provider: { url: provider.url }, ...more }
  const hosts = lab.hosts.map((host) => labBedHost(host, { path, options }))
  const stack = started.move()
  return {
    lab,
    provider,
    hosts,
    network,
    newNetwork,
    newNic: async (port = {}) => nicOf(await ports.create({ network_id: network.id, ...port })),
    strangeNic: () => nicOf({ id: randomUUID(), mac_address: '02:00:00:00:00:01' }),
    carries: carriesPing,
    async withoutProvider(work) {
      await provider.stop()
      try {
        return await work()
      } finally {
        await provider.start()
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** A port of any provider, as a NIC that is not plugged yet. */
export function nicOf(port: Answered<Port>): LinuxBridgeNic {
  const { id, mac_address: mac = '', fixed_ips: fixedIps = [] } = port
  const addresses = fixedIps.map(({ ip_address }) => `${ip_address}/${ip_address.includes(':') ? 64 : 16}`)
  const nic = labNic({ id, mac, addresses, pluginType: 'LINUX_BRIDGE' })
  return { ...nic, port, mac, address: fixedIps[0]?.ip_address ?? '' }
}
