// Snapshots of VMs: of their configuration, as the engine has no disks.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { snapshotType } from '@patchbay/ovirt-api/types/snapshots.ts'
import { Fault } from '../../faults.ts'
import { configurationOf } from '../../lifecycle/vms/restore-vm.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Snapshot } from '../../store/entities/templates.ts'
import { checkedText, existing } from '../names.ts'
import { refusePreview, snapshotTelling } from './snapshot-rules.ts'

export type SnapshotRequest = ResourceOf<typeof snapshotType>

export interface SnapshotService {
  /** The oldest first; the VM as it is now is the last. */
  list(vmId: string): Promise<ShownSnapshot[]>
  get(vmId: string, id: string): Promise<ShownSnapshot>
  add(vmId: string, request: SnapshotRequest): Promise<ShownSnapshot>
  remove(vmId: string, id: string): Promise<void>
}

export type ShownSnapshot = Omit<Snapshot, 'type'> & { readonly type: Snapshot['type'] | 'active' }

export function createSnapshotService(parts: Parts): SnapshotService {
  const { store, events, locks } = parts
  const telling = snapshotTelling(events)

  async function get(vmId: string, id: string): Promise<ShownSnapshot> {
    await existing(store.vms, 'VM', vmId)
    const found = (await list(vmId)).find((snapshot) => snapshot.id === id)
    if (!found) throw new Fault('NOT_FOUND', { what: 'Snapshot', id })
    return found
  }

  async function list(vmId: string): Promise<ShownSnapshot[]> {
    const active: ShownSnapshot = {
      // Its own, and always the same: it is no row.
      id: vmId,
      vmId,
      description: 'Active VM',
      type: 'active',
      status: 'ok',
      creationTime: '',
      configuration: await configurationOf(store, vmId),
    }
    return [...(await store.snapshots.find({ vmId })), active]
  }

  return {
    async list(vmId) {
      await existing(store.vms, 'VM', vmId)
      return list(vmId)
    },
    get,
    async add(vmId, { description = '' }) {
      const action = 'create Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      const draft = { id: randomUUID(), vmId, description: checkedText(description, 'The description') }
      const named = `"${draft.description}"`
      const insert = () =>
        store.transaction(async (tables) => {
          refusePreview(await tables.snapshots.find({ vmId }), vm, action)
          await tables.snapshots.insert({
            ...draft,
            ...{ type: 'regular', status: 'ok', creationTime: new Date().toISOString() },
            configuration: await configurationOf(tables, vmId),
          })
        })
      await telling(
        vm,
        ['USER_CREATE_SNAPSHOT_FINISHED_SUCCESS', `Snapshot ${named} creation for VM ${vm.name} has been completed.`],
        ['USER_FAILED_CREATE_SNAPSHOT', `Failed to create Snapshot ${named} for VM ${vm.name}`],
        () => locks.during([`vm:${vmId}`], action, insert, { isBrief: true }),
      )
      return get(vmId, draft.id)
    },
    async remove(vmId, id) {
      const action = 'remove Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      const { type, description } = await get(vmId, id)
      if (type === 'active') throw new Fault('ACTION_TYPE_FAILED_VM_SNAPSHOT_TYPE_NOT_ALLOWED', { action, type })
      const named = `"${description}"`
      const remove = async () => {
        refusePreview(await store.snapshots.find({ vmId }), vm, action)
        await store.snapshots.remove(id)
      }
      await telling(
        vm,
        ['USER_REMOVE_SNAPSHOT_FINISHED_SUCCESS', `Snapshot ${named} deletion on VM ${vm.name} has been completed.`],
        ['USER_FAILED_REMOVE_SNAPSHOT', `Failed to remove Snapshot ${named} for VM ${vm.name}`],
        () => locks.during([`vm:${vmId}`], action, remove, { isBrief: true }),
      )
    },
  }
}
