import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editInterface, readInterface } from './interface-xml.ts'

const engines = `<interface type="bridge">
  <mac address="00:1A:4A:16:01:59"/><model type="virtio"/><source bridge="blue"/>
  <link state="up"/><mtu size="1400"/><target dev="tap1"/><alias name="ua-1"/>
  <bandwidth><inbound average="1000"/></bandwidth>
</interface>`

test('an element is read into facts, the MAC address in lower case', () => {
  assert.deepEqual(readInterface(engines), {
    type: 'bridge',
    mac: '00:1a:4a:16:01:59',
    sourceBridge: 'blue',
    targetDev: 'tap1',
    alias: 'ua-1',
    model: 'virtio',
    mtu: 1400,
    linkUp: true,
    isIsolated: false,
    openvswitchInterfaceId: undefined,
    checksumOffload: true,
  })
})

test('what an element does not say is undefined, and its link is up', () => {
  const { type, mac, targetDev, mtu, linkUp } = readInterface('<interface type="network"/>')
  assert.deepEqual([type, mac, targetDev, mtu, linkUp], ['network', undefined, undefined, undefined, true])
  assert.equal(readInterface('<interface><link state="down"/></interface>').linkUp, false)
})

test('an edit changes what it names, adds what is missing and keeps the rest', () => {
  const edited = editInterface(engines, { sourceBridge: 'br-int', mtu: 1450 })
  assert.deepEqual(readInterface(edited), { ...readInterface(engines), sourceBridge: 'br-int', mtu: 1450 })
  assert.match(edited, /<bandwidth><inbound average="1000"\/><\/bandwidth>/)
  assert.equal(readInterface(editInterface('<interface/>', { targetDev: 'tap2' })).targetDev, 'tap2')
  for (const linkUp of [false, true])
    assert.equal(readInterface(editInterface('<interface/>', { linkUp })).linkUp, linkUp)
})

test('an edit that is repeated changes nothing more, also a binding to Open vSwitch', () => {
  const edits = { sourceBridge: 'br-int', openvswitchInterfaceId: 'port-1', checksumOffload: false } as const
  const once = editInterface(engines, edits)
  assert.equal(editInterface(once, edits), once)
  assert.match(once, /<virtualport type="openvswitch"><parameters interfaceid="port-1"\/><\/virtualport>/)
  assert.equal(readInterface(once).openvswitchInterfaceId, 'port-1')
})

test('offloads are taken from a guest once, and whatever else its driver is told stays', () => {
  const multiqueue = '<interface><driver name="vhost" queues="2"><guest csum="on"/></driver></interface>'
  const once = editInterface(multiqueue, { checksumOffload: false })
  assert.equal(editInterface(once, { checksumOffload: false }), once)
  assert.equal(readInterface(once).checksumOffload, false)
  assert.match(once, /<driver name="vhost" queues="2"><guest csum="on"\/><host csum="off" gso="off" tso4="off"/)
})

test('values are escaped', () => {
  assert.equal(readInterface(editInterface('<interface/>', { alias: '"<&' })).alias, '"<&')
})

test('anything but one interface element is an error', () => {
  for (const xml of ['', 'tap', '<domain/>', '<interface>', '<interface/><interface/>', '<interface a="1" a="2"/>'])
    assert.throws(() => readInterface(xml), Error, JSON.stringify(xml))
})
