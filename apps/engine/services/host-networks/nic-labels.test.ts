// Labels of host interfaces: networks with the same label come and go with them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../../lab/until.ts'
import { attaching, bond, on, startHostScene } from '../../testing/host-scene.ts'

type Scene = Awaited<ReturnType<typeof startHostScene>>

const labels = (...all: [label: string, nic: string][]) => ({
  modified_labels: { network_label: all.map(([id, name]) => ({ id, host_nic: { name } })) },
})

/** `network on nic`, of all that are attached. */
async function attachedTo({ engine, attachments }: Scene): Promise<string[]> {
  const names = new Map((await engine.list('/networks')).map(({ id, name }) => [id, name]))
  return (await attachments()).map(({ network, host_nic: nic }) => `${names.get(network.id)} on ${nic.name}`).sort()
}

async function untilAttached(scene: Scene, wanted: readonly string[]): Promise<void> {
  const isSo = async () => JSON.stringify(await attachedTo(scene)) === JSON.stringify(wanted)
  assert.ok(await until(isSo, 10_000), `has ${await attachedTo(scene)}, not ${wanted}`)
}

const labelsPath = async ({ engine, path }: Scene, nic: string) =>
  `${path}/nics/${(await engine.list(`${path}/nics`)).find(({ name }) => name === nic).id}/networklabels`

const label = ({ engine }: Scene, networkId: string, id: string) =>
  engine.ask('POST', `/networks/${networkId}/networklabels`, { id })

test('an interface gets a label with the networks of it, VLANs tagged, and loses both', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, networks, path, events } = scene
  await label(scene, ids.plain, 'lan')
  await label(scene, ids.tagged, 'lan')
  const collection = await labelsPath(scene, 'eth1')
  const added = await engine.send('POST', collection, { id: 'lan' })
  assert.equal(added.status, 201, added.text)
  assert.deepEqual([added.body.id, added.body.host_nic.name], ['lan', 'eth1'])
  assert.deepEqual(await attachedTo(scene), ['plain on eth1', 'tagged on eth1'])
  const { plain, tagged } = networks.asked[0].networks
  assert.deepEqual([plain.nic, plain.vlan, tagged.nic, tagged.vlan, tagged.mtu], ['eth1', undefined, 'eth1', 20, 9000])
  assert.ok((await engine.list(`${path}/nics`)).some(({ name }) => name === 'eth1.20'))
  const shown = await engine.ask('GET', `${path}/nics?follow=networklabels`)
  const eth1 = shown.host_nic.find(({ name }: any) => name === 'eth1')
  assert.deepEqual(
    eth1.network_labels.network_label.map(({ id }: any) => id),
    ['lan'],
  )

  const again = await engine.send('POST', collection, { id: 'lan' })
  assert.deepEqual([again.status, /eth1 already has the label 'lan'/.test(again.text)], [409, true], again.text)
  const other = await engine.send('POST', await labelsPath(scene, 'eth2'), { id: 'lan' })
  assert.match(other.text, /'lan' is already defined on other interface eth1/)
  assert.equal((await engine.send('POST', collection, { id: 'a b' })).status, 400)
  assert.equal((await engine.send('POST', `${path}/nics/none/networklabels`, { id: 'lan' })).status, 404)
  assert.equal((await engine.send('DELETE', `${collection}/wan`)).status, 404)

  scene.host.answer('Host.setupNetworks', async () => {
    throw vdsmError('GeneralException', 'not now')
  })
  assert.ok((await engine.send('DELETE', `${collection}/lan`)).status >= 400)
  scene.host.answer('Host.setupNetworks', networks.verbs['Host.setupNetworks'])
  await engine.ask('DELETE', `${collection}/lan`)
  assert.deepEqual(networks.asked.at(-1).networks, { plain: { remove: true }, tagged: { remove: true } })
  assert.deepEqual([await engine.list(collection), await attachedTo(scene)], [[], []])
  assert.deepEqual(
    (await events()).filter((code) => code >= 1136 && code <= 1139),
    [1138, 1139, 1137, 1137, 1136],
  )
})

test('setupnetworks labels an interface, moves the label to a bond, and takes it away', async (t) => {
  const scene = await startHostScene(t)
  const { ids, setUp, networks } = scene
  await label(scene, ids.tagged, 'lan')
  assert.equal((await setUp(labels(['lan', 'eth0'], ['idle', 'eth0']))).status, 200)
  assert.deepEqual(await attachedTo(scene), ['tagged on eth0'])
  const moved = await setUp({
    ...labels(['lan', 'bond1']),
    modified_bonds: { host_nic: [bond('bond1', 'eth1', 'eth2')] },
  })
  assert.equal(moved.status, 200, moved.text)
  assert.deepEqual(await attachedTo(scene), ['tagged on bond1'])
  const asked = networks.asked.length
  assert.equal((await setUp(labels(['lan', 'bond1']))).status, 200)
  assert.equal((await setUp({ removed_labels: { network_label: [{ id: 'idle' }] } })).status, 200)
  assert.equal(networks.asked.length, asked, 'the host is not asked for what it need not do')
  assert.equal((await setUp({ removed_labels: { network_label: [{ id: 'lan' }] } })).status, 200)
  assert.deepEqual(await attachedTo(scene), [])
})

