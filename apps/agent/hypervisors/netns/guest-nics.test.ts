import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planNic } from './guest-nics.ts'

const interfaceXml = (inner: string, type = 'bridge') => `<interface type="${type}">${inner}</interface>`
const mac = '<mac address="02:00:AA:bb:CC:dd"/>'

test('an interface becomes a NIC with a tap that is named after its MAC address, or as asked for', () => {
  const full = `${mac}<source bridge="br-1"/><mtu size="1442"/><link state="down"/>`
  assert.deepEqual(planNic(interfaceXml(full), 'eth3'), {
    device: 'eth3',
    tap: 'vnet00aabbccdd',
    mac: '02:00:aa:bb:cc:dd',
    bridge: 'br-1',
    mtu: 1442,
    linkUp: false,
    onOpenvswitch: false,
    isIsolated: false,
    checksumOffload: true,
  })
  assert.equal(planNic(interfaceXml(`${mac}<target dev="tap1"/>`), 'eth0').tap, 'tap1')
  assert.equal(planNic(interfaceXml(`${mac}<port isolated="yes"/>`), 'eth0').isIsolated, true)
})

test('no bridge at all, and VDSM’s word for none, leave it unconnected', () => {
  for (const source of ['', '<source/>', '<source bridge=""/>', '<source bridge=";vdsmdummy;"/>']) {
    const nic = planNic(interfaceXml(mac + source), 'eth0')
    assert.deepEqual([nic.bridge, nic.mtu, nic.linkUp], [';vdsmdummy;', 1500, true], source)
  }
})

test('what cannot be a NIC here is refused in words, and never reaches ip', () => {
  const wrong: [xml: string, message: RegExp][] = [
    [interfaceXml(mac, 'direct'), /interfaces of type bridge, not "direct"/],
    [interfaceXml(''), /no MAC address/],
    [interfaceXml('<mac address=""/>'), /"" is not a MAC address/],
    [interfaceXml('<mac address="02:00:00:00:00:01&#10;link del eth0"/>'), /is not a MAC address/],
    [interfaceXml(`${mac}<mtu size="big"/>`), /MTU of the interface is no number/],
    [interfaceXml(`${mac}<mtu size="1.5"/>`), /MTU of the interface is no number/],
    [interfaceXml(`${mac}<target dev="a name"/>`), /"a name" is not a usable name of a link/],
    [interfaceXml(`${mac}<target dev=""/>`), /"" is not a usable name/],
    [interfaceXml(`${mac}<target dev=".."/>`), /"\.\." is not a usable name/],
    [interfaceXml(`${mac}<target dev="a-name-of-16-chr"/>`), /not a usable name/],
    [interfaceXml(`${mac}<source bridge="../net/eth0"/>`), /not a usable name of a bridge/],
    [interfaceXml(`${mac}<source bridge="br0 up"/>`), /not a usable name of a bridge/],
  ]
  for (const [xml, message] of wrong) assert.throws(() => planNic(xml, 'eth0'), { message }, xml)
})
