// Going back to a snapshot: it can be looked at (preview) before the VM has its configuration for good.
import { randomUUID } from 'node:crypto'
import { Fault } from '../../faults.ts'
import { configurationOf, restoreVm } from '../../lifecycle/vms/restore-vm.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Snapshot, VmConfiguration } from '../../store/entities/templates.ts'
import type { Nic, Vm } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import { existing } from '../names.ts'
import { refusePreview, snapshotTelling } from './snapshot-rules.ts'
import type { SnapshotService } from './snapshots.ts'

export interface PreviewService {
  /** The VM gets the snapshot's configuration, until this is undone or committed. */
  preview(vmId: string, id: string | undefined): Promise<void>
  undo(vmId: string): Promise<void>
  /** Snapshots that are newer than the one previewed go. */
  commit(vmId: string): Promise<void>
  /** Preview and commit in one. */
  restore(vmId: string, id: string): Promise<void>
}

/** What becomes of the snapshots, and the configuration that the VM gets. */
type Change = Pick<Parameters<typeof restoreVm.locks>[0], 'configuration' | 'snapshots'>

export function createPreviewService(
  { store, workflows, events, locks }: Parts,
  { get }: Pick<SnapshotService, 'get'>,
): PreviewService {
  const telling = snapshotTelling(events)
  const tellingRestoration = (vm: Vm, work: () => Promise<unknown>) =>
    telling(
      vm,
      ['USER_RESTORE_FROM_SNAPSHOT_FINISH_SUCCESS', `VM ${vm.name} restoring from Snapshot has been completed.`],
      ['USER_FAILED_RESTORE_FROM_SNAPSHOT', `Failed to restore VM ${vm.name} from Snapshot`],
      work,
    )

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
    async preview(vmId, id) {
      const action = 'preview Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      if (id === undefined) throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Snapshot [id]', action: 'preview' })
      const { description } = await get(vmId, id)
      await telling(
        vm,
        ['USER_TRY_BACK_TO_SNAPSHOT_FINISH_SUCCESS', `VM ${vm.name} previews Snapshot "${description}".`],
        ['USER_FAILED_TRY_BACK_TO_SNAPSHOT', `Failed to preview Snapshot "${description}" for VM ${vm.name}`],
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
      await tellingRestoration(vm, () =>
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
      await tellingRestoration(vm, () => locks.during([`vm:${vmId}`], action, commit))
    },
    async restore(vmId, id) {
      const action = 'restore Snapshot'
      const vm = await existing(store.vms, 'VM', vmId)
      await get(vmId, id)
      await tellingRestoration(vm, () =>
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
