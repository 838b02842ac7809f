// The agent killed at every transaction that a plug and an unplug make: once it is back, the plug is undone and the unplug
// finished, the VM has run on with its other NIC, and the same can be done again.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { startLabAgent } from '../../apps/agent/testing/lab-agent.ts'
import { startOvnDataPlane } from '../../lab/data-planes/ovn-data-plane.ts'
import { leaseOf } from '../../lab/guests/guest.ts'
import { createLab } from '../../lab/lab.ts'
import { addNetwork, nicWithPort, vmWithPort } from './testing/ovn-ports.ts'
import { skip } from './testing/ovn-trial.ts'
import { startOvsdbGate } from './testing/ovsdb-gate.ts'

test('the agent killed at every transaction of a plug and of an unplug', { skip }, async () => {
  await using lab = await createLab({ hosts: ['host-a'] })
  const { central, leftOn } = await startOvnDataPlane(lab)
  const host = lab.host('host-a')
  const sockets = [join(host.dir, 'gate.sock'), join(host.dir, 'run/openvswitch/db.sock')] as const
  await using gate = await startOvsdbGate(...sockets)
  const drivers = [{ driver: 'ovn', options: { ovsdb: gate.remote } }]
  await using agent = await startLabAgent(host, { config: { drivers } })
  await addNetwork(central)
  const { vm } = await vmWithPort(central, 1)
  const nic = await nicWithPort(central, 1, 1)
  assert.equal((await agent.create(vm)).exitMessage, undefined)
  const [port] = await leftOn(host)
  const plug = () => agent.hotplug(vm.vmId, nic)
  const unplug = () => agent.hotunplug(vm.vmId, nic.alias)

  for (const work of [plug, unplug])
    for (const moment of ['before', 'after'] as const) {
      const when = `${work.name}, killed ${moment} its transaction`
      if (work === unplug) await plug()
      const killed = gate.losing(moment, agent.kill)
      await Promise.all([killed, work().catch(() => {})])
      await agent.start()
      assert.equal((await agent.stats(vm.vmId)).status, 'Up', when)
      assert.deepEqual(await leftOn(host), [port], when)
      await plug()
      assert.match(await leaseOf(host, vm.vmId, 'eth1'), /^10\.0\.0\.11$/, when)
      await unplug()
      assert.deepEqual(await leftOn(host), [port], `${when}, and done again`)
    }
  await agent.destroy(vm.vmId)
  assert.deepEqual(await leftOn(host), [])
})
