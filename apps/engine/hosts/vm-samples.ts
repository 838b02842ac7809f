// What each host told of its VMs the last time it was asked for all of them: what rates are measured against.
import type { VmReport } from './vm-watch.ts'

export interface VmSamples {
  /** In place of what was told before. */
  record(hostId: string, reports: readonly VmReport[]): void
  of(hostId: string, vmId: string): VmReport | undefined
}

export function createVmSamples(): VmSamples {
  const ofHosts = new Map<string, ReadonlyMap<string, VmReport>>()
  return {
    record: (hostId, reports) => void ofHosts.set(hostId, new Map(reports.map((report) => [report.vmId, report]))),
    of: (hostId, vmId) => ofHosts.get(hostId)?.get(vmId),
  }
}
