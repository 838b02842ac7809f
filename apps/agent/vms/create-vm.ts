// VM.create: answers at once and starts the VM behind it. Its CPUs run only after all its NICs are wired.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { type DomainFacts, type NicFacts, readDomain, withNicsMetadata } from '../domain-xml/domain.ts'
import { HookError } from '../hooks/hook-error.ts'
import { readLaunchFlags, removeLaunchFlags, writeLaunchFlags } from '../hooks/launch-flags.ts'
import { exitReasons, hasProperties, type NicRecord, type VmRecord } from '../vm-records/vm-record.ts'
import { domainOf } from './domain-of.ts'
import { createDevices, prepareDisks } from './hardware/prepare-devices.ts'
import { releaseNics } from './nics/release-nics.ts'
import { inBackground, type VmParts } from './vm-parts.ts'

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
    startedAt: Date.now(),
  }
  parts.store.put(record)
  // Its disks are about to change: what was saved of it does not fit them any more.
  parts.savedVms.remove(facts.vmId)
  const started = parts.locks.exclusive(facts.vmId, () => start(parts, facts))
  inBackground(parts, facts.vmId, 'the start', started)
  return record
}

export function newNic({ mac, alias, network, custom, xml }: NicFacts): NicRecord {
  return { mac, alias, network, custom, xml, driver: undefined, state: undefined, step: 'plugging' }
}

async function start(parts: VmParts, facts: DomainFacts): Promise<void> {
  const { vmId, launchPaused } = facts
  try {
    await writeLaunchFlags(vmId, launchPaused ? startPaused : 0, parts.hookRunDir)
    await launch(parts, facts)
    await finishLaunch(parts, vmId)
  } catch (error) {
    parts.log.warn({ vmId, err: error }, 'the VM did not start')
    await giveUp(parts, vmId, (error as Error).message)
  } finally {
    await removeLaunchFlags(vmId, parts.hookRunDir)
  }
}

async function launch(parts: VmParts, { vmId, images, devices }: DomainFacts): Promise<void> {
  const { store, wiring, hypervisor, hookRunDir } = parts
  const macs = store.get(vmId)!.nics.map(({ mac }) => mac)
  await prepareDisks(parts, vmId, images)
  for (const mac of macs) await wiring.prepare(vmId, mac, 'before_device_create')
  await createDevices(parts, vmId, devices)
  const domainXml = await agreedDomain(parts, vmId)
  const interfaces = readDomain(domainXml).nics.map(({ xml }) => xml)
  const paused = ((await readLaunchFlags(vmId, hookRunDir)) & startPaused) !== 0

  await hypervisor.create({ vmId, name: store.get(vmId)!.name, interfaces, domainXml })
  for (const mac of macs) await wiring.connect(vmId, mac)
  await recordInterfaces(parts, vmId, domainXml)
  if (!paused) await hypervisor.resume(vmId)
}

/** As the scripts of before_vm_start left it. Where they refuse the VM, those of its end get it like that, too. */
async function agreedDomain({ store, hooks }: VmParts, vmId: string): Promise<string> {
  const vm = store.get(vmId)!
  try {
    return (await hooks.runXml('before_vm_start', domainOf(vm), { vm }))!
  } catch (error) {
    if (error instanceof HookError && isDomain(error.output))
      store.settle(vmId, (before) => ({ ...before, xml: error.output as string }))
    throw error
  }
}

function isDomain(xml: unknown): boolean {
  try {
    return readDomain(xml as string) !== undefined
  } catch {
    return false
  }
}

/** The guest is there, running or to be continued by somebody. May be repeated. */
export async function finishLaunch({ store, hooks, hypervisor }: VmParts, vmId: string): Promise<void> {
  const vm = store.get(vmId)!
  await hooks.runXml('after_vm_start', domainOf(vm), { vm })
  for (const { custom, xml } of vm.nics) {
    if (hasProperties(custom)) await hooks.runXml('after_device_create', xml, { params: custom, vm })
  }
  // A hook may have continued a VM that was to start paused, or somebody may have paused it.
  const running = (await hypervisor.guests()).some((guest) => guest.vmId === vmId && guest.running)
  if (store.get(vmId)!.status === 'WaitForLaunch') store.setStatus(vmId, running ? 'Up' : 'Paused')
}

/** The VM's NICs are plugged, with their elements as the hypervisor made them real. VDSM adds their networks' names. */
export async function recordInterfaces({ store, hypervisor }: VmParts, vmId: string, domainXml: string): Promise<void> {
  const interfaces = await hypervisor.interfaces(vmId)
  const real = new Map(interfaces.map((xml) => [readInterface(xml).mac, xml]))
  store.change(vmId, (vm) => ({
    ...vm,
    launched: true,
    xml: withNicsMetadata(
      domainXml,
      vm.nics.map((nic) => [nic.mac, nic]),
    ),
    nics: vm.nics.map((nic) => ({
      ...nic,
      step: 'plugged',
      xml: real.get(nic.mac) ?? nic.xml,
    })),
  }))
}

/** Nothing of the VM stays but its record, for the engine to read the reason. */
export async function giveUp(
  parts: VmParts,
  vmId: string,
  exitMessage: string,
  exitReason: number = exitReasons.generic,
): Promise<void> {
  await undoCreate(parts, vmId)
  parts.store.settle(vmId, (vm) => ({ ...vm, status: 'Down', exit: { exitCode: 1, exitReason, exitMessage } }))
}

/** Removes the guest and all that its NICs made on this host. What resists is logged, and tried again at the VM's end. */
export async function undoCreate(parts: VmParts, vmId: string): Promise<void> {
  await parts.hypervisor
    .destroy(vmId)
    .catch((error) => parts.log.error({ vmId, err: error }, 'a guest could not be removed'))
  await releaseNics(parts, vmId)
}

/** Throws CannotCreateVM. */
export function parsed(xml: string): ReturnType<typeof readDomain> {
  try {
    return readDomain(xml)
  } catch (error) {
    throw vdsmError('CannotCreateVM', (error as Error).message)
  }
}