test('what labels exclude is refused with the words of oVirt, and the host is not asked', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, networks, networkId, addNetwork } = scene
  const bonds = (...host_nic: object[]) => ({ modified_bonds: { host_nic } })
  await label(scene, ids.plain, 'lan')
  await setUp({ ...attaching(on('tagged', 'eth0')), ...labels(['lan', 'eth1'], ['idle', 'eth1']) })
  const later = await addNetwork('later')
  await label(scene, later, 'later')
  const [plain] = (await scene.attachments()).filter(({ network }) => network.id === ids.plain)
  const asked = networks.asked.length
  const refusals: [object, number, RegExp][] = [
    [labels(['wan', 'eth9']), 400, /'wan' cannot be attached to non-existing\/removed 'eth9'/],
    [labels(['a b', 'eth1']), 400, /label must be formed only from/],
    [labels(['wan', 'eth0.20']), 400, /'eth0.20' cannot be labeled.*not to slaves nor vlans/],
    [{ ...labels(['wan', 'eth2']), ...bonds(bond('bond1', 'eth0', 'eth2')) }, 400, /'eth2' cannot be labeled/],
    [{ ...labels(), ...bonds(bond('bond1', 'eth1', 'eth2')) }, 409, /'eth1' cannot become a slave/],
    [labels(['wan', 'eth1'], ['wan', 'eth2']), 400, /Labels 'wan' appear in .* more than once/],
    [labels(['later', 'eth1']), 409, /At most one network without a VLAN/],
    [{ ...labels(['later', 'eth2']), ...attaching(on('later', 'eth0')) }, 409, /via label to network interface 'eth2'/],
    [attaching({ id: plain.id, ...on('plain', 'eth2') }), 409, /'plain' cannot be moved .* managed by label 'lan'/],
    [
      { removed_network_attachments: { network_attachment: [{ id: plain.id }] } },
      409,
      /cannot be removed .* managed by the label: plain/,
    ],
    [
      { removed_labels: { network_label: [{ id: 'wan' }] } },
      400,
      /Label 'wan' cannot be removed, since it isn't attached/,
    ],
  ]
  for (const [body, status, text] of refusals) {
    const refused = await setUp(body)
    assert.equal(refused.status, status, `${JSON.stringify(body)} ${refused.text}`)
    assert.match(refused.body.fault.detail, text)
  }
  assert.equal(networks.asked.length, asked)
  const external = await engine.send('POST', `/networks/${networkId}/networklabels`, { id: 'lan' })
  assert.match(external.text, /not supported for external/i)
})

test('networks follow their label, and their clusters, to hosts with it', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, clusterId, addNetwork } = scene
  await setUp(labels(['lan', 'eth1']))
  await label(scene, ids.tagged, 'lan')
  await untilAttached(scene, ['tagged on eth1'])
  await label(scene, ids.plain, 'lan')
  await untilAttached(scene, ['plain on eth1', 'tagged on eth1'])
  await engine.ask('DELETE', `/networks/${ids.tagged}/networklabels/lan`)
  await untilAttached(scene, ['plain on eth1'])

  await engine.ask('DELETE', `/clusters/${clusterId}/networks/${ids.plain}`)
  await untilAttached(scene, [])
  assert.ok(await until(() => !('plain' in scene.networks.capabilities().networks), 10_000))
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: ids.plain, required: 'false' })
  await untilAttached(scene, ['plain on eth1'])

  await addNetwork('moving', { vlan: { id: '30' } }, { usages: { usage: ['vm', 'migration'] } })
  const { id: moving } = (await engine.list('/networks')).find(({ name }) => name === 'moving')
  await label(scene, moving, 'lan')
  await untilAttached(scene, ['moving on eth1', 'plain on eth1'])
  const [{ ip_address_assignments: given }] = (await scene.attachments()).filter(({ network }) => network.id === moving)
  assert.equal(given.ip_address_assignment[0].assignment_method, 'dhcp')

  await engine.ask('DELETE', `/networks/${ids.plain}`)
  assert.ok(await until(() => !('plain' in scene.networks.capabilities().networks), 10_000))
})

test('a host that comes to another cluster has the networks of its labels there', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, path, dataCenterId } = scene
  await label(scene, ids.plain, 'lan')
  await label(scene, ids.tagged, 'lan')
  await setUp(labels(['lan', 'eth1']))
  const { id } = await engine.ask('POST', '/clusters', { name: 'other', data_center: { id: dataCenterId } })
  await engine.ask('POST', `/clusters/${id}/networks`, { id: ids.tagged, required: 'false' })
  await engine.ask('POST', `${path}/deactivate`)
  await engine.ask('PUT', path, { cluster: { id } })
  await untilAttached(scene, ['tagged on eth1'])
  assert.deepEqual(Object.keys(scene.networks.capabilities().networks), ['tagged'])
})

test('a host that is away when a network gets its label has it once it is back', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, host, path, events } = scene
  await setUp(labels(['lan', 'eth1']))
  await host.crash()
  const isAway = async () => (await engine.ask('GET', path)).status === 'non_responsive'
  assert.ok(await until(isAway, 10_000))
  await label(scene, ids.plain, 'lan')
  assert.ok(await until(async () => (await events()).includes(10904), 10_000))
  assert.deepEqual(await attachedTo(scene), [])
  await host.start()
  await untilAttached(scene, ['plain on eth1'])
})

test('a network that leaves the cluster while its host is busy leaves the host after that', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, clusterId, host, networks } = scene
  await label(scene, ids.plain, 'lan')
  await setUp(labels(['lan', 'eth1']))
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const { promise: busy, resolve: begun } = Promise.withResolvers<void>()
  host.answer('Host.setupNetworks', async (params, call) => {
    begun()
    await released
    return networks.verbs['Host.setupNetworks']!(params, call)
  })
  const first = setUp(attaching(on('tagged', 'eth2')))
  await busy
  await engine.ask('DELETE', `/clusters/${clusterId}/networks/${ids.plain}`)
  release()
  assert.equal((await first).status, 200)
  assert.ok(await until(() => !('plain' in networks.capabilities().networks), 10_000))
  await untilAttached(scene, ['tagged on eth2'])
})
