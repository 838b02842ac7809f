// Snapshots of VMs: of their configuration, as the engine has no disks. One can be looked at (preview) before the VM goes
// back to it for good.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { snapshotType } from '@patchbay/ovirt-api/types/snapshots.ts'
import type { EventName } from '../../events/event-codes.ts'
import { Fault } from '../../faults.ts'
import { configurationOf, restoreVm } from '../../lifecycle/vms/restore-vm.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Snapshot, VmConfiguration } from '../../store/entities/templates.ts'
import type { Nic, Vm } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import { checkedText, existing } from '../names.ts'

export type SnapshotRequest = ResourceOf<typeof snapshotType>

export interface SnapshotService {
  /** The oldest first; the VM as it is now is the last. */
  list(vmId: string): Promise<ShownSnapshot[]>
  get(vmId: string, id: string): Promise<ShownSnapshot>
  add(vmId: string, request: SnapshotRequest): Promise<ShownSnapshot>
  remove(vmId: string, id: string): Promise<void>
  /** The VM gets the snapshot's configuration, until this is undone or committed. */
  preview(vmId: string, id: string | undefined): Promise<void>
  undo(vmId: string): Promise<void>
  /** Snapshots that are newer than the one previewed go. */
  commit(vmId: string): Promise<void>
  /** Preview and commit in one. */
  restore(vmId: string, id: string): Promise<void>
}

export type ShownSnapshot = Omit<Snapshot, 'type'> & { readonly type: Snapshot['type'] | 'active' }

/** What becomes of the snapshots, and the configuration that the VM gets. */
type Change = Pick<Parameters<typeof restoreVm.locks>[0], 'configuration' | 'snapshots'>

export function createSnapshotService(parts: Parts): SnapshotService {
  const { store, workflows, events, locks } = parts

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

  async function telling(vm: Vm, names: readonly [EventName, EventName], what: string, work: () => Promise<unknown>) {
    try {
      await work()
    } catch (error) {
      await events.about({ vm }).tell(names[1], `Failed: ${what} of VM ${vm.name}: ${(error as Error).message}`)
      throw error
    }
    await events.about({ vm }).tell(names[0], `${what} of VM ${vm.name} is done.`)
  }

  /** With the VM's lock held and the VM down; `change` throws when there is nothing of that kind to do. */
  async function restore(
    vm: Vm,
    action: string,
    change: (rows: readonly Snapshot[]) => Promise<Change>,
  ): Promise<void> {
    const check = async () => {
      const { name, status } = await existing(store.vms, 'VM', vm.id)
      if (status !== 'down') throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: name, status })
      const { configuration, snapshots } = await change(await store.snapshots.find({ vmId: vm.id }))
      return { configuration: await usable(store, vm, configuration), snapshots }
    }
    const configuration = await configurationOf(store, vm.id)
    await workflows.start(restoreVm, { vmId: vm.id, configuration, snapshots: [] }, { action, of: vm.name, check })
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
        ['USER_CREATE_SNAPSHOT_FINISHED_SUCCESS', 'USER_FAILED_CREATE_SNAPSHOT'],
        `The snapshot "${draft.description}"`,
        () => locks.during([`vm:${vmId}`], action, insert, { isBrief: true }),
      )
      return get(vmId, draft.id)
    },
    async remove(vmId, id) {
      const action = 'remove Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      const { type, description } = await get(vmId, id)
      if (type === 'active') throw new Fault('ACTION_TYPE_FAILED_VM_SNAPSHOT_TYPE_NOT_ALLOWED', { action, type })
      const remove = async () => {
        refusePreview(await store.snapshots.find({ vmId }), vm, action)
        await store.snapshots.remove(id)
      }
      await telling(
        vm,
        ['USER_REMOVE_SNAPSHOT_FINISHED_SUCCESS', 'USER_FAILED_REMOVE_SNAPSHOT'],
        `The removal of the snapshot "${description}"`,
        () => locks.during([`vm:${vmId}`], action, remove, { isBrief: true }),
      )
    },
    async preview(vmId, id) {
      const action = 'preview Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      if (id === undefined) throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Snapshot [id]', action: 'preview' })
      const { description } = await get(vmId, id)
      await telling(
        vm,
        ['USER_TRY_BACK_TO_SNAPSHOT_FINISH_SUCCESS', 'USER_FAILED_TRY_BACK_TO_SNAPSHOT'],
        `The preview of the snapshot "${description}"`,
        () =>
          restore(vm, action, async (rows) => {
            refusePreview(rows, vm, action)
            const { configuration } = regular(rows, id, action)
            const previewed = rows.map((row) => (row.id === id ? { ...row, status: 'in_preview' as const } : row))
            return { configuration, snapshots: [...previewed, beforePreview(vmId, await configurationOf(store, vmId))] }
          }),
      )
    },
    async undo(vmId) {
      const action = 'undo the preview of a Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      await telling(
        vm,
        ['USER_RESTORE_FROM_SNAPSHOT_FINISH_SUCCESS', 'USER_FAILED_RESTORE_FROM_SNAPSHOT'],
        'The end of the preview',
        () =>
          restore(vm, action, async (rows) => {
            const { before, kept } = previewIn(rows, vm, action)
            return { configuration: before.configuration, snapshots: kept.map((row) => ({ ...row, status: 'ok' })) }
          }),
      )
    },
    async commit(vmId) {
      const action = 'commit Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      const commit = () =>
        store.transaction(async ({ snapshots }) => {
          const rows = await snapshots.find({ vmId })
          const { kept } = previewIn(rows, vm, action)
          const staying = upTo(kept, ({ status }) => status === 'in_preview')
          for (const { id } of rows) await snapshots.remove(id)
          for (const row of staying) await snapshots.insert({ ...row, status: 'ok' })
        })
      await telling(
        vm,
        ['USER_RESTORE_FROM_SNAPSHOT_FINISH_SUCCESS', 'USER_FAILED_RESTORE_FROM_SNAPSHOT'],
        'The restoration',
        () => locks.during([`vm:${vmId}`], action, commit),
      )
    },
    async restore(vmId, id) {
      const action = 'restore Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      await get(vmId, id)
      await telling(
        vm,
        ['USER_RESTORE_FROM_SNAPSHOT_FINISH_SUCCESS', 'USER_FAILED_RESTORE_FROM_SNAPSHOT'],
        'The restoration',
        () =>
          restore(vm, action, async (rows) => {
            refusePreview(rows, vm, action)
            const { configuration } = regular(rows, id, action)
            return { configuration, snapshots: upTo(rows, (row) => row.id === id) }
          }),
      )
    },
  }
}

