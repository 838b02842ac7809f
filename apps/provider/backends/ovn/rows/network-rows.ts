// A network is a Logical_Switch; on a physical network it has a localnet port besides. Names as ovirt-provider-ovn's.
import { type Network, networkType } from '@patchbay/networking-api/resources/networks.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { nb, type SwitchPortRow, type SwitchRow } from '../northbound.ts'
import { type Image, insertion, modification } from './image.ts'
import { ownAttributes, ownKey, ownText, strangersDefaults } from './own-attributes.ts'
import { networkKey } from './port-rows.ts'

/** Counts the changes that other providers must not overlook: it is the guard of everything on the switch. */
const generationKey = 'patchbay_generation'

const elsewhere = new Set(['id', 'name', 'mtu', 'port_security_enabled', 'subnets', 'status'])
const defaults = strangersDefaults(networkType)

function imageOf(network: Network): Image {
  return {
    columns: { name: network.name },
    maps: {
      other_config: tunnelOf(network),
      external_ids: {
        ovirt_network_name: network.name,
        ovirt_port_security: String(network.port_security_enabled),
        mtu: String(network.mtu),
        [ownKey]: ownText(network, elsewhere),
      },
    },
  }
}

export function insertNetwork(network: Network): Operation[] {
  const image = imageOf(network)
  const localnet = localnetOf(network)
  if (!localnet) return [insertion('Logical_Switch', network.id, image)]
  const name = `localnet_${network.id.replaceAll('-', '_')}`
  return [
    nb.insert('Logical_Switch_Port', localnet, { name }),
    insertion('Logical_Switch', network.id, image, { ports: [name] }),
  ]
}

export function updateNetwork(before: Network, after: Network): Operation[] {
  return modification('Logical_Switch', after.id, imageOf(before), imageOf(after))
}

export const deleteNetwork = ({ id }: Network): Operation => nb.delete('Logical_Switch', [['_uuid', '==', id]])

/** Fails the transaction unless the switch is as it was read, and makes it another for whoever read it before. */
export function guardSwitch(row: SwitchRow): Operation[] {
  const generation = Number(row.external_ids[generationKey] ?? 0)
  return [
    nb.unchanged('Logical_Switch', row, ['external_ids']),
    nb.mutate(
      'Logical_Switch',
      [['_uuid', '==', row._uuid]],
      [
        ['external_ids', 'delete', [generationKey]],
        ['external_ids', 'insert', { [generationKey]: String(generation + 1) }],
      ],
    ),
  ]
}

/** Of a switch that goes: nobody put a port on it, with or without counting. */
export const guardEmptySwitch = (row: SwitchRow): Operation[] => [
  nb.unchanged('Logical_Switch', row, ['external_ids', 'ports']),
]

/** `maxMtu`: of a network that does not say. `localnet`: its port on a physical network. */
export function readNetwork(
  row: SwitchRow,
  localnet: SwitchPortRow | undefined,
  maxMtu: number,
): Omit<Network, 'subnets'> {
  const ids = row.external_ids
  return {
    ...defaults,
    ...ownAttributes(ids),
    ...segmentOf(row, localnet),
    id: row._uuid,
    name: ids.ovirt_network_name || row.name,
    mtu: Number(ids.mtu) || maxMtu,
    port_security_enabled: (ids.ovirt_port_security ?? 'false').toLowerCase() === 'true',
    status: 'ACTIVE',
  } as Omit<Network, 'subnets'>
}

/** OVN numbers its tunnels by itself, unless it is told. */
function tunnelOf(network: Network): Record<string, string> {
  const id = network['provider:segmentation_id']
  return id === null || network['provider:physical_network'] !== null ? {} : { 'requested-tnl-key': String(id) }
}

function localnetOf({ id, ...network }: Network) {
  const physical = network['provider:physical_network']
  if (physical == null) return undefined
  return {
    name: `localnet-${id}`,
    type: 'localnet',
    addresses: ['unknown'],
    options: { network_name: physical },
    tag: network['provider:segmentation_id'],
    external_ids: { [networkKey]: id },
  }
}

function segmentOf({ other_config }: SwitchRow, localnet: SwitchPortRow | undefined): Partial<Network> {
  const type = !localnet ? 'geneve' : localnet.tag === null ? 'flat' : 'vlan'
  return {
    'provider:network_type': type,
    'provider:physical_network': localnet?.options.network_name ?? null,
    'provider:segmentation_id': (localnet ? localnet.tag : Number(other_config['requested-tnl-key'])) || null,
  }
}
