// /vms/{vm}/snapshots, and what VMs do with them.
import { reference } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { snapshotType } from '@patchbay/ovirt-api/types/snapshots.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import type { ShownSnapshot } from '../../services/vms/snapshots.ts'
import { registerAction, registerResource } from '../http/resource-routes.ts'

export function registerSnapshots(
  app: FastifyInstance,
  { snapshots, snapshotPreviews }: Pick<Context, 'snapshots' | 'snapshotPreviews'>,
): void {
  registerResource(app, {
    type: snapshotType,
    path: '/vms/:vm/snapshots',
    present: (snapshot: ShownSnapshot, href) => ({
      value: {
        description: snapshot.description,
        date: snapshot.creationTime || undefined,
        snapshot_type: snapshot.type,
        snapshot_status: snapshot.status,
        persist_memorystate: false,
        vm: { id: snapshot.vmId },
      },
      shown: { actions: { restore: `${href}/restore` } },
    }),
    list: ({ vm }) => snapshots.list(vm!),
    get: ({ vm, id }) => snapshots.get(vm!, id!),
    add: (request, { vm }) => snapshots.add(vm!, request),
    remove: ({ vm, id }) => snapshots.remove(vm!, id!),
  })
  registerAction(app, '/vms/:vm/snapshots/:id/restore', ({ vm, id }) => snapshotPreviews.restore(vm!, id!))
  registerAction(app, '/vms/:id/previewsnapshot', ({ id }, body) =>
    snapshotPreviews.preview(id!, readElements({ snapshot: reference }, body, 'action').snapshot?.id),
  )
  registerAction(app, '/vms/:id/undosnapshot', ({ id }) => snapshotPreviews.undo(id!))
  registerAction(app, '/vms/:id/commitsnapshot', ({ id }) => snapshotPreviews.commit(id!))
}
