// VM.migrationCreate, on the destination: networks and interfaces are ready here before the source lets go.
import { VdsmError, vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { type DomainFacts, readDomain } from '../../domain-xml/domain.ts'
import { HookError } from '../../hooks/hook-error.ts'
import { removeHookFolder } from '../../hooks/launch-flags.ts'
import type { IncomingGuest } from '../../hypervisors/hypervisor.ts'
import { exitReasons, hasProperties, type VmRecord } from '../../vm-records/vm-record.ts'
import { newNic, recordInterfaces, undoCreate } from '../create-vm.ts'
import { domainOf } from '../domain-of.ts'
import { prepareSavedDisks } from '../hardware/prepare-devices.ts'
import { inBackground, type VmParts } from '../vm-parts.ts'
import { tellFailedMove } from './failed-move.ts'

export interface Reception {
  readonly vm: VmRecord
  readonly port: number
  readonly secret: string
}

/** Resolves when the VM can be sent; it is Up here when it has come, or Down when it did not. */
export async function migrateIn(parts: VmParts, sourceXml: string, elapsedMs: number): Promise<Reception> {
  const facts = parsed(sourceXml)
  const { vmId, name, custom, nics } = facts
  refuseKnown(parts, vmId)
  return parts.locks.exclusive(vmId, async () => {
    refuseKnown(parts, vmId)
    await forget(parts, vmId)
    const arriving = { vmId, name, custom, xml: sourceXml, nics: nics.map(newNic), startedAt: Date.now() - elapsedMs }
    parts.store.put({ ...arriving, status: 'Migration Destination' })
    try {
      const { incoming, wired } = await prepare(parts, facts, sourceXml)
      inBackground(parts, vmId, 'the arrival', arrival(parts, vmId, incoming, wired))
      return { vm: parts.store.get(vmId)!, port: incoming.port, secret: incoming.secret }
    } catch (error) {
      await tellFailedMove(parts, vmId, 'destination')
      await forget(parts, vmId)
      throw failure(error)
    }
  })
}

/** A VM that is down here is what an earlier stay or attempt left, as its source runs it now. */
function refuseKnown({ store }: VmParts, vmId: string): void {
  const known = store.get(vmId)
  if (known && known.status !== 'Down') throw vdsmError('VMExists', { vmId })
}

async function forget(parts: VmParts, vmId: string): Promise<void> {
  if (!parts.store.get(vmId)) return
  await undoCreate(parts, vmId)
  await removeHookFolder(vmId, parts.hookRunDir)
  parts.store.remove(vmId)
}

/** `wired`: its NICs, as soon as its interfaces exist. When they cannot be, it is not to come. */
async function prepare(
  { store, hooks, wiring, hypervisor }: VmParts,
  { vmId, images }: DomainFacts,
  sourceXml: string,
) {
  await prepareSavedDisks({ store, hooks }, vmId, images)
  for (const { mac } of store.get(vmId)!.nics) await wiring.prepareArrival(vmId, mac)
  const vm = store.get(vmId)!
  await hooks.runXml('before_vm_migrate_destination', sourceXml, { vm })
  const interfaces = vm.nics.map(({ xml }) => xml)
  const incoming = await hypervisor.prepareIncoming({ vmId, name: vm.name, interfaces, domainXml: sourceXml })
  incoming.completed.catch(() => {})
  const wired = incoming.realised.then(() => connectAll(wiring, vm))
  wired.catch(incoming.abort)
  if (hypervisor.incomingInterfaces === 'at-preparation') await wired
  return { incoming, wired }
}

async function connectAll(wiring: VmParts['wiring'], { vmId, nics }: VmRecord): Promise<void> {
  for (const { mac } of nics) await wiring.connectArrival(vmId, mac)
}

async function arrival(parts: VmParts, vmId: string, { completed }: IncomingGuest, wired: Promise<void>) {
  const reason = await completed.then(
    () => wired.catch((error) => parts.log.error({ vmId, err: error }, 'a NIC is not wired after the migration')),
    (error: Error) => error,
  )
  await parts.locks.exclusive(vmId, () => (reason ? neverCame(parts, vmId, reason) : arrived(parts, vmId)))
}

/** The agent was restarted meanwhile, so nobody knows whether its NICs were wired. */
export async function arrivedUnseen(parts: VmParts, vmId: string): Promise<void> {
  await connectAll(parts.wiring, parts.store.get(vmId)!).catch((error) =>
    parts.log.error({ vmId, err: error }, 'a NIC is not wired after the migration'),
  )
  await arrived(parts, vmId)
}

/** The guest runs here. May be repeated. */
async function arrived(parts: VmParts, vmId: string): Promise<void> {
  const { store, hooks } = parts
  if (store.get(vmId)?.status !== 'Migration Destination') return
  await recordInterfaces(parts, vmId, store.get(vmId)!.xml)
  const vm = store.setStatus(vmId, 'Up')
  await hooks.runXml('after_vm_migrate_destination', domainOf(vm), { vm })
  for (const { custom, xml } of vm.nics) {
    if (hasProperties(custom)) await hooks.runXml('after_device_migrate_destination', xml, { params: custom, vm })
  }
}

async function neverCame(parts: VmParts, vmId: string, reason: Error): Promise<void> {
  if (parts.store.get(vmId)?.status !== 'Migration Destination') return
  await tellFailedMove(parts, vmId, 'destination')
  await undoCreate(parts, vmId)
  parts.store.setStatus(vmId, 'Down', {
    exitCode: 1,
    exitReason: exitReasons.generic,
    exitMessage: `The VM did not arrive: ${reason.message}`,
  })
}

function parsed(xml: string): DomainFacts {
  try {
    return readDomain(xml)
  } catch (error) {
    throw vdsmError('CannotCreateVM', (error as Error).message)
  }
}

function failure(error: unknown): unknown {
  if (error instanceof VdsmError) return error
  if (error instanceof HookError) return vdsmError('HookFailed', `Destination hook failed: ${error.message}`)
  return vdsmError('CannotCreateVM', (error as Error).message)
}
