// Calling the driver that owns a NIC: chosen by the NIC's properties, bounded in time, its failures made presentable.
import type { Call, DeviceReply, Phase, Properties, VifDriver, VmStats } from '@patchbay/vif-driver/contract.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import type { NicRecord, VmRecord } from '../vms/vm-record.ts'
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
  /** Calls a verb of the NIC's driver. For a NIC without one nothing happens. */
  call(verb: Verb, phase: Phase, vm: VmRecord, nic: NicRecord): Promise<DeviceReply>
  stats(stats: VmStats, vm: VmRecord, nic: NicRecord): Promise<VmStats>
}

export function createNicDrivers(registry: DriverRegistry, timeoutMs: number): NicDrivers {
  return {
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
      return bounded(driver, spoken, phase, timeoutMs, (signal) =>
        callVerb(driver, spoken, nic.xml, propertiesOf(vm, nic), { phase, signal, state: nic.state }),
      )
    },
    async stats(stats, vm, nic) {
      const driver = registry.byName(nic.driver ?? '')
      if (!driver?.get_stats) return stats
      return bounded(driver, 'get_stats', 'after', timeoutMs, () =>
        driver.get_stats!(stats, propertiesOf(vm, nic), nic.state),
      )
    },
  }
}

/** Whose NIC it is may not be changed from the VM's side: unlike in a hook's environment, the NIC's properties win. */
function propertiesOf(vm: VmRecord, nic: NicRecord): Properties {
  const { vnic_id = '', provider_type = '', plugin_type = '' } = nic.custom ?? {}
  return { ...vm.custom, ...nic.custom, vnic_id, provider_type, plugin_type, vmId: vm.vmId }
}

async function callVerb(
  driver: VifDriver,
  verb: Verb,
  xml: string,
  properties: Properties,
  call: Call,
): Promise<DeviceReply> {
  return (await driver[verb]!(xml, properties, call)) ?? {}
}

async function bounded<Result>(
  driver: VifDriver,
  verb: string,
  phase: Phase,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const what = `driver ${driver.manifest.name}, ${verb} (${phase})`
  const signal = AbortSignal.timeout(timeoutMs)
  const expired = Promise.withResolvers<never>()
  const onAbort = () => expired.reject(new DriverError('timeout', `${what} did not end within ${timeoutMs / 1000} s`))
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([work(signal), expired.promise])
  } catch (error) {
    if (error instanceof DriverError)
      throw new DriverError(
        error.kind,
        error.message.startsWith('driver ') ? error.message : `${what}: ${error.message}`,
        { cause: error },
      )
    throw new DriverError('internal', `${what}: ${(error as Error).message}`, { cause: error })
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
