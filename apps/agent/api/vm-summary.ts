// How VDSM shows a VM in the answers of its verbs.
import { vdsmTime } from '../stats/vdsm-time.ts'
import { toldStatus, type VmRecord } from '../vm-records/vm-record.ts'

export const vmSummary = (vm: VmRecord) => ({ vmId: vm.vmId, status: toldStatus(vm), statusTime: vdsmTime() })
