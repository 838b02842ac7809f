// Checks of plug_device: what it answers, that frames go, and that it bears repetition, company and a restart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeviceReply } from '../contract.ts'
import { readInterface } from '../interface-xml.ts'
import { connectsNothing, keepsNoState, oneHost } from './skip-reasons.ts'
import type { Trial } from './trial.ts'

const stateLimitBytes = 64 * 1024
const crowd = 5

export function describePlugging(trial: () => Trial): void {
  test('[PLUG-1] [PLUG-4] [WIRED-1] two NICs on one host exchange frames when their plugs have ended', async (t) => {
    if (!trial().bed.carries) return t.skip(connectsNothing)
    await trial().assertWired(await trial().plugged(), await trial().plugged())
  })

  test('[PLUG-1] [PLUG-4] [WIRED-1] two NICs on two hosts exchange frames when their plugs have ended', async (t) => {
    if (!trial().bed.carries) return t.skip(connectsNothing)
    if (!trial().other) return t.skip(oneHost)
    await trial().assertWired(await trial().plugged(), await trial().plugged(trial().other))
  })

  test('[PLUG-2] [PLUG-3] the element that a plug answers is one interface with the same MAC address and alias', async () => {
    const nic = await trial().newNic()
    const given = readInterface(nic.domxml)
    const { domxml = nic.domxml } = await nic.call('plug_device', 'before')
    const answered = readInterface(domxml)
    assert.equal(answered.mac, given.mac)
    assert.equal(answered.alias, given.alias)
  })

  test('[PLUG-5] a plug answers no element once the interface exists', async () => {
    const nic = await trial().newNic()
    await nic.call('plug_device', 'before')
    await nic.makeInterface()
    const reply = await nic.call('plug_device', 'after')
    assert.equal(reply.domxml, undefined)
  })

  test('[PLUG-6] [CALL-4] a plug that is repeated answers the same, and the NIC stays wired', async () => {
    const [nic, peer] = [await trial().newNic(), await trial().plugged()]
    const before: DeviceReply[] = [await nic.call('plug_device', 'before'), await nic.call('plug_device', 'before')]
    assert.deepEqual(before[1], before[0])
    await nic.makeInterface()
    const after = [await nic.call('plug_device', 'after'), await nic.call('plug_device', 'after')]
    assert.deepEqual(after[1], after[0])
    await trial().assertWired(nic, peer)
    assert.deepEqual(await nic.call('plug_device', 'before'), before[0])
    await trial().assertWired(nic, peer)
  })

  test('[CALL-3] plugs and unplugs of different VMs on one network may overlap', async () => {
    const nics = await Promise.all(Array.from({ length: crowd }, () => trial().newNic()))
    await Promise.all(nics.map((nic) => nic.plug()))
    for (const nic of nics.slice(1)) await trial().assertWired(nic, nics[0]!)
    const [leaving, staying] = [nics.slice(2), nics.slice(0, 2)]
    const coming = await trial().newNic()
    await Promise.all([...leaving.map((nic) => nic.unplug()), coming.plug()])
    await trial().assertWired(staying[0]!, staying[1]!)
    await trial().assertWired(coming, staying[0]!)
    await Promise.all([...staying, coming].map((nic) => nic.unplug()))
    await trial().assertNothingLeft()
  })

  test('[CALL-5] the driver may be made anew between any two calls', async () => {
    const peer = await trial().plugged()
    const nic = await trial().newNic()
    await nic.call('plug_device', 'before')
    await trial().restart(trial().host)
    await nic.makeInterface()
    await nic.call('plug_device', 'after')
    await trial().assertWired(nic, peer)
    await trial().restart(trial().host)
    await trial().assertWired(nic, peer)
    await nic.call('unplug_device', 'before')
    await nic.removeInterface()
    await trial().restart(trial().host)
    await nic.call('unplug_device', 'after')
    await peer.unplug()
    await trial().assertNothingLeft()
  })

  test('[PROP-2] properties that the driver does not know change nothing', async () => {
    const nic = await trial().newNic()
    const { domxml, properties } = nic.nic
    const stranger = trial().place(
      { domxml, properties: { ...properties, colour: 'blau, größer & <schief>' } },
      nic.host,
    )
    assert.deepEqual(await stranger.call('plug_device', 'before'), await nic.call('plug_device', 'before'))
  })

  test('[STATE-2] the state of a NIC is an object that JSON can carry, of at most 64 kB', async (t) => {
    const { state } = await trial().plugged()
    if (state === undefined) return t.skip(keepsNoState)
    const text = JSON.stringify(state)
    assert.equal(Object.getPrototypeOf(state), Object.prototype)
    assert.deepEqual(JSON.parse(text), state)
    assert(Buffer.byteLength(text) <= stateLimitBytes, `${Buffer.byteLength(text)} bytes`)
  })
}
