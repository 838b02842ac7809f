// An engine with 500 vNICs: ten networks of one provider, and fifty virtual machines.
import type { TestContext } from 'node:test'
import { importNetwork, makeNetwork, setScene } from '../../apps/engine/testing/test-engine.ts'
import { addHost, startTestHost } from '../../apps/engine/testing/test-host.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import { type PortalEngine, startPortalEngine } from './portal-bed.ts'

const size = { networks: 10, vms: 50 }

export interface Much {
  readonly engine: PortalEngine
  readonly vmIds: readonly string[]
}

/** Each VM has a vNIC on each network; one of them runs. */
export async function startMuch(t: TestContext): Promise<Much> {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const scene = await setScene(engine, provider)
  await addHost(engine, scene.clusterId, await startTestHost(t), 'host-a')
  const profileIds = [scene.profileId]
  for (let at = 1; at < size.networks; at++) {
    const externalId = await makeNetwork(provider, `network-${at}`)
    const { networkId, profileId } = await importNetwork(engine, { ...scene, externalId })
    await engine.ask('POST', `/clusters/${scene.clusterId}/networks`, { id: networkId, required: false })
    profileIds.push(profileId)
  }
  const cluster = { id: scene.clusterId }
  const first = await engine.ask('POST', '/vms', { name: 'vm-0', cluster })
  for (const [at, id] of profileIds.entries())
    await engine.ask('POST', `/vms/${first.id}/nics`, { name: `nic${at}`, vnic_profile: { id } })
  const template = await engine.ask('POST', '/templates', { name: 'ten-vnics', vm: { id: first.id } })
  await engine.ask('POST', `/vms/${first.id}/start`, {})
  const vmIds: string[] = [first.id]
  for (let at = 1; at < size.vms; at++)
    vmIds.push((await engine.ask('POST', '/vms', { name: `vm-${at}`, cluster, template: { id: template.id } })).id)
  return { engine, vmIds }
}
