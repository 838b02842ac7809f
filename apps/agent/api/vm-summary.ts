// How VDSM shows a VM in the answers of its verbs.
import { vdsmTime } from '../stats/vdsm-time.ts'
import type { VmRecord } from '../vms/vm-record.ts'

export const vmSummary = ({ vmId, status }: VmRecord) => ({ vmId, status, statusTime: vdsmTime() })
