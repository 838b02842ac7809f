import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LabHost } from './hosts/lab-host.ts'
import { createLab, type Lab } from './lab.ts'
import { labUnavailable } from './lab-unavailable.ts'

const skip = labUnavailable()
const hosts = ['host-a', 'host-b']

test('hosts reach each other and the root side at once, by address and by name', { skip }, async () => {
  await using lab = await createLab({ hosts })
  await ping(lab.host('host-a'), lab.host('host-b').address)
  await ping(lab.host('host-b'), 'host-a')
  await ping(lab.host('host-a'), lab.address)
})

test('a multicast VXLAN between two hosts carries full-size frames', { skip }, async () => {
  await using lab = await createLab({ hosts })
  for (const [index, host] of lab.hosts.entries()) {
    await host.exec('ip link add vx1 type vxlan id 1 group 239.1.1.1 dev underlay0 dstport 4789'.split(' '))
    await host.exec(['ip', 'address', 'add', `10.0.0.${index + 1}/24`, 'dev', 'vx1'])
    await host.exec('ip link set vx1 mtu 1500 up'.split(' '))
  }
  // 1472 bytes of data and 28 of headers make a packet of 1500, not to be fragmented.
  await ping(lab.host('host-a'), '10.0.0.2', ['-M', 'do', '-s', '1472'])
})

test('labs side by side have their own numbers and do not see each other', { skip }, async () => {
  const labs = await Promise.all(Array.from({ length: 4 }, () => createLab({ hosts })))
  try {
    assert.equal(new Set(labs.map((lab) => lab.number)).size, labs.length)
    const [one, other] = labs as [Lab, Lab]
    await ping(one.host('host-a'), 'host-b')
    await assert.rejects(ping(one.host('host-a'), other.host('host-a').address, ['-W', '1']))
  } finally {
    await Promise.all(labs.map((lab) => lab.down()))
  }
})

test('a host does not keep the namespaces of other labs alive', { skip }, async () => {
  await using _older = await createLab({ hosts })
  await using newer = await createLab({ hosts })
  const { stdout } = await newer.host('host-a').exec(['cat', '/proc/self/mountinfo'])
  assert.doesNotMatch(stdout, /nsfs/)
})

test('down may be called twice, also at the same time', { skip }, async () => {
  const lab = await createLab({ hosts: ['host-a'] })
  await Promise.all([lab.down(), lab.down()])
  await lab.down()
})

test('names that do not do for hosts are refused before anything is built', { skip }, async () => {
  await assert.rejects(createLab({ hosts: [] }), /1 to 100 hosts/)
  await assert.rejects(createLab({ hosts: ['Host_A'] }), /host name "Host_A"/)
  await assert.rejects(createLab({ hosts: ['hub'] }), /taken by the underlay/)
  await assert.rejects(createLab({ hosts: ['host-a', 'host-a'] }), /repeat/)
})

test('a lab without the host that is asked for says so', { skip }, async () => {
  await using lab = await createLab({ hosts: ['host-a'] })
  assert.throws(() => lab.host('host-z'), /has no host host-z/)
})

const ping = (host: LabHost, target: string, options: string[] = []) =>
  host.exec(['ping', '-n', '-c', '1', '-W', '10', ...options, target])
