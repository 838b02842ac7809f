// What comes before a VM leaves: hooks and drivers of the source, then the word of the destination that it is ready.
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { readDomain } from '../../domain-xml/domain.ts'
import type { MigrationTarget } from '../../hypervisors/hypervisor.ts'
import { domainOf } from '../domain-of.ts'
import type { Peer, VmParts } from '../vm-parts.ts'
import { isCancelled } from './migrate-cancel.ts'

const createTimeoutMs = 600_000
/** Until a busy destination is asked again, VDSM's migration_retry_timeout, and until it is given up. */
const defaultTimes = { retryMs: 10_000, patienceMs: 600_000 }
const cancelledWithinMs = 500

export async function hooksBefore({ store, hooks, wiring }: VmParts, vmId: string): Promise<void> {
  const vm = store.get(vmId)!
  for (const { mac } of vm.nics) await wiring.beforeDeparture(vmId, mac)
  await hooks.runXml('before_vm_migrate_source', domainOf(vm), { vm })
}

/**
 * Asks the destination to get ready. While it takes in as many VMs as it may it is asked again, with the hooks of the source
 * before, as VDSM does.
 */
export async function acceptanceOf(
  parts: VmParts,
  peer: Peer,
  vmId: string,
  { retryMs, patienceMs } = defaultTimes,
): Promise<MigrationTarget> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await announce(parts, peer, vmId)
    } catch (error) {
      const isBusy = error instanceof VdsmError && error.code === vdsmErrors.MigrationLimitExceeded.code
      if (!isBusy || performance.now() > deadline) throw error
    }
    const again = performance.now() + retryMs
    while (performance.now() < again && !isCancelled(parts, vmId)) await delay(Math.min(cancelledWithinMs, retryMs))
    if (isCancelled(parts, vmId)) throw new Error('it was cancelled while the destination was busy')
    await hooksBefore(parts, vmId)
  }
}

/** Asks the destination to get ready; answers where the guest goes. */
async function announce({ store }: VmParts, { client, host }: Peer, vmId: string): Promise<MigrationTarget> {
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
