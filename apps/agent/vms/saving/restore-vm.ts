// VM.create of a VM that hibernates: its NICs are wired as at a start, and it goes on where it was saved.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { type DomainFacts, readDomain, withInterfaces } from '../../domain-xml/domain.ts'
import type { VmRecord } from '../../vm-records/vm-record.ts'
import { giveUp, newNic, parsed, recordInterfaces } from '../create-vm.ts'
import { domainOf } from '../domain-of.ts'
import { prepareSavedDisks } from '../hardware/prepare-devices.ts'
import { inBackground, type VmParts } from '../vm-parts.ts'

/** Accepts it and answers its record. The domain is the saved one: the memory fits no other. */
export function restoreVm(parts: VmParts, xml: string, handle: string): VmRecord {
  const { vmId } = parsed(xml)
  if (parts.store.get(vmId)) throw vdsmError('VMExists', { vmId })
  const saved = parts.savedVms.read(vmId, handle)
  if (!saved) throw vdsmError('CannotCreateVM', `this host has no saved state "${handle}" of VM ${vmId}`)
  const facts = readDomain(saved.domainXml)
  const { name, custom, nics } = facts
  const record: VmRecord = {
    vmId,
    name,
    status: 'Restoring state',
    custom,
    xml: saved.domainXml,
    nics: nics.map(newNic),
    startedAt: Date.now(),
  }
  parts.store.put(record)
  const restored = parts.locks.exclusive(vmId, () => restore(parts, { ...facts, vmId }, saved.memoryFile))
  inBackground(parts, vmId, 'the restoring', restored)
  return record
}

/** The state is kept when it fails, for another attempt. */
async function restore(parts: VmParts, facts: DomainFacts, memoryFile: string): Promise<void> {
  const { vmId } = facts
  try {
    await revive(parts, facts, memoryFile)
  } catch (error) {
    parts.log.warn({ vmId, err: error }, 'the VM was not restored')
    return giveUp(parts, vmId, (error as Error).message)
  }
  await finishRestore(parts, vmId)
}

/** As VDSM does, hooks of devices are not asked again: the domain has what they made of them. */
async function revive(parts: VmParts, { vmId, images }: DomainFacts, memoryFile: string): Promise<void> {
  const { store, hooks, wiring, hypervisor } = parts
  const macs = store.get(vmId)!.nics.map(({ mac }) => mac)
  await prepareSavedDisks(parts, vmId, images)
  for (const mac of macs) await wiring.prepareRestored(vmId, mac)
  const vm = store.get(vmId)!
  await hooks.runXml('before_vm_start', domainOf(vm), { vm })
  await hooks.runXml('before_vm_dehibernate', domainOf(vm), { vm, params: notFromSnapshot })
  const interfaces = vm.nics.map(({ xml }) => xml)
  const domainXml = withInterfaces(vm.xml, interfaces)
  await hypervisor.restore({ vmId, name: vm.name, interfaces, domainXml }, memoryFile)
  for (const mac of macs) await wiring.connect(vmId, mac)
  await recordInterfaces(parts, vmId, domainXml)
  await hypervisor.resume(vmId)
}

/** The guest runs: its memory of before is worth nothing any more. May be repeated. */
export async function finishRestore({ store, hooks, savedVms }: VmParts, vmId: string): Promise<void> {
  savedVms.remove(vmId)
  const vm = store.get(vmId)!
  await hooks.runXml('after_vm_dehibernate', domainOf(vm), { vm, params: notFromSnapshot })
  if (store.get(vmId)!.status === 'Restoring state') store.setStatus(vmId, 'Up')
}

/** In the environment of the scripts. */
const notFromSnapshot = { FROM_SNAPSHOT: 'False' }
