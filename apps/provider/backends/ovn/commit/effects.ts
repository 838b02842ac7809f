// What changes did to resources, written down while they do it.
import type { FloatingIp } from '@patchbay/networking-api/resources/floating-ips.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { SecurityGroup, SecurityGroupRule } from '@patchbay/networking-api/resources/security-groups.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { Settings, Transaction, Writer } from '../../backend.ts'
import type { SettingEffect } from '../rows/setting-rows.ts'

/** One resource before and after; undefined where it was not there. */
export interface Effect<Row> {
  readonly before: Row | undefined
  readonly after: Row | undefined
}

export interface Effects {
  readonly networks: Map<string, Effect<Network>>
  readonly subnets: Map<string, Effect<Subnet>>
  readonly ports: Map<string, Effect<Port>>
  readonly securityGroups: Map<string, Effect<SecurityGroup>>
  readonly securityGroupRules: Map<string, Effect<SecurityGroupRule>>
  readonly routers: Map<string, Effect<Router>>
  readonly floatingIps: Map<string, Effect<FloatingIp>>
  readonly settings: Map<string, SettingEffect>
}

export const noEffects = (): Effects => ({
  networks: new Map(),
  subnets: new Map(),
  ports: new Map(),
  securityGroups: new Map(),
  securityGroupRules: new Map(),
  routers: new Map(),
  floatingIps: new Map(),
  settings: new Map(),
})

export interface Recorder {
  /** What is done through it is written down. */
  readonly transaction: Transaction
  /** What was done since the last call. */
  take(): Effects
}

/** One for many changes: making it costs more than a change does. */
export function createRecorder(transaction: Transaction): Recorder {
  let effects = noEffects()
  return {
    transaction: {
      ...transaction,
      networks: recording(transaction.networks, () => effects.networks),
      subnets: recording(transaction.subnets, () => effects.subnets),
      ports: recording(transaction.ports, () => effects.ports),
      securityGroups: recording(transaction.securityGroups, () => effects.securityGroups),
      securityGroupRules: recording(transaction.securityGroupRules, () => effects.securityGroupRules),
      routers: recording(transaction.routers, () => effects.routers),
      floatingIps: recording(transaction.floatingIps, () => effects.floatingIps),
      settings: recordingSettings(transaction.settings, () => effects.settings),
    },
    take() {
      const taken = effects
      effects = noEffects()
      return taken
    },
  }
}

const allKinds = [
  'networks',
  'subnets',
  'ports',
  'securityGroups',
  'securityGroupRules',
  'routers',
  'floatingIps',
  'settings',
] as const

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
  effectsNow: () => Map<string, Effect<Row>>,
): Writer<Row> {
  const note = (id: string, after: Row | undefined) => {
    const effects = effectsNow()
    const known = effects.get(id)
    effects.set(id, { before: known ? known.before : writer.get(id), after })
  }
  return {
    ...writer,
    insert(row) {
      const effects = effectsNow()
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

function recordingSettings(settings: Settings, effectsNow: () => Map<string, SettingEffect>): Settings {
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value))
  const note = (key: string, value: unknown) => {
    const effects = effectsNow()
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
