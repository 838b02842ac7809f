// Which side runs a VM when the source does not know whether its destination took it. Never both do.
import { setTimeout as delay } from 'node:timers/promises'
import { VdsmError, vdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { exitReasons, type VmRecord } from '../../vm-records/vm-record.ts'
import { giveUp } from '../create-vm.ts'
import { cpusOf, type Peer, type VmParts } from '../vm-parts.ts'
import { departed } from './departed.ts'
import { stayHere, withoutDestination } from './stay-here.ts'

const defaultPatienceMs = 30_000
const pauseMs = 500

/**
 * `there`: the destination runs it, or did and passed it on. `here`: it does not and will not. `absent`: it knows no
 * such VM; it may have been destroyed there. `unknown`: it could not be asked.
 */
type Whereabouts = 'there' | 'here' | 'absent' | 'unknown'

/**
 * Asks the destination, and takes the VM back if it does not run there yet. While it cannot be asked, the VM stays
 * stopped here, because running twice is worse than not running.
 */
export async function settleHandOver(
  parts: VmParts,
  vmId: string,
  failure: { readonly code: number; readonly message: string },
  patienceMs = defaultPatienceMs,
): Promise<void> {
  if (await isGone(parts, vmId)) return settleGone(parts, vmId, patienceMs)
  const deadline = performance.now() + patienceMs
  for (;;) {
    const vm = parts.store.get(vmId)!
    // VM.cont may have settled it meanwhile.
    if (!vm.handOver) return
    const whereabouts = await whereIs(parts, vm)
    if (whereabouts === 'there') return departed(parts, vmId)
    if (whereabouts === 'here') return stayHere(parts, vmId, failure)
    if (whereabouts === 'absent' || performance.now() > deadline) return keepStopped(parts, vmId, whereabouts)
    await delay(pauseMs)
  }
}

async function isGone({ hypervisor }: VmParts, vmId: string): Promise<boolean> {
  const guests = await hypervisor.guests().catch(() => undefined)
  return guests !== undefined && !guests.some((guest) => guest.vmId === vmId)
}

/** There is nothing here to continue, so nothing is taken back: it runs there, or it was lost on its way. */
async function settleGone(parts: VmParts, vmId: string, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const there = await askThere(parts, parts.store.get(vmId)!)
    if (there && hasRun(there)) return departed(parts, vmId)
    // One that is arriving may run there already.
    if (there && there.status !== 'Migration Destination') break
    if (performance.now() > deadline) return keepStopped(parts, vmId, 'unknown')
    await delay(pauseMs)
  }
  parts.log.warn({ vmId }, 'a VM that was being moved is neither here nor there')
  parts.store.change(vmId, withoutDestination)
  await giveUp(parts, vmId, 'The guest was gone when its migration had ended', exitReasons.domainMissing)
}

/** undefined when it cannot be asked. */
async function askThere(parts: VmParts, { vmId, destination = '' }: VmRecord): Promise<StateThere | undefined> {
  let peer: Peer | undefined
  try {
    peer = await parts.connectPeer(destination)
    return await stateThere(peer, vmId)
  } catch (error) {
    if (error instanceof VdsmError && error.code === vdsmErrors.NoSuchVM.code) return { status: 'Down' }
    return undefined
  } finally {
    await peer?.client.close()
  }
}

/** Somebody wants a VM to run here that may run on its destination. Throws when it does, or when nobody knows. */
export async function mayContinueHere(parts: VmParts, vm: VmRecord): Promise<void> {
  if (await isGone(parts, vm.vmId))
    throw vdsmError('MigrationError', `VM ${vm.vmId} left for ${vm.destination}: there is nothing to continue here`)
  const whereabouts = await whereIs(parts, vm)
  if (whereabouts === 'there' || whereabouts === 'unknown')
    throw vdsmError('MigrationError', `VM ${vm.vmId} ${explained(whereabouts, vm)}: it must not run here too`)
  parts.store.change(vm.vmId, withoutDestination)
}

async function keepStopped(parts: VmParts, vmId: string, whereabouts: Whereabouts): Promise<void> {
  const vm = parts.store.get(vmId)!
  const message = `the VM ${explained(whereabouts, vm)}: it stays paused here until VM.cont`
  parts.log.error({ vmId, destination: vm.destination }, message)
  const migration = { code: vdsmErrors.MigrationError.code, message, progress: 0 }
  await parts.locks.exclusive(cpusOf(vmId), async () =>
    parts.store.change(vmId, (before) => (before.handOver ? { ...before, status: 'Paused', migration } : before)),
  )
}

function explained(whereabouts: Whereabouts, { destination = '' }: VmRecord): string {
  if (whereabouts === 'there') return `runs on ${destination}`
  if (whereabouts === 'absent') return `was handed over to ${destination}, which has no such VM now`
  return `may run on ${destination}, which cannot be asked`
}

async function whereIs(parts: VmParts, { vmId, destination = '' }: VmRecord): Promise<Whereabouts> {
  let peer: Peer | undefined
  try {
    peer = await parts.connectPeer(destination)
    const there = await stateThere(peer, vmId)
    if (there.status === 'Powering down') return 'unknown'
    if (hasRun(there)) return 'there'
    parts.store.change(vmId, (vm) => ({ ...vm, handOver: 'takingBack' }))
    await peer.client.call('VM.destroy', { vmID: vmId }).catch((error) => {
      // It is down there already, and only what is left of it is in the way.
      if (there.status !== 'Down') throw error
    })
    return 'here'
  } catch (error) {
    if (!(error instanceof VdsmError && error.code === vdsmErrors.NoSuchVM.code)) return 'unknown'
    return parts.store.get(vmId)?.handOver === 'takingBack' ? 'here' : 'absent'
  } finally {
    await peer?.client.close()
  }
}

interface StateThere {
  readonly status: string
  readonly exitReason?: number
}

async function stateThere({ client }: Peer, vmId: string): Promise<StateThere> {
  const [there] = (await client.call('VM.getStats', { vmID: vmId })) as StateThere[]
  return there!
}

function hasRun({ status, exitReason }: StateThere): boolean {
  const neverRan = status === 'Migration Destination' || status === 'Down'
  return !neverRan || exitReason === exitReasons.migrated
}
