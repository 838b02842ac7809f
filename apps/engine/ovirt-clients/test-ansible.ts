// oVirt's own Ansible modules, over TLS: a playbook that makes everything, finds nothing to change the second time, and one
// that takes it away.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { serverCertificate } from '../testing/test-certificate.ts'
import { startTestEngine } from '../testing/test-engine.ts'
import { startTestHost } from '../testing/test-host.ts'
import { testHostNetworks } from '../testing/test-host-networks.ts'
import { pythonUnavailable, withAnsible } from './python-environment.ts'

const playMs = 120_000

test('the Ansible modules make a VM on an external network, and the second time nothing', {
  skip: pythonUnavailable(),
}, async (t) => {
  const env = withAnsible()
  const provider = await startTestProvider(t)
  await provider.send('POST', '/networks', { network: { name: 'blue' } })
  const networks = testHostNetworks()
  const host = await startTestHost(t, [], networks.verbs)
  host.answer('Host.getCapabilities', async () => networks.capabilities())
  const { cert, key, ca } = await serverCertificate(t, '127.0.0.1')
  const administrator = { name: 'admin@internal', password: 'secret' }
  const engine = await startTestEngine(t, { administrator, tls: { cert, key } })
  const caFile = join(engine.dataDir, 'test-ca.pem')
  writeFileSync(caFile, ca)
  const variables = {
    ...{
      engine: `${engine.url}/ovirt-engine/api`,
      provider: provider.url,
      ca_file: caFile,
      agent_port: String(host.port),
    },
    ansible_python_interpreter: '{{ ansible_playbook_python }}',
  }
  const play = async (name: string) => {
    const playbook = join(import.meta.dirname, name)
    const argv = [
      '-m',
      'ansible',
      'playbook',
      '-i',
      'localhost,',
      '-c',
      'local',
      '-e',
      JSON.stringify(variables),
      playbook,
    ]
    const { stdout } = await promisify(execFile)('python3', argv, { timeout: playMs, env })
    const [, recap] = /^localhost +: (.*)$/m.exec(stdout) ?? []
    return { stdout, recap: recap?.split(/\s+/).filter((each) => /^(changed|failed)=/.test(each)) }
  }

  const first = await play('playbook.yml')
  assert.deepEqual(first.recap, ['changed=12', 'failed=0'], first.stdout)
  assert.match(first.stdout, /seen \[\\"up\\", \\"nic1\\", \\"blue\\"\]/)
  assert.equal(host.vms.size, 1)
  const [port] = (await provider.send('GET', '/ports')).body.ports
  assert.equal(port.name, 'nic1')
  assert.deepEqual(networks.asked[0].networks.lan.custom, { 'vni-range': '1-9' })
  const asked = networks.asked.length

  const second = await play('playbook.yml')
  assert.deepEqual(second.recap, ['changed=0', 'failed=0'], second.stdout)
  assert.equal(networks.asked.length, asked)

  const down = await play('take-down.yml')
  assert.deepEqual(down.recap, ['changed=3', 'failed=0'], down.stdout)
  assert.equal(host.vms.size, 0)
  assert.deepEqual(networks.capabilities().networks, {})
  assert.deepEqual((await provider.send('GET', '/ports')).body.ports, [])
})
