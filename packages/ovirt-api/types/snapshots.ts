// Snapshots of VMs.
import { bool, choice, reference, resource, text } from '../element.ts'

export const snapshotType = resource('snapshot', 'snapshots', {
  description: text,
  date: text,
  snapshot_type: choice('active', 'preview', 'regular', 'stateless'),
  snapshot_status: choice('in_preview', 'locked', 'ok'),
  persist_memorystate: bool,
  vm: reference,
})
