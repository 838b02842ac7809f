// The transaction that does to the northbound database what changes did to resources, with guards against other writers.
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { SecurityGroup, SecurityGroupRule } from '@patchbay/networking-api/resources/security-groups.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import type { State } from '../../backend.ts'
import type { Northbound } from '../northbound.ts'
import { floatingIpGuards, floatingIpOperations } from '../rows/floating-ip-rows.ts'
import { marked } from '../rows/image.ts'
import { deleteNetwork, guardEmptySwitch, guardSwitch, insertNetwork, updateNetwork } from '../rows/network-rows.ts'
import { hasOwnDhcp } from '../rows/port-dhcp-rows.ts'
import { deletePort, guardPort, insertPort, updatePort } from '../rows/port-rows.ts'
import {
  deleteGroup,
  dropGroupName,
  guardGroup,
  insertGroup,
  portGroupName,
  updateGroup,
} from '../rows/security-groups/group-rows.ts'
import { membershipOperations, prepareDropGroup } from '../rows/security-groups/memberships.ts'
import { deleteRule, insertRule, type NameOfGroup, restateRule, updateRule } from '../rows/security-groups/rule-rows.ts'
import { type SettingEffect, settingOperations } from '../rows/setting-rows.ts'
import { deleteSubnet, guardSubnet, insertSubnet, type SubnetOfNetwork, updateSubnet } from '../rows/subnet-rows.ts'
import type { Effect, Effects } from './effects.ts'
import { mtuAt, portDhcpChanges, resizedNetworks } from './port-dhcp-changes.ts'
import { routerOperations } from './router-operations.ts'

/**
 * The operations, with guards: on each switch whose addresses, subnets or existence matter, and on each port that is
 * changed. `state`: as the effects found it. Without effects, none.
 */
export function operationsOf(all: Effects, state: State, northbound: Northbound, mark: string): Operation[] {
  const effects = { ...all, ports: byRow(all.ports, northbound) }
  const routers = routerOperations(all, state, northbound)
  const nameOf: NameOfGroup = (id) => portGroupName(id, northbound.portGroups.get(id))
  const guarding = [...guards(effects, northbound), ...routers.guards, ...floatingIpGuards(all, northbound)]
  const rows = [
    ...[...effects.securityGroups.values()].flatMap(groupOperations),
    ...[...effects.securityGroupRules.values()].flatMap((effect) => ruleOperations(effect, effects, state, nameOf)),
    ...rulesOfRestated(effects, state),
    ...[...effects.networks.values()].flatMap(networkOperations),
    ...[...effects.subnets.values()].flatMap((effect) => subnetOperations(effect, effects, state)),
    ...subnetsOfResized(effects, state),
    ...portDhcpChanges(effects, state, northbound),
    ...[...effects.ports.values()].flatMap(portOperations),
    ...memberships(effects, northbound),
    ...routers.changes,
    ...floatingIpOperations(all, northbound),
  ]
  const settings = new Map([...effects.settings, ...claims(effects, guarding, rows, mark)])
  const changes = [...rows, ...settingOperations(settings, [...northbound.global.rows()][0])]
  if (changes.length === 0) return []
  return [...guarding, ...changes].map((operation) => marked(operation, mark))
}

/**
 * Who makes a network with a number, or on a physical network, writes one setting: two at once meet there. So does who
 * makes rows without any guard: else a transaction that is made again, because its answer was lost, could take place twice
 * when the first is only late.
 */
function claims(
  { networks }: Effects,
  guarding: readonly Operation[],
  rows: readonly Operation[],
  mark: string,
): [string, SettingEffect][] {
  const isUnguarded = guarding.length === 0 && rows.some(({ op }) => op === 'insert')
  const isClaim = ({ before, after }: Effect<Network>) =>
    !before && after && (after['provider:segmentation_id'] ?? after['provider:physical_network']) !== null
  return isUnguarded || [...networks.values()].some(isClaim)
    ? [['last-claim', { before: undefined, after: JSON.stringify(mark) }]]
    : []
}

/** Ports of others by the ids of their rows, which the API may know by another id. */
function byRow(ports: Effects['ports'], { portRowOf }: Northbound): Effects['ports'] {
  return new Map(
    Array.from(ports, ([id, { before, after }]) => {
      const rowId = (before && portRowOf(id)?._uuid) ?? id
      const renamed = (port: Port | undefined) => port && { ...port, id: rowId }
      return [rowId, rowId === id ? { before, after } : { before: renamed(before), after: renamed(after) }]
    }),
  )
}

function networkOperations({ before, after }: Effect<Network>): Operation[] {
  if (!after) return before ? [deleteNetwork(before)] : []
  return before ? updateNetwork(before, after) : insertNetwork(after)
}

