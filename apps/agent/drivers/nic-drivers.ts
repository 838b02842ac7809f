// Calling the driver that owns a NIC: chosen by the NIC's properties, bounded in time, its failures made presentable.
import { channel } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type {
  Call,
  Capabilities,
  DeviceReply,
  Phase,
  Properties,
  VifDriver,
  VmStats,
} from '@patchbay/vif-driver/contract.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import type { NicRecord, VmRecord } from '../vm-records/vm-record.ts'
import { checkedReply, checkedReport } from './driver-answers.ts'
import type { DriverRegistry } from './driver-registry.ts'

export type Verb = 'plug_device' | 'unplug_device' | 'migration_source' | 'migration_destination'

/** What a driver without verbs for migration is asked instead. */
const withoutMigration: Record<Verb, Verb> = {
  plug_device: 'plug_device',
  unplug_device: 'unplug_device',
  migration_source: 'unplug_device',
  migration_destination: 'plug_device',
}

export interface NicDrivers {
  /** Name of the driver that serves the NIC's plugin type. */
  ownerOf(nic: NicRecord): string | undefined
  /** Those that were found installed and cannot be used, each with the reason. */
  broken(): readonly string[]
  /** Calls a verb of the NIC's driver. For a NIC without one nothing happens. Throws a DriverError. */
  call(verb: Verb, phase: Phase, vm: VmRecord, nic: NicRecord): Promise<DeviceReply>
  /** What the NIC's driver makes of the stats. A driver that fails leaves them as they were: the VM is still a VM. */
  stats(stats: VmStats, vm: VmRecord, nic: NicRecord): Promise<VmStats>
  /** What all drivers make of the capabilities, likewise. */
  capabilities(caps: Capabilities): Promise<Capabilities>
}

export interface DriverLog {
  error(fields: object, message: string): void
}

/** What is published for each call that ended, however it did. */
export interface DriverCallEnded {
  readonly driver: string
  /** With the phase, where there is one: `plug_device (after)`. */
  readonly verb: string
  readonly ms: number
}

export const driverCalls = channel('patchbay:driver-call')

const graceMs = 1_000

export function createNicDrivers(registry: DriverRegistry, timeoutMs: number, log: DriverLog): NicDrivers {
  async function report(
    driver: VifDriver,
    verb: 'get_stats' | 'get_caps',
    own: Capabilities,
    work: () => Promise<Capabilities>,
  ): Promise<Capabilities> {
    try {
      return await bounded(driver, verb, timeoutMs, async () => checkedReport(await work()))
    } catch (error) {
      log.error({ driver: driver.manifest.name, err: error }, `${verb} of a driver failed`)
      return own
    }
  }

  return {
    broken: () => registry.broken.map(({ driver, reason }) => `driver ${driver} cannot be used: ${reason}`),
    ownerOf: (nic) => registry.byPluginType(nic.custom?.plugin_type ?? '')?.manifest.name,
    async call(verb, phase, vm, nic) {
      const driver = nic.driver === undefined ? undefined : registry.byName(nic.driver)
      if (nic.driver !== undefined && !driver)
        throw new DriverError(
          'host-setup',
          `NIC ${nic.mac} belongs to driver ${nic.driver}, which this agent no longer has`,
        )
      if (!driver) return {}
      const spoken = driver[verb] ? verb : withoutMigration[verb]
      return bounded(driver, `${spoken} (${phase})`, timeoutMs, async (signal) => {
        const call: Call = { phase, signal, state: nic.state }
        return checkedReply(await driver[spoken]!(nic.xml, propertiesOf(vm, nic), call), nic.mac)
      })
    },
    async stats(stats, vm, nic) {
      const driver = registry.byName(nic.driver ?? '')
      if (!driver?.get_stats) return stats
      return report(driver, 'get_stats', stats, () => driver.get_stats!(stats, propertiesOf(vm, nic), nic.state))
    },
    async capabilities(own) {
      let caps = own
      for (const driver of registry.drivers) {
        if (driver.get_caps) caps = await report(driver, 'get_caps', caps, () => driver.get_caps!(caps))
      }
      return caps
    },
  }
}

/** Whose NIC it is may not be changed from the VM's side: unlike in a hook's environment, the NIC's properties win. */
function propertiesOf(vm: VmRecord, nic: NicRecord): Properties {
  const { vnic_id = '', provider_type = '', plugin_type = '' } = nic.custom ?? {}
  return { ...vm.custom, ...nic.custom, vnic_id, provider_type, plugin_type, vmId: vm.vmId }
}

async function bounded<Result>(
  driver: VifDriver,
  verb: string,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const what = `driver ${driver.manifest.name}, ${verb}`
  const begun = performance.now()
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), timeoutMs)
  const running = work(over.signal)
  try {
    await Promise.race([running.catch(() => {}), once(over.signal, 'abort')])
    if (!over.signal.aborted) return await running
    // Calls for one VM do not overlap, as long as the driver ends when it is told to.
    await Promise.race([running.catch(() => {}), delay(graceMs, undefined, { ref: false })])
    throw new DriverError('timeout', `${what} did not end within ${timeoutMs / 1000} s`)
  } catch (error) {
    throw presentable(error, what)
  } finally {
    clearTimeout(timer)
    const ended: DriverCallEnded = { driver: driver.manifest.name, verb, ms: performance.now() - begun }
    driverCalls.publish(ended)
  }
}

/** Drivers throw what they like. */
function presentable(error: unknown, what: string): DriverError {
  if (error instanceof DriverError && error.message.startsWith('driver ')) return error
  const reason = error instanceof Error ? error.message : `it threw ${JSON.stringify(error)}, which is no Error`
  return new DriverError(error instanceof DriverError ? error.kind : 'internal', `${what}: ${reason}`, { cause: error })
}
