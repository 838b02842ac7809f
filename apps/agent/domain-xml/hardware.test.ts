import assert from 'node:assert/strict'
import { test } from 'node:test'
import { domainXml, hotplugDiskXml, hotunplugDiskXml, testVm } from '../testing/vm-xml.ts'
import { findDisk, findGraphics, readDevice, withDiskMetadata, withHardwareOf, withTicket } from './hardware.ts'

const plug = hotplugDiskXml({ target: 'vdb', alias: 'ua-b', file: '/b', custom: { color: 'blue' } })

test('the disk of a plug is read with its properties; that of an unplug is an alias', () => {
  const { alias, target, custom, xml, metadata } = readDevice(plug, 'disk')
  assert.deepEqual([alias, target, custom], ['ua-b', 'vdb', { color: 'blue' }])
  assert.match(xml, /^<disk .*<source file="\/b"\/>.*<\/disk>$/)
  assert.match(metadata!, /devtype="disk" name="vdb"/)
  const { metadata: none, ...unplugged } = readDevice(hotunplugDiskXml('ua-b'), 'disk')
  assert.deepEqual([none, unplugged.alias, unplugged.target, unplugged.custom], [undefined, 'ua-b', '', {}])
  for (const xml of ['<a/>', '<a><devices/></a>', plug.replace('<disk', '<lease/><disk')])
    assert.throws(() => readDevice(xml, 'disk'), /<devices>/)
  assert.throws(() => readDevice(plug, 'memory'), /exactly one <memory>/)
})

const real =
  '<domain><memory unit="KiB">8</memory><vcpu current="1">2</vcpu><devices><emulator/>' +
  '<disk><target dev="vda"/><alias name="virtio-disk0"/></disk><disk><target dev="vdb"/><alias name="ua-b"/></disk>' +
  '<memory model="dimm"/></devices></domain>'

test('a domain takes over disks, memory and CPUs as they are, and nothing else', () => {
  const before = domainXml(testVm(1, 1, { extensible: true, devices: '<disk><target dev="vda"/></disk>' }))
  const after = withHardwareOf(before, real)
  assert.match(after, /<memory unit="KiB">8<\/memory><vcpu current="1">2<\/vcpu><devices><video\/>/)
  assert.doesNotMatch(after, /emulator|<maxMemory|<memory>1024/)
  assert.equal(after.match(/<disk>/g)!.length, 2)
  assert.ok(after.includes('</disk><memory model="dimm"/></devices>'))
  assert.equal(withHardwareOf(after, real), after)
})

test('a disk is found by its alias, or else by its target, with the metadata that it was plugged with', () => {
  const plugged = withHardwareOf(
    withDiskMetadata(domainXml(testVm(1, 1)), 'vdb', readDevice(plug, 'disk').metadata),
    real,
  )
  assert.deepEqual(findDisk(plugged, { alias: 'ua-b', target: '' })!.custom, { color: 'blue' })
  assert.equal(findDisk(plugged, { alias: '', target: 'vda' })!.alias, 'virtio-disk0')
  assert.equal(findDisk(plugged, { alias: 'ua-c', target: 'vda' }), undefined)
  assert.equal(findDisk(plugged, { alias: '', target: '' }), undefined)
  const without = withDiskMetadata(plugged, 'vdb', undefined)
  assert.deepEqual(findDisk(without, { alias: 'ua-b', target: '' })!.custom, {})
})

test('a ticket is of the console that is meant; only SPICE knows what becomes of who is connected', () => {
  const [vnc, spice] = ['<graphics type="vnc" port="5900"/>', '<graphics type="spice"/>']
  const domain = domainXml(testVm(1, 0, { devices: vnc + spice }))
  assert.equal(findGraphics(domain), vnc)
  assert.equal(findGraphics(domain, 'spice'), spice)
  assert.equal(findGraphics(domain, 'sdl'), undefined)
  const ticket = { password: 'a"b', validUntil: new Date(1_700_000_000_999), connected: 'keep' }
  assert.equal(
    withTicket(vnc, ticket),
    '<graphics type="vnc" port="5900" passwd="a&quot;b" passwdValidTo="2023-11-14T22:13:20"/>',
  )
  assert.equal(
    withTicket(spice, { ...ticket, validUntil: undefined }),
    '<graphics type="spice" passwd="a&quot;b" connected="keep"/>',
  )
})
