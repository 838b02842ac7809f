// The noop driver keeps the specification of the VIF driver API, and touches nothing on the hosts.
import { join } from 'node:path'
import type { DriverBed } from '@patchbay/vif-driver/conformance/bed.ts'
import { describeVifDriver } from '@patchbay/vif-driver/describe-driver.ts'
import { labBedHost } from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import { madeUpNics } from '@patchbay/vif-driver/testing/made-up-nics.ts'
import { createLab } from '../../lab/lab.ts'
import { labUnavailable } from '../../lab/lab-unavailable.ts'

describeVifDriver({ name: 'noop', openBed, skip: labUnavailable() })

async function openBed(): Promise<DriverBed> {
  const lab = await createLab({ hosts: ['host-a', 'host-b'] })
  const path = join(import.meta.dirname, 'driver.ts')
  return {
    hosts: lab.hosts.map((host) => labBedHost(host, { path })),
    newNic: madeUpNics('NOOP'),
    [Symbol.asyncDispose]: lab.down,
  }
}
