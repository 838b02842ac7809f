// What hosts tell of their VMs, held against what the engine believes of them.
import { Fault } from '../faults.ts'
import type { VmOnHost, VmReport } from '../hosts/vm-watch.ts'
import { destroyOnHost, stopVm } from '../lifecycle/vms/stop-vm.ts'
import { recordUnknown, reportedStatus } from '../lifecycle/vms/vm-status.ts'
import { shared } from '../lifecycle/workflows/locks.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Vm, VmStatus } from '../store/entities/vms.ts'
import type { Tables } from '../store/store.ts'

/** Everything that a host has. Behind: what follows from it may call the host. */
export async function compareVms(parts: Parts, host: Host, told: readonly VmReport[]): Promise<void> {
  const expected = await parts.store.vms.find({ hostId: host.id })
  const reports = new Map(told.map((report) => [report.vmId, report]))
  for (const { id } of expected) if (!reports.has(id)) void vmEnded(parts, host, id)
  // Nearly all are as they are believed to be: of those nothing is asked again.
  const believed = new Map(expected.map(({ id, status }) => [id, status]))
  for (const report of told)
    if (isEnded(report) || believed.get(report.vmId) !== reportedStatus(report)) recordReport(parts, host, report)
}

/** The host is known to be off: its VMs are down. Resolves when all of them are. */
export async function endVmsOf(parts: Parts, host: Host): Promise<void> {
  const vms = await parts.store.vms.find({ hostId: host.id })
  await Promise.all(vms.map(({ id }) => vmEnded(parts, host, id)))
}

/** Nobody knows what becomes of them while it stays away; its next report tells. */
export async function loseVmsOf(parts: Parts, host: Host): Promise<void> {
  const vms = await parts.store.vms.find({ hostId: host.id })
  const trusted = vms.filter(({ status }) => status !== 'unknown' && followed.includes(status))
  await Promise.all(trusted.map((vm) => loseSightOf(parts, vm)))
}

/** One VM, also as an event of the host. */
export function recordReport(parts: Parts, host: Host, report: VmReport): void {
  if (isEnded(report)) void vmEnded(parts, host, report.vmId)
  else void recordThatItRuns(parts, host, report)
}

const isEnded = ({ status }: VmOnHost) => status === 'Down' || status === 'gone'

/** Of VMs in another status a workflow tells what they are. */
const followed: readonly VmStatus[] = ['powering_up', 'up', 'paused', 'powering_down', 'reboot_in_progress', 'unknown']

/** While somebody works on the VM its status is theirs; the host will tell again. */
async function recordThatItRuns(parts: Parts, host: Host, report: VmReport): Promise<void> {
  const { store, locks, log } = parts
  try {
    const vm = await store.vms.get(report.vmId)
    const status = reportedStatus(report)
    if (!vm || !status || vm.status === status) return
    const isFollowed = vm.hostId === host.id && followed.includes(vm.status)
    const isStray = vm.hostId === '' && vm.status === 'down'
    if (!isFollowed && !isStray) return
    const record = async () => {
      const now = await store.vms.get(vm.id)
      if (now?.status !== vm.status || now.hostId !== vm.hostId) return
      if (isStray) await takeOver(parts, host, vm)
      else await store.vms.update(vm.id, { status })
    }
    await locks.during([isStray ? `vm:${vm.id}` : shared(`vm:${vm.id}`)], action, record, { isBrief: true })
  } catch (error) {
    if (!isBusy(error))
      log.warn({ vmId: report.vmId, host: host.name, err: error }, 'the status of a VM was not recorded')
  }
}

/** Somebody who works on the VM finds out by himself. */
async function loseSightOf({ store, locks, events }: Parts, vm: Vm): Promise<void> {
  const record = () =>
    store.transaction(async (tables) => {
      const now = await tables.vms.get(vm.id)
      if (now?.status !== vm.status || now.hostId !== vm.hostId) return
      await recordUnknown(events, tables, vm)
    })
  try {
    await locks.during([shared(`vm:${vm.id}`)], action, record, { isBrief: true })
  } catch (error) {
    if (!isBusy(error)) throw error
  }
}

/** The engine believes that it is down, as after a manual fence, but there it runs. */
async function takeOver({ store, watch }: Parts, host: Host, { id }: Vm): Promise<void> {
  const status = reportedStatus(await watch.look(host.id, id))
  if (status) await store.vms.update(id, { status, hostId: host.id, statusDetail: '' })
}

/** A VM that ended by itself is cleaned up. A workflow at work on it sees it first, and may leave nothing to do. */
async function vmEnded(parts: Parts, host: Host, vmId: string): Promise<void> {
  try {
    for (let isSettled = false; !isSettled; ) {
      await parts.locks.released(`vm:${vmId}`)
      isSettled = await cleanUp(parts, host, vmId)
    }
  } catch (error) {
    parts.log.warn({ vmId, host: host.name, err: error }, 'a VM that went down could not be cleaned up')
  }
}

/** False when somebody began to work on the VM before this could. */
async function cleanUp(parts: Parts, host: Host, vmId: string): Promise<boolean> {
  const vm = await parts.store.vms.get(vmId)
  if (!vm) return true
  try {
    await (vm.hostId === host.id ? recordThatItEnded(parts, host, vm) : removeLeftover(parts, host, vm))
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}

const action = 'clean up VM'
const isBusy = (error: unknown) => error instanceof Fault && error.key === 'RELATED_OPERATION'

async function recordThatItEnded({ events, store, watch, workflows }: Parts, host: Host, vm: Vm): Promise<void> {
  const told = await watch.look(host.id, vm.id)
  if (!isEnded(told)) return
  const check = async () => {
    const now = await store.vms.get(vm.id)
    if (now?.hostId !== host.id) throw new Fault('RELATED_OPERATION', { action, kind: 'migrate-vm' })
    return {}
  }
  // What a guest did by itself, or was asked to, is no failure.
  const isShutdown = told.exitCode === 0
  const reason = told.exitMessage ?? 'it is gone'
  const statusDetail = isShutdown ? '' : reason
  const record = (_state: object, tables: Tables) =>
    events
      .about({ vm, host })
      .record(tables, isShutdown ? 'VM_DOWN' : 'VM_DOWN_ERROR', `VM ${vm.name} is down on host ${host.name}: ${reason}`)
  await workflows.start(stopVm, { vmId: vm.id, hostId: host.id, statusDetail }, { action, of: vm.name, check, record })
}

/** The VM runs elsewhere, or nowhere: what a migration left here would be in the way of its return. */
async function removeLeftover(parts: Parts, host: Host, vm: Vm): Promise<void> {
  const remove = async () => {
    const now = await parts.store.vms.get(vm.id)
    if (now?.hostId === host.id) throw new Fault('RELATED_OPERATION', { action, kind: 'run-vm' })
    if ((await parts.watch.look(host.id, vm.id)).status === 'Down') await destroyOnHost(parts, host.id, vm.id)
  }
  await parts.locks.during([`vm:${vm.id}`], action, remove, { isBrief: true })
}
