// VM.create: answers at once and starts the VM behind it. Its CPUs run only after all its NICs are wired.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { type NicFacts, readDomain } from '../domain-xml/domain.ts'
import { readLaunchFlags, removeLaunchFlags, writeLaunchFlags } from '../hooks/launch-flags.ts'
import { domainOf } from './domain-of.ts'
import type { VmParts } from './vm-parts.ts'
import { exitReasons, type NicRecord, type VmRecord } from './vm-record.ts'

/** virDomainCreateFlags. */
const startPaused = 1

/** Accepts a VM and answers its record; the start goes on and ends in the status Up, Paused or Down. */
export function createVm(parts: VmParts, xml: string): VmRecord {
  const facts = parsed(xml)
  if (parts.store.get(facts.vmId)) throw vdsmError('VMExists', { vmId: facts.vmId })
  const record: VmRecord = {
    vmId: facts.vmId,
    name: facts.name,
    status: 'WaitForLaunch',
    custom: facts.custom,
    xml,
    nics: facts.nics.map(newNic),
  }
  parts.store.put(record)
  void parts.locks.exclusive(facts.vmId, () => start(parts, record, facts.launchPaused ? startPaused : 0))
  return record
}

export function newNic({ mac, alias, network, custom, xml }: NicFacts): NicRecord {
  return { mac, alias, network, custom, xml, driver: undefined, state: undefined, step: 'plugging' }
}

async function start(parts: VmParts, { vmId }: VmRecord, flags: number): Promise<void> {
  const { store, log } = parts
  try {
    await writeLaunchFlags(vmId, flags, parts.hookRunDir)
    await launch(parts, vmId)
  } catch (error) {
    log.warn({ vmId, err: error }, 'the VM did not start')
    await undoCreate(parts, vmId)
    store.setStatus(vmId, 'Down', {
      exitCode: 1,
      exitReason: exitReasons.generic,
      exitMessage: (error as Error).message,
    })
  } finally {
    await removeLaunchFlags(vmId, parts.hookRunDir)
  }
}

async function launch({ store, hooks, wiring, hypervisor, hookRunDir }: VmParts, vmId: string): Promise<void> {
  const nics = store.get(vmId)!.nics
  for (const { mac } of nics) await wiring.prepare(vmId, mac, 'before_device_create')
  const vm = store.get(vmId)!
  const domainXml = (await hooks.runXml('before_vm_start', domainOf(vm), { vm }))!
  const interfaces = readDomain(domainXml).nics.map(({ xml }) => xml)
  const paused = ((await readLaunchFlags(vmId, hookRunDir)) & startPaused) !== 0

  await hypervisor.create({ vmId, name: vm.name, interfaces, domainXml })
  for (const { mac } of nics) await wiring.connect(vmId, mac)
  await recordInterfaces(store, hypervisor, vmId, domainXml)
  if (!paused) await hypervisor.resume(vmId)

  await hooks.runXml('after_vm_start', domainOf(store.get(vmId)!), { vm })
  for (const nic of store.get(vmId)!.nics) {
    if (nic.custom && Object.keys(nic.custom).length > 0)
      await hooks.runXml('after_device_create', nic.xml, { params: nic.custom, vm })
  }
  // A hook may have continued a VM that was to start paused: that set the status already.
  if (store.get(vmId)!.status === 'WaitForLaunch') store.setStatus(vmId, paused ? 'Paused' : 'Up')
}

/** The VM's NICs are plugged, with their elements as the hypervisor made them real. */
export async function recordInterfaces(
  store: VmParts['store'],
  hypervisor: VmParts['hypervisor'],
  vmId: string,
  domainXml: string,
): Promise<void> {
  const real = await hypervisor.interfaces(vmId)
  store.change(vmId, (vm) => ({
    ...vm,
    xml: domainXml,
    nics: vm.nics.map((nic) => ({
      ...nic,
      step: 'plugged',
      xml: real.find((xml) => readInterface(xml).mac === nic.mac) ?? nic.xml,
    })),
  }))
}

/** Removes the guest and all that its NICs made on this host. May be repeated. */
export async function undoCreate({ store, wiring, hypervisor, log }: VmParts, vmId: string): Promise<void> {
  await hypervisor.destroy(vmId)
  for (const { mac } of store.get(vmId)!.nics) {
    await wiring
      .release(vmId, mac)
      .catch((error) => log.error({ vmId, mac, err: error }, 'a NIC could not be released'))
  }
}

function parsed(xml: string): ReturnType<typeof readDomain> {
  try {
    return readDomain(xml)
  } catch (error) {
    throw vdsmError('CannotCreateVM', (error as Error).message)
  }
}
