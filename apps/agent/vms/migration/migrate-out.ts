// VM.migrate, on the source: the destination is made ready first, and this host lets go only when the VM runs there.
import { isDeepStrictEqual } from 'node:util'
import { VdsmError, vdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { readDomain } from '../../domain-xml/domain.ts'
import type { MigrationWatch } from '../../hypervisors/hypervisor.ts'
import type { VmRecord } from '../../vm-records/vm-record.ts'
import { domainOf } from '../domain-of.ts'
import { existingVm, runningVm } from '../running-vm.ts'
import { cpusOf, inBackground, type Peer, type VmParts } from '../vm-parts.ts'
import { departed } from './departed.ts'
import { settleHandOver } from './hand-over.ts'
import { cancelled, isCancelled } from './migrate-cancel.ts'
import { forgetThere, stayHere } from './stay-here.ts'

const createTimeoutMs = 600_000

/** Answers when the move has begun; the VM ends here as Down with exit reason 4, or is Up again if the move failed. */
export async function migrateOut(parts: VmParts, vmId: string, destination: string): Promise<void> {
  movableVm(parts, vmId)
  await parts.locks.exclusive(cpusOf(vmId), async () => {
    movableVm(parts, vmId)
    const migration = { code: 0, message: 'Migration in progress', progress: 0 }
    parts.store.change(vmId, (vm) => ({ ...vm, status: 'Migration Source', destination, migration }))
  })
  const moved = parts.locks.exclusive(vmId, () => move(parts, vmId, destination))
  inBackground(parts, vmId, 'the migration', moved)
}

/** VDSM: a VM that does not run yet, or any more, is no VM to be moved. */
function movableVm({ store }: VmParts, vmId: string): VmRecord {
  const { status } = existingVm(store, vmId)
  if (status === 'WaitForLaunch' || status === 'Down') throw vdsmError('NoSuchVM', { vmId })
  if (status === 'Paused') throw vdsmError('MigrationError', `VM ${vmId} is paused: continue it to migrate it`)
  return runningVm(store, vmId)
}

async function move(parts: VmParts, vmId: string, destination: string): Promise<void> {
  const { store, hypervisor, log } = parts
  let peer: Peer | undefined
  let announced = false
  try {
    peer = await parts.connectPeer(destination)
    await hooksBefore(parts, vmId)
    announced = true
    const target = await announce(parts, peer, vmId)
    if (isCancelled(parts, vmId)) throw new Error('it was cancelled before it began')
    await hypervisor.migrate(vmId, target, recordOf(parts, vmId))
  } catch (error) {
    log.warn({ vmId, destination, err: error }, 'the migration failed')
    const failure = isCancelled(parts, vmId) ? cancelled : failureOf(error)
    if (store.get(vmId)!.handOver) return await settleHandOver(parts, vmId, failure)
    if (peer && announced) await forgetThere(parts, peer, vmId)
    return await stayHere(parts, vmId, failure)
  } finally {
    await peer?.client.close()
  }
  await departed(parts, vmId)
}

/** What the hypervisor tells of the move, written down. */
function recordOf({ store }: VmParts, vmId: string): MigrationWatch {
  return {
    handingOver: () => store.change(vmId, (vm) => ({ ...vm, handOver: 'told' })),
    progress(percent) {
      const { migration } = store.get(vmId)!
      if (migration && migration.progress !== percent)
        store.change(vmId, (vm) => ({ ...vm, migration: { ...migration, progress: percent } }))
    },
  }
}

async function hooksBefore({ store, hooks, wiring }: VmParts, vmId: string): Promise<void> {
  const vm = store.get(vmId)!
  for (const { mac } of vm.nics) await wiring.beforeDeparture(vmId, mac)
  await hooks.runXml('before_vm_migrate_source', domainOf(vm), { vm })
}

/** Asks the destination to get ready; answers where the guest goes. */
async function announce({ store }: VmParts, { client, host }: Peer, vmId: string) {
  const vm = store.get(vmId)!
  const xml = domainOf(vm)
  const elapsedTimeOffset = (Date.now() - vm.startedAt) / 1000
  const params = { vmId, _srcDomXML: xml, xml, elapsedTimeOffset, migrationDest: 'libvirt', enableGuestEvents: false }
  const reply = (await client.call('VM.migrationCreate', { vmID: vmId, params }, { timeoutMs: createTimeoutMs })) as {
    migrationPort: number
    migrationSecret?: string
    params?: { xml?: string }
  }
  const interfaces = changedInterfaces(xml, reply.params?.xml)
  return { host, port: reply.migrationPort, secret: reply.migrationSecret ?? '', interfaces }
}

/** What drivers of the destination made of the interfaces. A VDSM changes none, and may answer no domain. */
function changedInterfaces(ours: string, theirs: string | undefined): readonly string[] | undefined {
  if (theirs === undefined) return undefined
  const interfacesOf = (xml: string) => readDomain(xml).nics.map((nic) => nic.xml)
  const changed = interfacesOf(theirs)
  return isDeepStrictEqual(changed, interfacesOf(ours)) ? undefined : changed
}

/** The destination's own code; for what failed here, VDSM's general one. */
function failureOf(error: unknown): { code: number; message: string } {
  if (error instanceof VdsmError) return { code: error.code, message: error.message }
  const { code, text } = vdsmErrors.MigrationError
  return { code, message: `${text}: ${(error as Error).message}` }
}