/** The vNICs without ports. A network may be gone since, and an address taken by another VM: it gets a free one. */
async function usable(
  tables: Tables,
  { id: vmId, clusterId }: Vm,
  configuration: VmConfiguration,
): Promise<VmConfiguration> {
  const nics = await Promise.all(
    configuration.nics.map(async (nic): Promise<Nic> => {
      const isTaken = (await tables.nics.find({ mac: nic.mac })).some((other) => other.vmId !== vmId)
      const profile = nic.profileId === '' ? undefined : await tables.vnicProfiles.get(nic.profileId)
      const isConnectable = profile && (await tables.networkClusters.get(`${profile.networkId}/${clusterId}`))
      return {
        ...nic,
        mac: isTaken ? '' : nic.mac,
        profileId: isConnectable ? nic.profileId : '',
        hasPort: false,
        wiredAs: '',
      }
    }),
  )
  return { ...configuration, nics }
}

const beforePreview = (vmId: string, configuration: VmConfiguration): Snapshot => ({
  id: randomUUID(),
  vmId,
  description: 'Active VM before the preview',
  type: 'preview',
  status: 'ok',
  creationTime: new Date().toISOString(),
  configuration,
})

function refusePreview(rows: readonly Snapshot[], vm: Vm, action: string): void {
  if (rows.some(({ type }) => type === 'preview'))
    throw new Fault('ACTION_TYPE_FAILED_VM_IN_PREVIEW', { action, vm: vm.name })
}

function previewIn(rows: readonly Snapshot[], vm: Vm, action: string): { before: Snapshot; kept: Snapshot[] } {
  const before = rows.find(({ type }) => type === 'preview')
  if (!before) throw new Fault('ACTION_TYPE_FAILED_VM_NOT_IN_PREVIEW', { action, vm: vm.name })
  return { before, kept: rows.filter(({ type }) => type === 'regular') }
}

function regular(rows: readonly Snapshot[], id: string, action: string): Snapshot {
  const row = rows.find((each) => each.id === id && each.type === 'regular')
  if (!row) throw new Fault('ACTION_TYPE_FAILED_VM_SNAPSHOT_TYPE_NOT_ALLOWED', { action, type: 'active' })
  return row
}

/** The rows up to and with the first that matches. */
const upTo = (rows: readonly Snapshot[], matches: (row: Snapshot) => boolean) =>
  rows.slice(0, rows.findIndex(matches) + 1)
