import assert from 'node:assert/strict'
import { test } from 'node:test'
import { domainXml, testVm } from '../testing/vm-xml.ts'
import { readDomain } from './domain.ts'
import { withPropertyDevices } from './property-devices.ts'

const device = (attributes: string, custom = '<ovirt-vm:custom><ovirt-vm:a>b</ovirt-vm:a></ovirt-vm:custom>') =>
  `<ovirt-vm:device ${attributes}>${custom}</ovirt-vm:device>`
const mediated = '<hostdev mode="subsystem" type="mdev"><source><address uuid="u-1"/></source></hostdev>'
const pci = '<hostdev mode="subsystem" type="pci"><alias name="ua-1"/></hostdev>'
const lease = '<lease><key>k-1</key><lockspace>s</lockspace><target path="/l"/></lease>'
const vm = (...metadata: string[]) =>
  domainXml(testVm(1, 1, { devices: lease + pci + mediated, metadata: metadata.join('') }))

test('host devices and leases are found by what VDSM names them by', () => {
  const xml = vm(
    device('devtype="hostdev" uuid="u-1"'),
    device('devtype="hostdev" name="ua-1"'),
    device('devtype="lease" name="k-1"'),
  )
  assert.deepEqual(
    readDomain(xml).devices.map(({ xml, custom }) => [xml, custom.a]),
    [pci, mediated, lease].map((element) => [element, 'b']),
  )
})

test('one whose metadata have no properties, or that has none, is not asked about; an empty list of them is one', () => {
  assert.deepEqual(readDomain(vm(device('devtype="hostdev" name="ua-1"', ''), device('name="k-1"'))).devices, [])
  const [empty] = readDomain(vm(device('devtype="lease" name="k-1"', '<ovirt-vm:custom/>'))).devices
  assert.deepEqual(empty, { xml: lease, custom: {} })
})

test('what scripts left of them stands at the end, and the others where they were', () => {
  const changed = withPropertyDevices(vm(device('devtype="hostdev" name="ua-1"')), ['<hostdev type="usb"/>'])
  assert.ok(changed.endsWith('<hostdev type="usb"/></devices></domain>'), changed)
  assert.ok(!changed.includes('ua-1"/></hostdev>'))
  assert.ok(changed.includes(`<video/>${lease}${mediated}`))
})
