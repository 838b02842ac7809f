// An agent with certificates: who is let in, and that its VMs move over TLS too.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'
import { makeIdentities } from '@patchbay/vdsm-rpc/testing/certificates.ts'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import type { LabHost } from '../../lab/hosts/lab-host.ts'
import { createLab, type Lab } from '../../lab/lab.ts'
import { labUnavailable } from '../../lab/lab-unavailable.ts'
import { agentPort, type LabAgent, startLabAgent } from './testing/lab-agent.ts'
import { domainXml, testVm } from './testing/vm-xml.ts'

const startPaused = 'import sys, hooking; hooking.dump_vm_launch_flags_to_file(sys.argv[1], 1)'

describe('agents with certificates', { skip: labUnavailable() }, () => {
  let lab: Lab
  let agents: LabAgent[]
  let engine: TlsIdentity
  let stranger: TlsIdentity
  before(async () => {
    const { engine: ours, ...hosts } = makeIdentities('engine', 'host-a', 'host-b')
    engine = ours
    stranger = makeIdentities('stranger').stranger
    lab = await createLab({ hosts: ['host-a', 'host-b'] })
    const start = (host: LabHost) =>
      startLabAgent(host, { config: tlsConfig(host, hosts[host.name as 'host-a']), tls: engine })
    agents = await Promise.all(lab.hosts.map(start))
  })
  after(async () => {
    for (const agent of agents ?? []) await agent[Symbol.asyncDispose]()
    await lab?.down()
  })

  function tlsConfig(host: LabHost, identity: TlsIdentity): Record<string, string> {
    return Object.fromEntries(
      Object.entries(identity).map(([name, pem]) => {
        const file = join(host.dir, `${name}.pem`)
        writeFileSync(file, pem, { mode: 0o600 })
        return [`tls-${name}`, file]
      }),
    )
  }

  test('let in who has a certificate of their CA, and nobody else', async () => {
    const where = { host: agents[0]!.host.address, port: agentPort, connectTimeoutMs: 5_000 }
    const client = await connectVdsm({ ...where, tls: engine })
    assert.equal(await client.call('Host.ping2'), true)
    await client.close()
    await assert.rejects(connectVdsm(where), { name: 'VdsmConnectionError' }, 'without TLS')
    const ca = { ca: engine.ca } as unknown as TlsIdentity
    await assert.rejects(connectVdsm({ ...where, tls: ca }), { name: 'VdsmConnectionError' }, 'without a certificate')
    const forged = { ...stranger, ca: engine.ca }
    await assert.rejects(connectVdsm({ ...where, tls: forged }), { name: 'VdsmConnectionError' }, 'of another CA')
    assert.equal(await agents[0]!.call('Host.ping2'), true)
  })

  test('are called by their hook scripts with their own certificate', async () => {
    const [agent] = agents as [LabAgent]
    const vm = testVm(3, 0)
    const script = join(agent.host.dir, 'resume.py')
    const lines = [
      'import sys',
      'from vdsm import client, utils',
      'from vdsm.config import config',
      'with utils.closing(client.connect("localhost", use_tls=config.getboolean("vars", "ssl"))) as cli:',
      '    cli.VM.cont(vmID=sys.argv[1])',
    ]
    writeFileSync(script, lines.join('\n'))
    agent.bed.at('before_vm_start', vm.vmId, `python3 -c '${startPaused}' ${vm.vmId}`)
    agent.bed.at('after_vm_start', vm.vmId, `python3 '${script}' ${vm.vmId}`)
    assert.equal((await agent.create(vm)).status, 'Up')
    assert.ok(agent.bed.journal(vm.vmId).includes('hook before_vm_cont'))
    await agent.clear()
  })

  test('move a VM over TLS', async () => {
    const [source, destination] = agents as [LabAgent, LabAgent]
    const vm = testVm(1, 1)
    await source.create(vm)
    await source.call('VM.migrate', { vmID: vm.vmId, params: { vmId: vm.vmId, dst: destination.host.address } })
    await destination.until(vm.vmId, 'Up')
    await source.until(vm.vmId, 'Down')
    for (const agent of agents) await agent.clear()
  })

  test('do not hear of a guest in plain text', async () => {
    const destination = agents[1]!
    const vm = testVm(2, 0)
    const params = { vmId: vm.vmId, _srcDomXML: domainXml(vm) }
    const { migrationPort, migrationSecret } = await destination.call<any>('VM.migrationCreate', {
      vmID: vm.vmId,
      params,
    })
    const socket = connect({ host: destination.host.address, port: migrationPort })
    socket.on('error', () => {})
    socket.write(`${JSON.stringify({ secret: migrationSecret, memory: [] })}\n`)
    let heard = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      heard += chunk
    })
    await new Promise((closed) => socket.on('close', closed))
    assert.doesNotMatch(heard, /ready/)
    assert.equal((await destination.stats(vm.vmId)).status, 'Migration Destination', 'still waiting')
    await destination.clear()
  })
})
