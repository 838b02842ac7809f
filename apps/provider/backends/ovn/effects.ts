// What changes did to resources, and the transaction that does the same to the northbound database.
import { isDeepStrictEqual } from 'node:util'
import type { Network } from '@patchbay/networking-api/networks.ts'
import type { Port } from '@patchbay/networking-api/ports.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations.ts'
import type { Settings, State, Transaction, Writer } from '../backend.ts'
import { deleteNetwork, guardSwitch, insertNetwork, updateNetwork } from './network-rows.ts'
import type { Northbound } from './northbound.ts'
import { deletePort, guardPort, insertPort, updatePort } from './port-rows.ts'
import { type SettingEffect, settingOperations } from './setting-rows.ts'
import { deleteSubnet, insertSubnet, type SubnetOfNetwork, updateSubnet } from './subnet-rows.ts'

/** One resource before and after; undefined where it was not there. */
export interface Effect<Row> {
  readonly before: Row | undefined
  readonly after: Row | undefined
}

export interface Effects {
  readonly networks: Map<string, Effect<Network>>
  readonly subnets: Map<string, Effect<Subnet>>
  readonly ports: Map<string, Effect<Port>>
  readonly settings: Map<string, SettingEffect>
}

export const noEffects = (): Effects => ({
  networks: new Map(),
  subnets: new Map(),
  ports: new Map(),
  settings: new Map(),
})

/** The transaction, with all that is done through it written down. */
export function recorded(transaction: Transaction, effects: Effects): Transaction {
  return {
    ...transaction,
    networks: recording(transaction.networks, effects.networks),
    subnets: recording(transaction.subnets, effects.subnets),
    ports: recording(transaction.ports, effects.ports),
    settings: recordingSettings(transaction.settings, effects.settings),
  }
}

const kinds = ['networks', 'subnets', 'ports'] as const
const allKinds = [...kinds, 'settings'] as const

/** Later effects on top of earlier ones. */
export function merge(into: Effects, later: Effects): void {
  for (const kind of allKinds) {
    const known = into[kind] as Map<string, Effect<unknown>>
    for (const [id, effect] of later[kind])
      known.set(id, { before: known.has(id) ? known.get(id)!.before : effect.before, after: effect.after })
  }
}

function recording<Row extends { readonly id: string }>(
  writer: Writer<Row>,
  effects: Map<string, Effect<Row>>,
): Writer<Row> {
  const note = (id: string, after: Row | undefined) =>
    effects.set(id, { before: effects.has(id) ? effects.get(id)!.before : writer.get(id), after })
  return {
    ...writer,
    insert(row) {
      effects.set(row.id, { before: effects.get(row.id)?.before, after: row })
      writer.insert(row)
    },
    update(row) {
      note(row.id, row)
      writer.update(row)
    },
    remove(id) {
      note(id, undefined)
      writer.remove(id)
    },
  }
}

function recordingSettings(settings: Settings, effects: Map<string, SettingEffect>): Settings {
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value))
  const note = (key: string, value: unknown) => {
    const before = effects.has(key) ? effects.get(key)!.before : json(settings.get(key))
    effects.set(key, { before, after: json(value) })
  }
  return {
    ...settings,
    set(key, value) {
      note(key, value)
      settings.set(key, value)
    },
    remove(key) {
      note(key, undefined)
      settings.remove(key)
    },
  }
}

/**
 * The operations, with guards: on each switch whose addresses, subnets or existence matter, and on each port that is
 * changed. `state`: as the effects found it. Without effects, none.
 */
export function operationsOf(effects: Effects, state: State, northbound: Northbound): Operation[] {
  const changes = [
    ...[...effects.networks.values()].flatMap(networkOperations),
    ...[...effects.subnets.values()].flatMap((effect) => subnetOperations(effect, effects, state)),
    ...subnetsOfResized(effects, state),
    ...[...effects.ports.values()].flatMap(portOperations),
    ...settingOperations(effects.settings, [...northbound.global.rows()][0]),
  ]
  return changes.length === 0 ? [] : [...guards(effects, northbound), ...changes]
}

function networkOperations({ before, after }: Effect<Network>): Operation[] {
  if (!after) return before ? [deleteNetwork(before)] : []
  return before ? updateNetwork(before, after) : insertNetwork(after)
}

function subnetOperations({ before, after }: Effect<Subnet>, effects: Effects, state: State): Operation[] {
  if (!after) return before ? [deleteSubnet(before)] : []
  const { old, now } = mtuOf(after.network_id, effects, state)
  if (!before) return [insertSubnet({ subnet: after, mtu: now })]
  return updateSubnet({ subnet: before, mtu: old }, { subnet: after, mtu: now })
}

/** DHCP tells the guests the MTU of their network. */
function subnetsOfResized(effects: Effects, state: State): Operation[] {
  const resized = [...effects.networks.values()].filter(
    ({ before, after }) => after && before && after.mtu !== before.mtu,
  )
  return resized.flatMap(({ before, after }) =>
    state.subnets
      .find('network_id', after!.id)
      .filter(({ id }) => !effects.subnets.has(id))
      .flatMap((subnet) => {
        const of = (mtu: number): SubnetOfNetwork => ({ subnet, mtu })
        return updateSubnet(of(before!.mtu), of(after!.mtu))
      }),
  )
}

function mtuOf(networkId: string, { networks }: Effects, state: State): { old: number; now: number } {
  const effect = networks.get(networkId)
  const known = state.networks.get(networkId)
  return { old: known?.mtu ?? 0, now: effect?.after?.mtu ?? known?.mtu ?? 0 }
}

function portOperations({ before, after }: Effect<Port>): Operation[] {
  if (!after) return before ? [deletePort(before)] : []
  return before ? updatePort(before, after) : insertPort(after)
}

function guards(effects: Effects, { switches, switchPorts }: Northbound): Operation[] {
  const networkIds = new Set<string>()
  for (const { before } of effects.networks.values()) if (before) networkIds.add(before.id)
  for (const { before, after } of effects.subnets.values()) networkIds.add((after ?? before)!.network_id)
  for (const { before, after } of effects.ports.values())
    if (isReaddressed(before, after)) networkIds.add(after!.network_id)
  const known = [...networkIds].flatMap((id) => switches.get(id) ?? [])
  const removed = new Set([...effects.networks.values()].filter(({ after }) => !after).map(({ before }) => before?.id))
  const ports = [...effects.ports.values()].flatMap(({ before }) => (before && switchPorts.get(before.id)) ?? [])
  return [...known.flatMap((row) => guardSwitch(row).slice(0, removed.has(row._uuid) ? 1 : 2)), ...ports.map(guardPort)]
}

/** New, or with other addresses: then it must not meet another port that took the same meanwhile. */
function isReaddressed(before: Port | undefined, after: Port | undefined): boolean {
  if (!after) return false
  return before?.mac_address !== after.mac_address || !isDeepStrictEqual(before?.fixed_ips, after.fixed_ips)
}

/** Whether the state shows what the effects did: a transaction took place as a whole or not at all. */
export function haveLanded(effects: Effects, state: State): boolean {
  const resources = kinds.some((kind) =>
    [...(effects[kind] as Map<string, Effect<object>>)].some(([id, { before, after }]) => {
      const now = state[kind].get(id)
      return after ? isDeepStrictEqual(withoutStatus(now), withoutStatus(after)) : before !== undefined && !now
    }),
  )
  return (
    resources || [...effects.settings].some(([key, { after }]) => JSON.stringify(state.settings.get(key)) === after)
  )
}

/** OVN's to change. */
const withoutStatus = (row: object | undefined) => row && { ...row, status: undefined }
