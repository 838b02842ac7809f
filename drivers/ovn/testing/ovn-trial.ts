// One bed for the tests of a file: a driver on each host, everything unplugged after each test, all gone at the end.
import { after, afterEach, before } from 'node:test'
import type { RunningDriver } from '@patchbay/vif-driver/conformance/bed.ts'
import type { NicOnHost } from '@patchbay/vif-driver/conformance/nic-on-host.ts'
import { startTrial, type Trial } from '@patchbay/vif-driver/conformance/trial.ts'
import type { VifDriver } from '@patchbay/vif-driver/contract.ts'
import { bedUnavailable } from '@patchbay/vif-driver/testing/bed-unavailable.ts'
import type { LabBedHost } from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import type { LabGuest } from '@patchbay/vif-driver/testing/lab-guest.ts'
import type { OvnHost } from '../../../lab/data-planes/ovn-host.ts'
import { ovnUnavailable } from '../../../lab/lab-unavailable.ts'
import { type OvnBed, openOvnBed } from './ovn-bed.ts'

export interface OvnTrial {
  readonly bed: OvnBed
  readonly trial: Trial
  readonly host: LabBedHost
  /** Of that host. */
  readonly chassis: OvnHost
  /** A driver on the host that waits half a second for a NIC to be wired. */
  impatient(): Promise<VifDriver>
  /** A new NIC, up to the moment in which its interface exists. */
  withInterface(): Promise<OvnNic>
}

export interface OvnNic {
  readonly on: NicOnHost
  readonly portId: string
  readonly guest: LabGuest
}

export const skip = bedUnavailable() ?? ovnUnavailable()

/** Registers the hooks. The answer is what the tests call. */
export function ovnTrial(): () => OvnTrial {
  let current: OvnTrial | undefined
  let started: (Trial & AsyncDisposable) | undefined
  before(async () => {
    if (skip) return
    const bed = await openOvnBed()
    started = await startTrial(bed)
    current = trialOn(bed, started)
  })
  afterEach(() => started?.tidy())
  after(() => started?.[Symbol.asyncDispose]())
  return () => current!
}

function trialOn(bed: OvnBed, trial: Trial): OvnTrial {
  const host = bed.hosts[0]!
  let impatient: Promise<RunningDriver> | undefined
  return {
    bed,
    trial,
    host,
    chassis: bed.ovn.chassis.get(host.name)!,
    async impatient() {
      // It ends with the laboratory.
      impatient ??= host.startDriver({ 'wire-timeout': 0.5 })
      return (await impatient).driver
    },
    async withInterface() {
      const on = await trial.newNic()
      await on.call('plug_device', 'before')
      await on.makeInterface()
      return { on, portId: on.nic.properties.vnic_id, guest: host.guestOf(on.nic) }
    },
  }
}
