// VM.migrate, on the source: the destination is made ready first, and this host lets go only when the VM runs there.
import { setTimeout as delay } from 'node:timers/promises'
import type { VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import { VdsmError, vdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { HandOverUncertain } from '../hypervisors/hypervisor.ts'
import { domainOf } from './domain-of.ts'
import { runningVm } from './running-vm.ts'
import type { VmParts } from './vm-parts.ts'
import { exitReasons, type VmRecord } from './vm-record.ts'

const createTimeoutMs = 600_000
const settleTimeoutMs = 30_000

/** Answers at once; the VM ends here as Down with exit reason 4, or is Up again if the move failed. */
export function migrateOut(parts: VmParts, vmId: string, destination: string): void {
  const vm = runningVm(parts.store, vmId)
  if (vm.status !== 'Up') throw vdsmError('VMIsDown', { vmId })
  parts.store.change(vmId, (before) => ({ ...before, status: 'Migration Source', destination }))
  void parts.locks.exclusive(vmId, () => move(parts, vmId, destination))
}

async function move(parts: VmParts, vmId: string, destination: string): Promise<void> {
  const { log } = parts
  let peer: VdsmClient | undefined
  try {
    peer = await parts.connectPeer(destination)
    await hooksBefore(parts, vmId)
    const target = await announce(parts, peer, vmId, destination)
    await parts.hypervisor.migrate(vmId, target)
    await departed(parts, vmId)
  } catch (error) {
    log.warn({ vmId, destination, err: error }, 'the migration failed')
    if (error instanceof HandOverUncertain) await settleHandOver(parts, vmId, destination)
    else await stay(parts, vmId, peer)
  } finally {
    await peer?.close()
  }
}

async function hooksBefore({ store, hooks, wiring }: VmParts, vmId: string): Promise<void> {
  const vm = store.get(vmId)!
  for (const { mac } of vm.nics) await wiring.beforeDeparture(vmId, mac)
  await hooks.runXml('before_vm_migrate_source', domainOf(vm), { vm })
}

/** Asks the destination to get ready; answers where the guest goes. */
async function announce({ store }: VmParts, peer: VdsmClient, vmId: string, destination: string) {
  const xml = domainOf(store.get(vmId)!)
  const params = { vmId, _srcDomXML: xml, xml, migrationDest: 'libvirt', enableGuestEvents: false }
  const reply = (await peer.call('VM.migrationCreate', { vmID: vmId, params }, { timeoutMs: createTimeoutMs })) as {
    migrationPort: number
    migrationSecret?: string
  }
  const host = destination.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return { host, port: reply.migrationPort, secret: reply.migrationSecret ?? '' }
}

/** The VM runs on the destination. What is left here goes; the engine destroys the record. May be repeated. */
export async function departed({ store, hooks, wiring, hypervisor }: VmParts, vmId: string): Promise<void> {
  const vm = store.get(vmId)!
  await hypervisor.destroy(vmId)
  for (const { mac } of vm.nics) await wiring.afterDeparture(vmId, mac)
  await hooks.runXml('after_vm_migrate_source', domainOf(vm), { vm })
  for (const { custom, xml } of vm.nics) {
    if (custom) await hooks.runXml('after_device_migrate_source', xml, { params: custom, vm })
  }
  store.change(vmId, (before) => ({ ...withoutDestination(before), nics: [] }))
  store.setStatus(vmId, 'Down', { exitCode: 0, exitReason: exitReasons.migrated, exitMessage: 'Migration succeeded' })
}

/** The VM stays. The destination forgets it, and the NICs are connected again in case a driver had begun to let go. */
async function stay({ store, wiring, log }: VmParts, vmId: string, peer: VdsmClient | undefined): Promise<void> {
  await peer?.call('VM.destroy', { vmID: vmId }).catch((error) => {
    if (!(error instanceof VdsmError))
      log.warn({ vmId, err: error }, 'the destination could not be told to forget the VM')
  })
  for (const { mac } of store.get(vmId)!.nics) {
    await wiring
      .connect(vmId, mac)
      .catch((error) => log.error({ vmId, mac, err: error }, 'a NIC is not wired after a failed migration'))
  }
  store.change(vmId, withoutDestination)
  store.setStatus(vmId, 'Up')
}

/**
 * Nobody here knows which side runs the VM: the destination is asked, and a VM that does not run there yet is ended
 * there. While it cannot be asked, the VM stays stopped here, because running twice is worse than not running.
 */
export async function settleHandOver(parts: VmParts, vmId: string, destination: string): Promise<void> {
  const deadline = performance.now() + settleTimeoutMs
  do {
    const there = await settledThere(parts, vmId, destination)
    if (there === 'runs') return departed(parts, vmId)
    if (there === 'gone') {
      await parts.hypervisor.resume(vmId)
      return stay(parts, vmId, undefined)
    }
    await delay(500)
  } while (performance.now() < deadline)
  parts.log.error({ vmId, destination }, 'the destination cannot be asked whether it runs the VM: it stays paused here')
  parts.store.setStatus(vmId, 'Paused')
}

async function settledThere(parts: VmParts, vmId: string, destination: string): Promise<'runs' | 'gone' | 'unknown'> {
  try {
    const peer = await parts.connectPeer(destination)
    try {
      const [stats] = (await peer.call('VM.getStats', { vmID: vmId })) as { status: string }[]
      if (stats?.status === 'Up') return 'runs'
      await peer.call('VM.destroy', { vmID: vmId })
      return 'gone'
    } finally {
      await peer.close()
    }
  } catch (error) {
    return error instanceof VdsmError && error.code === vdsmErrors.NoSuchVM.code ? 'gone' : 'unknown'
  }
}

function withoutDestination({ destination: _gone, ...vm }: VmRecord): VmRecord {
  return vm
}
