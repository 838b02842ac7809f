// The scene of most tests of vNICs: a VM that runs on a test host, without vNICs yet, and a network it can be connected to.
import type { TestContext } from 'node:test'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from './test-engine.ts'
import { addHost, startTestHost } from './test-host.ts'

export async function startWithRunningVm(t: TestContext, startEngine = (t: TestContext) => startTestEngine(t)) {
  const provider = await startTestProvider(t)
  const host = await startTestHost(t)
  const engine = await startEngine(t)
  const scene = await setScene(engine, provider)
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  const hostId = await addHost(engine, scene.clusterId, host)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  await engine.ask('POST', `/vms/${vmId}/start`)
  const nics = `/vms/${vmId}/nics`
  const ports = async () => (await provider.send('GET', '/ports')).body.ports as any[]
  const addNic = (change: object = {}) =>
    engine.send('POST', nics, { name: 'nic1', vnic_profile: { id: scene.profileId }, ...change })
  host.calls.length = 0
  return { ...scene, provider, host, hostId, engine, vmId, nics, ports, addNic }
}

export const methods = (calls: readonly { method: string }[]) => calls.map(({ method }) => method)