function subnetOperations({ before, after }: Effect<Subnet>, effects: Effects, state: State): Operation[] {
  if (!after) return before ? [deleteSubnet(before)] : []
  const mtu = (when: 'before' | 'after') => mtuAt(when, after.network_id, effects, state)
  if (!before) return [insertSubnet({ subnet: after, mtu: mtu('after') })]
  return updateSubnet({ subnet: before, mtu: mtu('before') }, { subnet: after, mtu: mtu('after') })
}

/** DHCP tells the guests the MTU of their network. */
function subnetsOfResized(effects: Effects, state: State): Operation[] {
  return resizedNetworks(effects).flatMap(({ id: networkId }) =>
    state.subnets
      .find('network_id', networkId)
      .filter(({ id }) => !effects.subnets.has(id))
      .flatMap((subnet) => {
        const at = (when: 'before' | 'after'): SubnetOfNetwork => ({
          subnet,
          mtu: mtuAt(when, networkId, effects, state),
        })
        return updateSubnet(at('before'), at('after'))
      }),
  )
}

function portOperations({ before, after }: Effect<Port>): Operation[] {
  if (!after) return before ? [deletePort(before)] : []
  return before ? updatePort(before, after) : insertPort(after)
}

function groupOperations({ before, after }: Effect<SecurityGroup>): Operation[] {
  if (!after) return before ? [deleteGroup(before)] : []
  return before ? updateGroup(before, after) : [insertGroup(after)]
}

function ruleOperations(
  { before, after }: Effect<SecurityGroupRule>,
  effects: Effects,
  state: State,
  nameOf: NameOfGroup,
): Operation[] {
  // With its group it goes anyway.
  if (!after) return before && effects.securityGroups.get(before.security_group_id)?.after ? [deleteRule(before)] : []
  if (before) return updateRule(before, after)
  const id = after.security_group_id
  const group = effects.securityGroups.get(id)?.after ?? state.securityGroups.get(id)
  return insertRule(after, group?.stateful ?? true, nameOf)
}

function rulesOfRestated(effects: Effects, state: State): Operation[] {
  const restated = [...effects.securityGroups.values()].filter(
    ({ before, after }) => before && after && before.stateful !== after.stateful,
  )
  return restated.flatMap(({ after }) =>
    state.securityGroupRules.find('security_group_id', after!.id).map((rule) => restateRule(rule, after!.stateful)),
  )
}

/** The group that drops is made with the first port that needs it. */
function memberships({ ports }: Effects, { portGroupsByName }: Northbound): Operation[] {
  const known = portGroupsByName.get(dropGroupName)
  const drop = known?._uuid ?? randomUUID()
  const operations = [...ports.values()].flatMap(({ before, after }) =>
    after ? membershipOperations(before, after, drop) : [],
  )
  return operations.length > 0 ? [...prepareDropGroup(drop, known), ...operations] : operations
}

function guards(effects: Effects, { switches, switchPorts, dhcpOptions, portGroups }: Northbound): Operation[] {
  const networkIds = new Set<string>()
  for (const { before } of effects.networks.values()) if (before) networkIds.add(before.id)
  for (const { before, after } of effects.subnets.values()) networkIds.add((after ?? before)!.network_id)
  for (const { before, after } of effects.ports.values())
    if (isReaddressed(before, after) || hasOwnDhcp(after)) networkIds.add(after!.network_id)
  const known = [...networkIds].flatMap((id) => switches.get(id) ?? [])
  const removed = new Set([...effects.networks.values()].filter(({ after }) => !after).map(({ before }) => before?.id))
  const ports = [...effects.ports.values()].flatMap(({ before }) => (before && switchPorts.get(before.id)) ?? [])
  const changedGroups = [...effects.securityGroups.values()].flatMap(({ before }) => before?.id ?? [])
  const joinedGroups = [...effects.ports.values()].flatMap(({ after }) => after?.security_groups ?? [])
  const groups = [...new Set([...changedGroups, ...joinedGroups])].flatMap((id) => portGroups.get(id) ?? [])
  return [
    ...groups.map((row) => guardGroup(row, changedGroups.includes(row._uuid))),
    ...known.flatMap((row) => (removed.has(row._uuid) ? guardEmptySwitch(row) : guardSwitch(row))),
    ...[...effects.subnets.keys()].flatMap((id) => dhcpOptions.get(id) ?? []).map(guardSubnet),
    ...ports.map(guardPort),
  ]
}

/** New, or with other addresses: then it must not meet another port that took the same meanwhile. */
function isReaddressed(before: Port | undefined, after: Port | undefined): boolean {
  if (!after) return false
  return before?.mac_address !== after.mac_address || !isDeepStrictEqual(before?.fixed_ips, after.fixed_ips)
}
