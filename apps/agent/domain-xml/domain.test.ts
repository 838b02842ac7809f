import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { domainXml, hotplugXml, hotunplugXml, testNic, testVm } from '../testing/vm-xml.ts'
import { readDomain, readHotplug, withInterfaces, withNicMetadata } from './domain.ts'

const vm = testVm(1, 2, { name: 'web &amp; more', custom: { color: 'red' } })
const xml = domainXml(vm)

describe('reading a domain', () => {
  test('finds the VM, its NICs and their properties', () => {
    const { vmId, name, custom, launchPaused, nics } = readDomain(xml)
    assert.equal(vmId, vm.vmId)
    assert.equal(name, 'web & more')
    assert.deepEqual(custom, { color: 'red' })
    assert.equal(launchPaused, false)
    assert.deepEqual(
      nics.map(({ mac, alias, network, custom }) => ({ mac, alias, network, custom })),
      vm.nics.map(({ mac, alias, network, custom }) => ({ mac, alias, network, custom })),
    )
    assert.match(nics[0]!.xml, /^<interface type="bridge">.*<\/interface>$/)
  })

  test('goes by the namespace of metadata, not by its prefix', () => {
    const renamed = xml.replaceAll('ovirt-vm:', 'o:').replace('xmlns:ovirt-vm', 'xmlns:o')
    assert.deepEqual(readDomain(renamed).nics[0]!.custom, vm.nics[0]!.custom)
    const byDefault = xml
      .replaceAll('ovirt-vm:', '')
      .replace('xmlns:ovirt-vm', 'xmlns:unused')
      .replace('<vm>', '<vm xmlns="http://ovirt.org/vm/1.0">')
    assert.deepEqual(readDomain(byDefault).nics[0]!.custom, vm.nics[0]!.custom)
    const foreign =
      '<other:vm xmlns:other="http://example.com/"><other:custom><other:color>blue</other:color></other:custom></other:vm>'
    assert.deepEqual(readDomain(xml.replace('<metadata>', `<metadata>${foreign}`)).custom, { color: 'red' })
    const foreignOnly = xml.replaceAll('http://ovirt.org/vm/1.0', 'http://example.com/')
    assert.deepEqual(readDomain(foreignOnly).custom, {})
    assert.equal(readDomain(foreignOnly).nics[0]!.custom, undefined)
  })

  test('counts the queues of a NIC among its properties, where it has some', () => {
    const queued = xml.replaceAll('<model type="virtio"/>', '<model type="virtio"/><driver name="vhost" queues="4"/>')
    assert.deepEqual(readDomain(queued).nics[0]!.custom, { ...vm.nics[0]!.custom, queues: '4' })
    const bare = queued.replaceAll(/<ovirt-vm:device .*?<\/ovirt-vm:device>/g, '')
    assert.equal(readDomain(bare).nics[0]!.custom, undefined)
  })

  test('matches NICs and metadata whatever the case of their MAC addresses', () => {
    const nic = { ...testNic(1, 0), mac: '02:00:00:AB:CD:EF' }
    const mixed = domainXml({ ...vm, nics: [nic] }).replace('mac_address="02:00:00:AB', 'mac_address="02:00:00:ab')
    const [read] = readDomain(mixed).nics
    assert.equal(read!.mac, '02:00:00:ab:cd:ef')
    assert.deepEqual(read!.custom, nic.custom)
  })

  test('tells an empty <custom> from none, and lets the last of equal properties win', () => {
    const nics = [testNic(1, 0, { custom: {} }), testNic(1, 1, { custom: undefined })]
    const [empty, none] = readDomain(domainXml({ ...vm, nics })).nics
    assert.deepEqual(empty!.custom, {})
    assert.equal(none!.custom, undefined)
    const twice = xml.replace('<ovirt-vm:color>red', '<ovirt-vm:color>green</ovirt-vm:color><ovirt-vm:color>red')
    assert.equal(readDomain(twice).custom.color, 'red')
  })

  test('knows the network by the metadata, else by the bridge', () => {
    const [first] = vm.nics
    const known = withNicMetadata(xml, first!.mac, { ...first!, network: 'the blue one' })
    assert.deepEqual(
      readDomain(known).nics.map(({ network }) => network),
      ['the blue one', 'blue'],
    )
  })

  test('reads launchPaused as VDSM reads booleans', () => {
    for (const [text, paused] of [
      ['true', true],
      ['True', true],
      [' TRUE ', true],
      ['1', true],
      ['-1', true],
      ['0', false],
      ['false', false],
      ['yes', false],
      ['', false],
    ] as const) {
      const document = xml.replace('<ovirt-vm:custom>', `<ovirt-vm:launchPaused>${text}</ovirt-vm:launchPaused>$&`)
      assert.equal(readDomain(document).launchPaused, paused, `"${text}"`)
    }
  })

  test('takes names and values verbatim', () => {
    const custom = { __proto__x: 'a', constructor: 'b', security_groups: 'g1,g2', empty: '' }
    const text = '&lt;b&gt; &amp;amp; &#228; <![CDATA[<c>]]>'
    const [nic] = readDomain(domainXml({ ...vm, nics: [testNic(1, 0, { custom: { ...custom, text } })] })).nics
    assert.deepEqual(nic!.custom, { ...custom, text: '<b> &amp; ä <c>' })
  })

  test('says what is wrong with a document', () => {
    const wrong: [string, RegExp][] = [
      ['', /malformed XML.*root element/],
      ['hello', /malformed XML/],
      ['<domain>', /malformed XML.*unclosed/],
      ['<domain/><domain/>', /malformed XML/],
      ['<domain><name>&lol;</name></domain>', /malformed XML.*entity not found/],
      ['<network/>', /a <domain> element was expected/],
      ['<domain/>', /no valid <uuid>/],
      [xml.replace(vm.vmId, '../../../../etc/passwd/aaaaaaaaaaaaaa'), /no valid <uuid>/],
      [xml.replace(vm.vmId, '-'.repeat(36)), /no valid <uuid>/],
      [xml.replace(/<devices>.*<\/devices>/, ''), /no <devices>/],
      [domainXml({ ...vm, nics: [testNic(1, 0), testNic(1, 0)] }), /two interfaces have the MAC address "02:00/],
      [`<!DOCTYPE x>${xml}`, /document type declaration/],
      [`<!doctype x [<!ENTITY a "b">]>${xml}`, /document type declaration/],
      [`<domain>${' '.repeat(1_048_576)}</domain>`, /longer than 1048576 characters/],
    ]
    for (const [document, message] of wrong)
      assert.throws(() => readDomain(document), { message }, document.slice(0, 80))
  })

  test('does not choke on what is wide, and refuses what is deep', () => {
    const padded = (padding: string) => readDomain(xml.replace('<devices>', `<devices>${padding}`))
    assert.equal(padded('<a/>'.repeat(200_000)).nics.length, 2)
    assert.equal(padded(`${'<a b="1">'.repeat(200)}${'</a>'.repeat(200)}`).nics.length, 2)
    assert.throws(() => padded(`${'<a>'.repeat(300)}${'</a>'.repeat(300)}`), /nested more than 256 deep/)
  })
})

describe('reading a hot plug document', () => {
  const nic = testNic(1, 5)

  test('finds the one NIC, whatever the root is called', () => {
    for (const root of ['hotplug', 'hotunplug', 'anything']) {
      const read = readHotplug(hotplugXml(nic).replaceAll('hotplug>', `${root}>`))
      assert.equal(read.mac, nic.mac)
      assert.deepEqual(read.custom, nic.custom)
    }
    const bare = hotplugXml(nic)
      .replaceAll('ovirt-vm:', '')
      .replace(/ xmlns:ovirt-vm="[^"]*"/, '')
    assert.deepEqual(readHotplug(bare).custom, nic.custom, 'metadata without a namespace')
  })

  test('an unplug names the alias alone', () => {
    const { alias, mac, custom } = readHotplug(hotunplugXml(nic.alias))
    assert.deepEqual({ alias, mac, custom }, { alias: nic.alias, mac: '', custom: undefined })
  })

  test('anything but one interface is refused', () => {
    for (const devices of ['', '<disk/>', '<interface/><interface/>'])
      assert.throws(() => readHotplug(`<hotplug><devices>${devices}</devices></hotplug>`), /exactly one <interface>/)
    assert.throws(() => readHotplug('<hotplug/>'), /no <devices>/)
    assert.throws(() => readHotplug('<hotplug>'), /malformed XML/)
  })
})

describe('changing a domain', () => {
  test('interfaces that are replaced stand at the end of <devices>, in their order', () => {
    const interfaces = readDomain(xml).nics.map((nic) => nic.xml.replace('blue', 'br-int'))
    const changed = withInterfaces(xml, interfaces.toReversed())
    const devices = /<devices>(.*)<\/devices>/.exec(changed)![1]!
    assert.match(devices, /^<video\/><memballoon\/><interface /)
    assert.deepEqual(
      readDomain(changed).nics.map(({ mac }) => mac),
      vm.nics.map(({ mac }) => mac).toReversed(),
    )
    assert.doesNotMatch(changed, /bridge="blue"/)
    assert.equal(withInterfaces(withInterfaces(changed, interfaces), interfaces), withInterfaces(xml, interfaces))
  })

  test('elements that hook scripts wrote, with a declaration, are taken in', () => {
    const [nic] = readDomain(xml).nics
    const written = `<?xml version="1.0" encoding="utf-8"?>\n${nic!.xml}`
    assert.equal(withInterfaces(xml, [written]), withInterfaces(xml, [nic!.xml]))
  })

  test('metadata of a NIC is added, replaced and removed', () => {
    const nic = { ...testNic(1, 5), network: 'red & blue' }
    const added = withNicMetadata(xml, nic.mac, nic)
    assert.match(
      added,
      /<ovirt-vm:device alias="ua-nic-1-5" mac_address="02:00:00:01:00:05"><ovirt-vm:network>red &amp; blue<\/ovirt-vm:network><ovirt-vm:custom><ovirt-vm:vnic_id>/,
    )
    const replaced = withNicMetadata(added, nic.mac, { ...nic, custom: { other: '1' } })
    assert.equal(replaced.match(/mac_address="02:00:00:01:00:05"/g)?.length, 1)
    assert.match(replaced, /<ovirt-vm:other>1</)
    assert.equal(withNicMetadata(replaced, nic.mac, undefined), xml)
  })

  test('an empty custom is left out, as VDSM leaves it out', () => {
    const { mac, ...nic } = testNic(1, 5, { custom: {} })
    const device = /<ovirt-vm:device[^>]*00:05">(.*?)<\/ovirt-vm:device>/.exec(withNicMetadata(xml, mac, nic))
    assert.equal(device?.[1], '<ovirt-vm:network>blue</ovirt-vm:network>')
  })

  test('a domain without metadata gets some when there is something to say, and not before', () => {
    const declaration = ' xmlns:ovirt-vm="http://ovirt.org/vm/1.0"'
    const [nic] = vm.nics
    for (const bare of [xml, xml.replace(declaration, '')].map((each) =>
      each.replace(/<metadata>.*<\/metadata>/, ''),
    )) {
      assert.equal(withNicMetadata(bare, nic!.mac, undefined), bare)
      assert.deepEqual(readDomain(withNicMetadata(bare, nic!.mac, nic!)).nics[0]!.custom, nic!.custom)
    }
  })
})
