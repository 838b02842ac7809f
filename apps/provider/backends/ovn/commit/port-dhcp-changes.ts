// Which ports' own DHCP options change, because the ports do, or what they follow: their subnets and the MTU of these.
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import type { State } from '../../backend.ts'
import type { Northbound } from '../northbound.ts'
import { hasOwnDhcp, type PortDhcp, portDhcpOperations, portKey } from '../rows/port-dhcp-rows.ts'
import { portIdOf } from '../rows/port-id.ts'
import type { SubnetOfNetwork } from '../rows/subnet-rows.ts'
import type { Effect, Effects } from './effects.ts'

/** `state`: as the effects found it. */
export function portDhcpChanges(effects: Effects, state: State, northbound: Northbound): Operation[] {
  const rowIds = new Set([...portsWithOwn(effects), ...followersOf(effects, state, northbound)])
  return [...rowIds].flatMap((id) => {
    const known = knownPort(id, state, northbound)
    const { before, after } = effects.ports.get(id) ?? { before: known, after: known }
    const at = (port: Port | undefined, when: keyof Effect<unknown>): PortDhcp | undefined =>
      port && { port, subnet: (subnetId) => subnetAt(when, subnetId, effects, state) }
    return portDhcpOperations(id, at(before, 'before'), at(after, 'after'), (row) => northbound.dhcpOptions.get(row))
  })
}

const portsWithOwn = ({ ports }: Effects) =>
  [...ports].flatMap(([id, { before, after }]) => (hasOwnDhcp(before) || hasOwnDhcp(after) ? [id] : []))

/** The rows of ports that have options on top of subnets that change. */
function followersOf(effects: Effects, state: State, { portDhcpOfSubnet }: Northbound): string[] {
  const resized = resizedNetworks(effects).flatMap(({ id }) => state.subnets.find('network_id', id))
  const subnetIds = [...effects.subnets.keys(), ...resized.map(({ id }) => id)]
  return subnetIds.flatMap((id) => portDhcpOfSubnet.all(id)).flatMap((row) => row.external_ids[portKey] ?? [])
}

function knownPort(rowId: string, state: State, { switchPorts }: Northbound): Port | undefined {
  const row = switchPorts.get(rowId)
  const port = row && state.ports.get(portIdOf(row))
  return port && { ...port, id: rowId }
}

function subnetAt(
  when: keyof Effect<unknown>,
  id: string,
  effects: Effects,
  state: State,
): SubnetOfNetwork | undefined {
  const effect = effects.subnets.get(id)
  const subnet = effect ? effect[when] : state.subnets.get(id)
  return subnet && { subnet, mtu: mtuAt(when, subnet.network_id, effects, state) }
}

/** 0 for a network that is not there. */
export function mtuAt(when: keyof Effect<unknown>, networkId: string, { networks }: Effects, state: State): number {
  const known = state.networks.get(networkId)
  return (networks.get(networkId)?.[when] ?? known)?.mtu ?? 0
}

/** As they are after the change. */
export const resizedNetworks = ({ networks }: Effects) =>
  [...networks.values()].flatMap(({ before, after }) => (after && before && after.mtu !== before.mtu ? [after] : []))
