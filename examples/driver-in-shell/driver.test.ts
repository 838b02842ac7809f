// The driver in shell keeps the specification, the exec protocol included.
import type { DriverBed } from '@patchbay/vif-driver/conformance/bed.ts'
import { describeVifDriver } from '@patchbay/vif-driver/describe-driver.ts'
import { bedUnavailable } from '@patchbay/vif-driver/testing/bed-unavailable.ts'
import { carriesPing, labBedHost } from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import { madeUpNics } from '@patchbay/vif-driver/testing/made-up-nics.ts'
import { createLab } from '../../lab/lab.ts'

const folder = import.meta.dirname

describeVifDriver({ name: 'in shell', openBed, skip: bedUnavailable(['ping', 'jq']) })

async function openBed(): Promise<DriverBed> {
  const lab = await createLab({ hosts: ['host-a'] })
  const host = lab.host('host-a')
  await host.exec(['ip', '-batch', '-'], { input: 'link add br0 type bridge forward_delay 0\nlink set br0 up\n' })
  return {
    hosts: [labBedHost(host, { path: folder, options: { bridge: 'br0' } })],
    newNic: madeUpNics('HOST_BRIDGE_SH'),
    carries: carriesPing,
    [Symbol.asyncDispose]: lab.down,
  }
}
