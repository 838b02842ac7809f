import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namesOf } from './names.ts'
import { floodLines, joinLines, segmentLines } from './segment.ts'

const names = namesOf()
const networkId = 'bf864bf3-81d8-438d-bf68-4b0c357309b3'
const segment = { networkId, vni: 42, mtu: 1450 }
const multicast = { underlay: 'eth1', vxlanPort: 4789, group: '239.77.0.1', peers: [] }
const unicast = { ...multicast, peers: ['192.0.2.2', '192.0.2.3'] }

test('names of links are as long as the kernel takes, and end in the beginning of the id', () => {
  for (const name of [names.bridge, names.vxlan, names.dhcpLink, names.tap]) {
    assert.equal(name(networkId).length, 14)
    assert(name(networkId).endsWith('bf864bf3-81'))
  }
})

test('without peers, frames to everybody go to the multicast group', () => {
  assert.deepEqual(floodLines(names, segment, multicast), [])
  assert.match(
    segmentLines(names, segment, multicast).join('\n'),
    /^link add vxlbf864bf3-81 mtu 1450 type vxlan id 42 dev eth1 dstport 4789 ttl 16 group 239.77.0.1$/m,
  )
})

test('with peers, they go to each of them and to no group', () => {
  assert.deepEqual(floodLines(names, segment, unicast), [
    'fdb append 00:00:00:00:00:00 dev vxlbf864bf3-81 dst 192.0.2.2',
    'fdb append 00:00:00:00:00:00 dev vxlbf864bf3-81 dst 192.0.2.3',
  ])
  assert.doesNotMatch(segmentLines(names, segment, unicast).join('\n'), /group/)
})

test('isolating the VXLAN device is the last step, by which a complete segment is known', () => {
  assert.equal(joinLines(names, segment).at(-1), 'link set vxlbf864bf3-81 type bridge_slave isolated on')
})
