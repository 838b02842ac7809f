// The life of a NIC's port: allocated when a VM starts or a NIC is plugged, bound anew when the VM moves, deallocated.
import { isObject, must, same, show } from '../../check.ts'
import type { CaseDraft } from '../../conformance-case.ts'
import type { ProviderUnderTest, Row } from '../../provider-under-test.ts'
import { mustKeepAddresses } from '../../resources.ts'
import {
  allocate,
  type EngineNic,
  locate,
  makeEngineNetwork,
  makeEngineSubnet,
  mustLocate,
  newNic,
} from './engine-bodies.ts'
import { mustRemove } from './engine-networks.ts'

const allocation = 'ovirt-engine: allocating a port'
const migration = 'ovirt-engine: after a migration'
const securityGroups = 'ovirt-engine: security groups of a vNIC profile'

export const enginePorts: readonly CaseDraft[] = [
  {
    id: 'create-port',
    level: 'required',
    rule: "A port as the engine creates it gets an id and has the NIC's MAC address",
    source: allocation,
    async run(provider) {
      const { nic, port } = await plugged(provider)
      same(String(port.mac_address).toLowerCase(), nic.mac, 'mac_address')
    },
  },
  {
    id: 'port-without-subnet',
    level: 'required',
    rule: 'A port may be created on a network that has no subnet',
    source: allocation,
    async run(provider) {
      await allocate(provider, await makeEngineNetwork(provider), newNic(provider))
    },
  },
  {
    id: 'locate-port',
    level: 'required',
    rule: 'A port is found in the list of all ports by device_owner "oVirt" and device_id, exactly as they were given',
    source: 'ovirt-engine: locating the port of a NIC',
    async run(provider) {
      const { nic, network, port } = await plugged(provider)
      const other = newNic(provider)
      const otherPort = await allocate(provider, network, other)
      await mustLocate(provider, nic, port)
      await mustLocate(provider, other, otherPort)
    },
  },
  {
    id: 'port-host',
    level: 'required',
    rule: 'The list of ports shows binding:host_id as it was given, or not at all: the engine compares it with its own',
    source: allocation,
    async run(provider) {
      const { nic, port } = await plugged(provider)
      mustBeOn(provider, 'host-1', await mustLocate(provider, nic, port))
    },
  },
  {
    id: 'port-host-shown',
    level: 'recommended',
    rule: 'The list of ports shows binding:host_id: else the engine binds each port anew whenever its VM starts',
    source: allocation,
    async run(provider) {
      const { nic, port } = await plugged(provider)
      same((await mustLocate(provider, nic, port))['binding:host_id'], provider.name('host-1'), 'binding:host_id')
    },
  },
  {
    id: 'move-port',
    level: 'required',
    rule: 'PUT /v2.0/ports/ID with binding:host_id and mac_address binds the port to another host',
    source: migration,
    async run(provider) {
      const { nic, port } = await plugged(provider)
      await move(provider, port, nic, 'host-2')
      mustBeOn(provider, 'host-2', await mustLocate(provider, nic, port))
    },
  },
  {
    id: 'move-port-again',
    level: 'required',
    rule: 'Binding a port to the host where it is bound already succeeds',
    source: migration,
    async run(provider) {
      const { nic, port } = await plugged(provider)
      for (const _time of [1, 2]) await move(provider, port, nic, 'host-2')
    },
  },
  {
    id: 'moved-port-stays-itself',
    level: 'required',
    rule: 'A port that is bound to another host keeps its MAC address and its IP addresses',
    source: migration,
    async run(provider) {
      const { nic, port } = await plugged(provider)
      await move(provider, port, nic, 'host-2')
      const moved = await mustLocate(provider, nic, port)
      same(String(moved.mac_address).toLowerCase(), nic.mac, 'mac_address')
      mustKeepAddresses(port, moved)
    },
  },
  {
    id: 'no-security-groups',
    level: 'required',
    rule: 'A port may be created with security_groups []',
    source: securityGroups,
    async run(provider) {
      const { port } = await plugged(provider, { security_groups: [] })
      same(port.security_groups ?? [], [], 'security_groups')
    },
  },
  {
    id: 'security-groups-null',
    level: 'required',
    rule: 'PUT of security_groups null is accepted: the engine sends it at each run and plug while a port shows no groups',
    source: securityGroups,
    async run(provider) {
      const { port } = await plugged(provider, { security_groups: [] })
      await update(provider, port, { security_groups: null })
    },
  },
  {
    id: 'security-groups-empty',
    level: 'required',
    rule: 'PUT of security_groups [] is accepted, and the port shows none',
    source: securityGroups,
    async run(provider) {
      const { nic, port } = await plugged(provider)
      await update(provider, port, { security_groups: [] })
      same((await mustLocate(provider, nic, port)).security_groups ?? [], [], 'security_groups')
    },
  },
  {
    id: 'move-port-with-groups',
    level: 'required',
    rule: 'PUT of security_groups, binding:host_id and mac_address together is accepted',
    source: allocation,
    async run(provider) {
      const { nic, port } = await plugged(provider)
      await move(provider, port, nic, 'host-3', { security_groups: null })
      mustBeOn(provider, 'host-3', await mustLocate(provider, nic, port))
    },
  },
  {
    id: 'delete-port',
    level: 'required',
    rule: 'DELETE /v2.0/ports/ID removes the port, also while it is bound to a host',
    source: 'ovirt-engine: deallocating a port',
    async run(provider) {
      const { nic, port } = await plugged(provider)
      await mustRemove(provider, 'ports', port)
      must(!(await locate(provider, nic)), `a port with device_id ${show(nic.id)} is still listed`)
    },
  },
  {
    id: 'port-anew',
    level: 'required',
    rule: 'A NIC whose port was deleted gets a new one with the same device_id and MAC address: after a snapshot was restored',
    source: 'ovirt-engine: snapshots deallocate ports',
    async run(provider) {
      const { network, nic, port } = await plugged(provider)
      await provider.ask('DELETE', `/ports/${port.id}`)
      await mustLocate(provider, nic, await allocate(provider, network, nic))
    },
  },
]

async function plugged(
  provider: ProviderUnderTest,
  more: object = {},
): Promise<{ network: Row; nic: EngineNic; port: Row }> {
  const network = await makeEngineNetwork(provider)
  await makeEngineSubnet(provider, network)
  const nic = newNic(provider)
  return { network, nic, port: await allocate(provider, network, nic, more) }
}

const move = (provider: ProviderUnderTest, port: Row, nic: EngineNic, host: string, more: object = {}) =>
  update(provider, port, { ...more, 'binding:host_id': provider.name(host), mac_address: nic.mac })

/** A provider that does not show the host is taken at its word. */
function mustBeOn(provider: ProviderUnderTest, host: string, { 'binding:host_id': shown }: Row): void {
  if (shown != null) same(shown, provider.name(host), 'binding:host_id')
}

async function update(provider: ProviderUnderTest, { id }: Row, attributes: object): Promise<void> {
  const { body } = await provider.ask('PUT', `/ports/${id}`, { port: attributes })
  same(isObject(body) && Object.keys(body), ['port'], 'the list of root keys')
}
