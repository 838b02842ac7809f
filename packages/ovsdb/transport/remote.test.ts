import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRemote } from './remote.ts'

test('remotes are read as Open vSwitch writes them', () => {
  const { kind, ...rest } = parseRemote('tcp:10.0.0.1:6641')
  assert.deepEqual([kind, rest], ['tcp', { name: 'tcp:10.0.0.1:6641', host: '10.0.0.1', port: 6641 }])
  const parsed = ['ssl:ovn.example.com', 'tcp:[fe80::1%eth0]:6642', 'tcp:[::1]', 'unix:/run/ovn/ovnnb_db.sock'].map(
    (name) => ({ ...parseRemote(name), name: '' }),
  )
  assert.deepEqual(parsed, [
    { name: '', kind: 'ssl', host: 'ovn.example.com', port: 6640 },
    { name: '', kind: 'tcp', host: 'fe80::1%eth0', port: 6642 },
    { name: '', kind: 'tcp', host: '::1', port: 6640 },
    { name: '', kind: 'unix', path: '/run/ovn/ovnnb_db.sock' },
  ])
})

test('what is no remote is refused with what to write', () => {
  for (const name of ['', 'tcp:', 'tcp:h:0', 'tcp:h:65536', 'tcp:h:x', 'ptcp:6640', 'h:6640', 'tcp:fe80::1', 'unix:'])
    assert.throws(() => parseRemote(name), /Write tcp:HOST:PORT/, name)
})
