// The bodies that the engine writes, attribute by attribute; and how it goes about a port.
import { must, show } from '../../check.ts'
import type { ProviderUnderTest, Row } from '../../provider-under-test.ts'
import { type MadeSubnet, makeNetwork, makeSubnet } from '../../resources.ts'

/** A tenant of this name is sent where the engine does not log in. */
const tenantWithoutLogin = 'oVirt'

export function makeEngineNetwork(provider: ProviderUnderTest, more: object = {}): Promise<Row> {
  const tenant = provider.settings.credentials ? {} : { tenant_id: tenantWithoutLogin }
  return makeNetwork(provider, { admin_state_up: true, ...tenant, ...more })
}

/** GET the network, then POST: the subnet gets the network's tenant. */
export async function makeEngineSubnet(
  provider: ProviderUnderTest,
  network: Row,
  more: object = {},
): Promise<MadeSubnet> {
  const tenant = await tenantOf(provider, network)
  return makeSubnet(provider, network, { enable_dhcp: true, dns_nameservers: [], ...tenant, ...more })
}

export interface EngineNic {
  readonly id: string
  readonly mac: string
}

export function newNic(provider: ProviderUnderTest): EngineNic {
  return { id: crypto.randomUUID(), mac: provider.mac() }
}

/** GET the network, then POST. */
export async function allocate(
  provider: ProviderUnderTest,
  network: Row,
  nic: EngineNic,
  more: object = {},
): Promise<Row> {
  const tenant = await tenantOf(provider, network)
  return provider.one('POST', '/ports', 'port', {
    name: provider.name('nic'),
    admin_state_up: true,
    mac_address: nic.mac,
    network_id: network.id,
    device_owner: 'oVirt',
    device_id: nic.id,
    'binding:host_id': provider.name('host-1'),
    ...tenant,
    ...more,
  })
}

/** How the engine finds the port of a NIC again: all ports, the first of its own with the NIC's id. */
export async function locate(provider: ProviderUnderTest, nic: EngineNic): Promise<Row | undefined> {
  const ports = await provider.list('ports')
  return ports.find((port) => port.device_owner === 'oVirt' && port.device_id === nic.id)
}

export async function mustLocate(provider: ProviderUnderTest, nic: EngineNic, { id }: Row): Promise<Row> {
  const port = await locate(provider, nic)
  must(port, `no port of the list has device_owner "oVirt" and device_id ${show(nic.id)}`)
  must(port.id === id, `the port with device_id ${show(nic.id)} is ${show(port.id)}, expected ${show(id)}`)
  return port
}

async function tenantOf(provider: ProviderUnderTest, network: Row): Promise<object> {
  const { tenant_id: tenant } = await provider.one('GET', `/networks/${network.id}`, 'network')
  return tenant == null ? {} : { tenant_id: tenant }
}
