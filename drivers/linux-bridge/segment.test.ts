import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bridgeName, dhcpLinkName, floodLines, joinLines, segmentLines, tapName, vxlanName } from './segment.ts'

const networkId = 'bf864bf3-81d8-438d-bf68-4b0c357309b3'
const segment = { networkId, vni: 42, mtu: 1450 }
const multicast = { underlay: 'eth1', group: '239.77.0.1', peers: [] }
const unicast = { ...multicast, peers: ['192.0.2.2', '192.0.2.3'] }

test('names of links are as long as the kernel takes, and end in the beginning of the id', () => {
  for (const name of [bridgeName, vxlanName, dhcpLinkName, tapName]) {
    assert.equal(name(networkId).length, 14)
    assert(name(networkId).endsWith('bf864bf3-81'))
  }
})

test('without peers, frames to everybody go to the multicast group', () => {
  assert.deepEqual(floodLines(segment, multicast), [])
  assert.match(
    segmentLines(segment, multicast).join('\n'),
    /^link add vxlbf864bf3-81 mtu 1450 type vxlan id 42 dev eth1 dstport 4789 ttl 16 group 239.77.0.1$/m,
  )
})

test('with peers, they go to each of them and to no group', () => {
  assert.deepEqual(floodLines(segment, unicast), [
    'fdb append 00:00:00:00:00:00 dev vxlbf864bf3-81 dst 192.0.2.2',
    'fdb append 00:00:00:00:00:00 dev vxlbf864bf3-81 dst 192.0.2.3',
  ])
  assert.doesNotMatch(segmentLines(segment, unicast).join('\n'), /group/)
})

test('isolating the VXLAN device is the last step, by which a complete segment is known', () => {
  assert.equal(joinLines(segment).at(-1), 'link set vxlbf864bf3-81 type bridge_slave isolated on')
})
