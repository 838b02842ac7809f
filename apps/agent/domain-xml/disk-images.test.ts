import assert from 'node:assert/strict'
import { test } from 'node:test'
import { domainXml, testVm, volume } from '../testing/vm-xml.ts'
import { withDiskImage } from './disk-images.ts'
import { readDomain } from './domain.ts'

const cdrom = '<disk type="file" device="cdrom"><source file="/iso"/><target dev="sdc" bus="sata"/><readonly/></disk>'
const { devices, metadata } = volume('vda', '/images/v')
const xml = domainXml(testVm(1, 1, { devices: `${cdrom}${devices}`, metadata }))
const [vda] = readDomain(xml).images

test('a volume of the storage has the keys of VDSM; other disks are none', () => {
  assert.deepEqual(readDomain(xml).images, [
    {
      target: 'vda',
      image: {
        type: 'disk',
        device: 'disk',
        diskType: 'file',
        name: 'vda',
        iface: 'virtio',
        path: '/images/v',
        format: 'cow',
        cache: 'none',
        discard: false,
        propagateErrors: 'off',
        specParams: {},
        domainID: 'd',
        imageID: 'i',
        poolID: 'p',
        volumeID: 'v-vda',
      },
    },
  ])
  assert.deepEqual(readDomain(xml.replace('volumeID>v-', 'volume>v-').replace('volumeID>', 'volume>')).images, [])
})

test('it goes where scripts say, and stays as it is when they say nothing', () => {
  assert.equal(withDiskImage(xml, 'vda', vda!.image), xml)
  const moved = withDiskImage(xml, 'vda', { ...vda!.image, path: '/dev/vg/v', format: 'raw', diskType: 'block' })
  assert.match(
    moved,
    /<disk type="block" [^>]*><driver name="qemu" type="raw" cache="none"\/><source dev="\/dev\/vg\/v"><seclabel/,
  )
  assert.match(moved, /<source file="\/iso"\/>/)
  assert.equal(readDomain(moved).images[0]!.image.diskType, 'block')
})

test('what no disk can be is refused', () => {
  for (const wrong of [{ path: 42 }, { path: undefined }, { diskType: 'network' }])
    assert.throws(() => withDiskImage(xml, 'vda', { ...vda!.image, ...wrong }), /vda needs a path/)
})
