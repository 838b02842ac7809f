// oVirt's own Python SDK drives the engine from nothing to a VM that moves.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { startTestEngine } from '../testing/test-engine.ts'
import { startTestHost } from '../testing/test-host.ts'
import { testHostNetworks } from '../testing/test-host-networks.ts'
import { pythonUnavailable, withOvirtClients } from './python-environment.ts'

const storyMs = 120_000

test('the Python SDK does the whole story', { skip: pythonUnavailable() }, async (t) => {
  const env = withOvirtClients()
  const provider = await startTestProvider(t)
  await provider.send('POST', '/networks', { network: { name: 'blue' } })
  const engine = await startTestEngine(t, { administrator: { name: 'admin@internal', password: 'secret' } })
  const b = await startTestHost(t)
  const hostNetworks = testHostNetworks()
  const a = await startTestHost(t, [b], hostNetworks.verbs)
  const binding = { openstack_binding_host_ids: { TEST: 'the-host' } }
  a.answer('Host.getCapabilities', async () => ({ ...binding, ...hostNetworks.capabilities() }))
  const given = {
    engine: `${engine.url}/ovirt-engine/api`,
    provider: provider.url,
    hosts: { a: a.port, b: b.port },
  }
  const story = [join(import.meta.dirname, 'sdk_story.py'), JSON.stringify(given)]
  const { stdout } = await promisify(execFile)('python3', story, { timeout: storyMs, env })
  const { required, ...seen } = JSON.parse(stdout)
  assert.deepEqual(seen, {
    product: 'Patchbay',
    subnet: ['blue-v4', '10.0.0.0/24', '10.0.0.1', ['10.0.0.2']],
    network: ['blue', true, ['vm']],
    profile: [['SecurityGroups', '']],
    nics: [
      ['nic1', true, true, true],
      ['nic2', true, true, true],
    ],
    unplugged: false,
    removal: 409,
    attached: ['lan', true, '10.1.0.5', ['eth0', 'eth2'], ['bond0.20', 'bond0', 20, '10.1.0.5']],
    labeled: [['trunk'], true, true],
    unlabeled: [0, 0],
    detached: [0, ['eth0', 'eth1', 'eth2']],
    permits: ['login', 'run_vm'],
    guest: [['web'], 0],
    forbidden: [403, true],
    events: [33, 63],
    left: [0, 0, 0, 0],
  })
  assert.equal(required[0], 400)
  assert.match(required[1], /Fault reason is "Operation Failed".*External network cannot be set as required/)
  assert.deepEqual([a.vms.size, b.vms.size], [0, 0])
  const { ports } = (await provider.send('GET', '/ports')).body
  assert.deepEqual(ports, [])
})
