// One bed for the tests of a file: a driver on each host, everything unplugged after each test, all gone at the end.
import { after, afterEach, before, type TestContext } from 'node:test'
import type { NicOnHost } from '@patchbay/vif-driver/conformance/nic-on-host.ts'
import { startTrial, type Trial } from '@patchbay/vif-driver/conformance/trial.ts'
import type { VifDriver } from '@patchbay/vif-driver/contract.ts'
import { bedUnavailable } from '@patchbay/vif-driver/testing/bed-unavailable.ts'
import type { LabBedHost } from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import type { LabGuest } from '@patchbay/vif-driver/testing/lab-guest.ts'
import {
  type LinuxBridgeBed,
  type LinuxBridgeBedSettings,
  type LinuxBridgeNic,
  openLinuxBridgeBed,
} from './linux-bridge-bed.ts'

export interface LinuxBridgeTrial {
  readonly bed: LinuxBridgeBed
  readonly trial: Trial
  readonly hosts: readonly [LabBedHost, LabBedHost]
  /** A new NIC, not plugged yet. `port` is what its port shall be. */
  placed(port?: object, host?: LabBedHost): Promise<Placed>
  plugged(port?: object, host?: LabBedHost): Promise<Placed>
}

export interface Placed {
  readonly nic: LinuxBridgeNic
  readonly on: NicOnHost
  /** Only while its interface is there. */
  readonly guest: LabGuest
}

export const skip = bedUnavailable(['ping', 'bridge', 'nft', 'dnsmasq', 'busybox'])

/** Registers the hooks. The answer is what the tests call. */
export function linuxBridgeTrial(settings?: LinuxBridgeBedSettings): () => LinuxBridgeTrial {
  let current: LinuxBridgeTrial | undefined
  let started: (Trial & AsyncDisposable) | undefined
  before(async () => {
    if (skip) return
    const bed = await openLinuxBridgeBed(settings)
    started = await startTrial(bed)
    current = trialOn(bed, started)
  })
  afterEach(() => started?.tidy())
  after(() => started?.[Symbol.asyncDispose]())
  return () => current!
}

function trialOn(bed: LinuxBridgeBed, trial: Trial): LinuxBridgeTrial {
  const [first, second] = bed.hosts
  const placed: LinuxBridgeTrial['placed'] = async (port, host = first!) => {
    const nic = await bed.newNic(port)
    return {
      nic,
      on: trial.place(nic, host),
      get guest() {
        return host.guestOf(nic)
      },
    }
  }
  return {
    bed,
    trial,
    hosts: [first!, second!],
    placed,
    async plugged(port, host) {
      const one = await placed(port, host)
      await one.on.plug()
      return one
    },
  }
}

/** Another driver, that has this provider instead of the bed's. It ends with the test. */
export async function driverWith(t: TestContext, host: LabBedHost, provider: object): Promise<VifDriver> {
  const { driver, kill } = await host.startDriver({ provider })
  t.after(kill)
  return driver
}
