// A host of the laboratory as a host of the suite's bed: drivers run in processes on it, guests are namespaces.

import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import { CommandFailed } from '../../../lab/processes/command.ts'
import type { BedHost, BedNic, PlacedNic, RunningDriver } from '../conformance/bed.ts'
import { type DriverPackage, readDriverPackage } from '../exec/driver-package.ts'
import { startDriverProcess, stateDirOn } from './driver-process.ts'
import { tracesOn } from './host-traces.ts'
import { type LabGuest, makeGuest } from './lab-guest.ts'

export interface LabBedHost extends BedHost {
  readonly lab: LabHost
  /** `options` are added to those that the driver has on every host. */
  startDriver(options?: object, env?: Record<string, string>, instance?: string): Promise<RunningDriver>
  /** The guest of a NIC whose interface was made here. */
  guestOf(nic: BedNic): LabGuest
}

export interface LabNic extends BedNic {
  /** What its guest configures, with prefix length. */
  readonly addresses: readonly string[]
}

/** `path`: of a `driver.ts`, or of the folder of a driver that is an executable. */
export function labBedHost(lab: LabHost, driver: { path: string; options?: object }): LabBedHost {
  const executable = driver.path.endsWith('.ts') ? undefined : readDriverPackage(driver.path)
  const guests = new Map<string, LabGuest>()
  return {
    name: lab.name,
    lab,
    async startDriver(more, env, instance) {
      const options = { ...driver.options, ...more }
      const { driver: started, kill } = await startDriverProcess(lab, { path: driver.path, options, env, instance })
      return { driver: started, kill, canBeKilled: true }
    },
    async makeInterface(nic, domxml) {
      guests.set(nic.properties.vnic_id, await makeGuest(lab, domxml, (nic as LabNic).addresses))
    },
    async removeInterface({ properties }) {
      await guests.get(properties.vnic_id)!.remove()
      guests.delete(properties.vnic_id)
    },
    ...(executable && {
      execute: (verb: string, request: string) => execute(lab, executable, verb, request),
      requestParts: { options: driver.options ?? {}, host: { hostName: lab.name, stateDir: stateDirOn(lab) } },
    }),
    traces: () => tracesOn(lab),
    guestOf: ({ properties }) => guests.get(properties.vnic_id)!,
  }
}

async function execute(lab: LabHost, { executable, folder }: DriverPackage, verb: string, input: string) {
  try {
    const { stdout } = await lab.exec(['sh', '-c', 'cd "$1" && exec "$2" "$3"', 'sh', folder, executable, verb], {
      input,
    })
    return { exitCode: 0, stdout }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return { exitCode: error.exitCode, stdout: error.stdout }
  }
}

/** For the bed's `carries`: one ping, which needs frames both ways. */
export function carriesPing(from: PlacedNic, to: PlacedNic): Promise<boolean> {
  const [address = ''] = (to.nic as LabNic).addresses[0]?.split('/') ?? []
  return (from.host as LabBedHost).guestOf(from.nic).reaches(address)
}

export interface LabPort {
  readonly id: string
  readonly mac: string
  readonly addresses: readonly string[]
  readonly pluginType: string
}

let vms = 0

/** A port as the NIC of another VM. */
export function labNic({ id, mac, addresses, pluginType }: LabPort): LabNic {
  return {
    addresses,
    domxml:
      `<interface type="bridge"><mac address="${mac}"/><model type="virtio"/><source bridge=";vdsmdummy;"/>` +
      `<link state="up"/><alias name="ua-${id}"/></interface>`,
    properties: {
      vnic_id: id,
      provider_type: 'EXTERNAL_NETWORK',
      plugin_type: pluginType,
      vmId: `vm-${++vms}`,
    },
  }
}
