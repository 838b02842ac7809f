// VM.migrationCreate, on the destination: networks and interfaces are ready here before the source lets go.
import { VdsmError, vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { readDomain } from '../domain-xml/domain.ts'
import { HookError } from '../hooks/hook-error.ts'
import type { IncomingGuest } from '../hypervisors/hypervisor.ts'
import { newNic, recordInterfaces, undoCreate } from './create-vm.ts'
import { domainOf } from './domain-of.ts'
import type { VmParts } from './vm-parts.ts'
import { exitReasons, type VmRecord } from './vm-record.ts'

export interface Reception {
  readonly vm: VmRecord
  readonly port: number
  readonly secret: string
}

/** Resolves when the VM can be sent; it is Up here when it has come, or Down when it did not. */
export async function migrateIn(parts: VmParts, sourceXml: string): Promise<Reception> {
  const { vmId, name, custom, nics } = readDomain(sourceXml)
  if (parts.store.get(vmId)) throw vdsmError('VMExists', { vmId })
  parts.store.put({ vmId, name, status: 'Migration Destination', custom, xml: sourceXml, nics: nics.map(newNic) })
  return parts.locks.exclusive(vmId, async () => {
    try {
      const incoming = await prepare(parts, vmId, sourceXml)
      void incoming.completed.then(
        () => parts.locks.exclusive(vmId, () => arrived(parts, vmId, sourceXml)),
        (error) => parts.locks.exclusive(vmId, () => neverCame(parts, vmId, error)),
      )
      return { vm: parts.store.get(vmId)!, port: incoming.port, secret: incoming.secret }
    } catch (error) {
      await undoCreate(parts, vmId)
      parts.store.remove(vmId)
      throw failure(error)
    }
  })
}

async function prepare(
  { store, hooks, wiring, hypervisor }: VmParts,
  vmId: string,
  sourceXml: string,
): Promise<IncomingGuest> {
  const { nics } = store.get(vmId)!
  for (const { mac } of nics) await wiring.prepareArrival(vmId, mac)
  const vm = store.get(vmId)!
  await hooks.runXml('before_vm_migrate_destination', sourceXml, { vm })
  const interfaces = nics.map(({ xml }) => xml)
  const incoming = await hypervisor.prepareIncoming({ vmId, name: vm.name, interfaces, domainXml: sourceXml })
  if (hypervisor.incomingInterfaces === 'at-preparation')
    await connectAll(wiring, vm).catch((error) => {
      incoming.abort()
      throw error
    })
  return incoming
}

async function connectAll(wiring: VmParts['wiring'], { vmId, nics }: VmRecord): Promise<void> {
  for (const { mac } of nics) await wiring.connectArrival(vmId, mac)
}

async function arrived(parts: VmParts, vmId: string, domainXml: string): Promise<void> {
  const { store, hooks, wiring, hypervisor, log } = parts
  if (!store.get(vmId)) return
  if (hypervisor.incomingInterfaces === 'at-completion') {
    await connectAll(wiring, store.get(vmId)!).catch((error) =>
      log.error({ vmId, err: error }, 'a NIC is not wired after the migration'),
    )
  }
  await recordInterfaces(store, hypervisor, vmId, domainXml)
  store.setStatus(vmId, 'Up')
  const vm = store.get(vmId)!
  await hooks.runXml('after_vm_migrate_destination', domainOf(vm), { vm })
  for (const { custom, xml } of vm.nics) {
    if (custom) await hooks.runXml('after_device_migrate_destination', xml, { params: custom, vm })
  }
}

async function neverCame(parts: VmParts, vmId: string, error: Error): Promise<void> {
  if (!parts.store.get(vmId)) return
  await undoCreate(parts, vmId)
  parts.store.setStatus(vmId, 'Down', {
    exitCode: 1,
    exitReason: exitReasons.generic,
    exitMessage: `The VM did not arrive: ${error.message}`,
  })
}

function failure(error: unknown): unknown {
  if (error instanceof VdsmError) return error
  if (error instanceof HookError) return vdsmError('HookFailed', `Destination hook failed: ${error.message}`)
  return vdsmError('CannotCreateVM', (error as Error).message)
}
