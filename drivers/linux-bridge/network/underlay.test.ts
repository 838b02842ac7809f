// How the hosts are joined: over the underlay that the host names, by multicast or from peer to peer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertRefused } from '../testing/assert-refused.ts'
import { linuxBridgeTrial, skip } from '../testing/linux-bridge-trial.ts'
import { leaseOf } from '../testing/udhcpc.ts'
import { namesOf } from './names.ts'

const current = linuxBridgeTrial()
const names = namesOf()

test('with peers, frames go from host to host without multicast', { skip }, async () => {
  const { bed, placed, hosts, trial } = current()
  const guests = []
  for (const [host, peer] of [hosts, hosts.toReversed()] as const) {
    const { driver } = await host!.startDriver({ peers: [peer!.lab.address] })
    const one = await placed({}, host)
    one.on.use(driver)
    await one.on.plug()
    guests.push(one)
  }
  const [near, far] = guests
  assert(await near!.guest.reaches(far!.nic.address))
  for (const { guest, nic } of guests) assert.equal((await leaseOf(guest))?.ip, nic.address)

  const link = names.vxlan(bed.network.id)
  const { stdout: shown } = await hosts[0].lab.exec(['ip', '-d', '-j', 'link', 'show', link])
  assert.equal(JSON.parse(shown)[0].linkinfo.info_data.group, undefined)
  const { stdout: entries } = await hosts[0].lab.exec(['bridge', 'fdb', 'show', 'dev', link])
  assert.match(entries, new RegExp(`^00:00:00:00:00:00 dst ${hosts[1].lab.address} `, 'm'))
  for (const { on } of guests) await on.unplug()
  for (const host of hosts) {
    await trial.assertNothingLeft(host)
    await trial.restart(host)
  }
})

test('an underlay that the host does not have is host-setup, and names the device', { skip }, async () => {
  const { placed, hosts, trial } = current()
  const { driver } = await hosts[0].startDriver({ underlay: 'eth77' })
  const { on } = await placed()
  on.use(driver)
  await assertRefused(on.call('plug_device', 'before'), 'host-setup', /eth77/)
  await on.call('unplug_device', 'after')
  await trial.assertNothingLeft()
})
