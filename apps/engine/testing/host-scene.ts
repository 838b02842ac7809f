// A host with three NICs in a cluster, and networks of that: what tests of host networks begin with.
import type { TestContext } from 'node:test'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from './test-engine.ts'
import { addHost, startTestHost } from './test-host.ts'
import { testHostNetworks } from './test-host-networks.ts'

export async function startHostScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const networks = testHostNetworks()
  const host = await startTestHost(t, [], networks.verbs)
  host.answer('Host.getCapabilities', async () => networks.capabilities())
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const { clusterId, dataCenterId } = scene
  const addNetwork = async (name: string, more: object = {}, roles: object = {}) => {
    const { id } = await engine.ask('POST', '/networks', { name, data_center: { id: dataCenterId }, ...more })
    await engine.ask('POST', `/clusters/${clusterId}/networks`, { id, required: 'false', ...roles })
    return id as string
  }
  await addNetwork('managing', {}, { required: 'true', usages: { usage: ['vm', 'management'] } })
  const plain = await addNetwork('plain')
  const tagged = await addNetwork('tagged', { vlan: { id: '20' }, mtu: '9000' })
  const path = `/hosts/${await addHost(engine, clusterId, host)}`
  return {
    ...scene,
    engine,
    host,
    networks,
    addNetwork,
    ids: { plain, tagged },
    path,
    setUp: (body: object) => engine.send('POST', `${path}/setupnetworks`, body),
    attachments: () => engine.list(`${path}/networkattachments`),
    events: async () => (await engine.list('/events')).map(({ code }) => Number(code)),
  }
}

export const attaching = (...attachments: object[]) => ({
  modified_network_attachments: { network_attachment: attachments },
})
export const on = (network: string, nic: string, more: object = {}) => ({
  network: { name: network },
  host_nic: { name: nic },
  ...more,
})
export const bond = (name: string, ...slaves: string[]) => ({
  name,
  bonding: {
    slaves: { host_nic: slaves.map((slave) => ({ name: slave })) },
    options: { option: [{ name: 'mode', value: '1' }] },
  },
})
