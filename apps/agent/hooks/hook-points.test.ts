import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HookPointTraits, hookPoints } from './hook-points.ts'

const points: [string, HookPointTraits][] = Object.entries(hookPoints)
const namesWhere = (holds: (traits: HookPointTraits) => boolean) =>
  points.filter(([, traits]) => holds(traits)).map(([name]) => name)

test('there are the 58 hook points of VDSM, and ours for migrations that failed', () => {
  assert.equal(points.length - namesWhere(() => true).filter((name) => /_migrate_.*_fail$/.test(name)).length, 58)
})

test('what comes before an operation can veto it, with three exceptions, and only one point after it can', () => {
  const exceptions = ['before_vm_destroy', 'before_vm_set_ticket', 'before_vdsm_start', 'after_disk_prepare']
  const vetoing = points
    .map(([name]) => name)
    .filter((name) => name.startsWith('before_') !== exceptions.includes(name))
  assert.deepEqual(
    namesWhere(({ raising }) => raising),
    vetoing,
  )
})

test('scripts can change what is plugged or started, the network request, and what the host reports', () => {
  assert.deepEqual(namesWhere(({ outputUsed }) => outputUsed).sort(), [
    'after_disk_prepare',
    'after_get_all_vm_stats',
    'after_get_caps',
    'after_get_stats',
    'after_get_vm_stats',
    'after_hostdev_list_by_caps',
    'before_device_create',
    'before_disk_hotplug',
    'before_memory_hotplug',
    'before_network_setup',
    'before_nic_hotplug',
    'before_update_device',
    'before_vm_start',
  ])
})
