import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { planLab } from '../lab-plan.ts'
import { hostMounts } from './host-holder.ts'

const lab = planLab(7, { id: 'some-id', hosts: ['host-a'] })
const host = lab.hosts[0]!

test('/run is mounted last, after everything whose source it hides', () => {
  assert.deepEqual(hostMounts(lab, host, ['/run', '/var/log']), [
    { from: '/run/patchbay-lab/7/etc.hosts.some-id', to: '/etc/hosts' },
    { from: '/run/patchbay-lab/7/host-a', to: '/run/patchbay-lab/7/host-a/run/patchbay-lab/7/host-a' },
    { from: '/run/patchbay-lab/7/host-a/var/log', to: '/var/log' },
    { from: '/run/patchbay-lab/7/host-a/run', to: '/run' },
  ])
})

test('a checkout below a private directory stays visible in the hosts', () => {
  const checkout = dirname(dirname(import.meta.dirname))
  const mounts = hostMounts(lab, host, [dirname(checkout)])
  assert(mounts.some(({ from, to }) => from === checkout && to === host.dir + checkout))
})
