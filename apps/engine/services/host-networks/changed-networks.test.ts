// A network that changes is changed on the hosts that have it, also on those that were away.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../../lab/until.ts'
import { attaching, on, startHostScene } from '../../testing/host-scene.ts'

type Scene = Awaited<ReturnType<typeof startHostScene>>

const onHost = ({ networks }: Scene, name: string) => networks.capabilities().networks[name]

async function untilOnHost(scene: Scene, name: string, wanted: object): Promise<void> {
  const isSo = () =>
    Object.entries(wanted).every(([key, value]) => String(onHost(scene, name)?.[key]) === String(value))
  assert.ok(await until(isSo, 10_000), JSON.stringify(onHost(scene, name)))
}

async function untilInSync({ attachments }: Scene): Promise<void> {
  const all = async () => (await attachments()).map(({ in_sync }) => in_sync)
  assert.ok(await until(async () => (await all()).every((each) => each === 'true'), 10_000), String(await all()))
}

async function leave({ host, engine, path }: Scene): Promise<void> {
  await host.crash()
  const isAway = async () => (await engine.ask('GET', path)).status === 'non_responsive'
  assert.ok(await until(isAway, 10_000))
}

test('MTU and VLAN of a network follow to its host, which is asked for nothing else', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, networks, events } = scene
  await setUp(attaching(on('tagged', 'eth1'), on('plain', 'eth2')))
  const asked = networks.asked.length
  await engine.ask('PUT', `/networks/${ids.tagged}`, { description: 'nothing to a host' })
  await engine.ask('PUT', `/networks/${ids.tagged}`, { mtu: '1400', vlan: { id: '30' } })
  await untilOnHost(scene, 'tagged', { mtu: 1400, southbound: 'eth1.30' })
  await untilInSync(scene)
  assert.deepEqual(
    networks.asked.slice(asked).map((each) => Object.keys(each.networks)),
    [['tagged']],
  )
  assert.ok(await until(async () => (await events()).filter((code) => code === 10903).length === 2, 10_000))
})

test('what somebody changed on the host stays until it is synchronized', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, networks, path } = scene
  await setUp(attaching(on('tagged', 'eth1'), on('plain', 'eth2')))
  networks.change('tagged', { mtu: '1234' })
  await engine.ask('POST', `${path}/refresh`)
  await engine.ask('PUT', `/networks/${ids.tagged}`, { mtu: '1400' })
  // In turn: were the first to follow, it had done so by then.
  await engine.ask('PUT', `/networks/${ids.plain}`, { mtu: '1300' })
  await untilOnHost(scene, 'plain', { mtu: 1300 })
  assert.equal(onHost(scene, 'tagged').mtu, '1234')
})

test('a host that was away does what it missed when it is back', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, host, events } = scene
  await engine.ask('POST', `/networks/${ids.plain}/networklabels`, { id: 'lan' })
  await setUp({
    ...attaching(on('tagged', 'eth1')),
    modified_labels: { network_label: [{ id: 'lan', host_nic: { name: 'eth2' } }] },
  })
  assert.ok(onHost(scene, 'plain'))
  await leave(scene)
  await engine.ask('PUT', `/networks/${ids.tagged}`, { mtu: '1400' })
  await engine.ask('DELETE', `/networks/${ids.plain}/networklabels/lan`)
  assert.ok(await until(async () => (await events()).includes(10904), 10_000), 'that it could not be asked is told')
  assert.equal(onHost(scene, 'tagged').mtu, '9000')
  await host.start()
  await untilOnHost(scene, 'tagged', { mtu: 1400 })
  assert.ok(await until(() => onHost(scene, 'plain') === undefined, 10_000))
  await untilInSync(scene)
})

test('a label that comes back while the host is away leaves the network where it is', async (t) => {
  const scene = await startHostScene(t)
  const { engine, ids, setUp, host, networks } = scene
  const labels = `/networks/${ids.plain}/networklabels`
  await engine.ask('POST', labels, { id: 'lan' })
  await setUp({
    ...attaching(on('tagged', 'eth1')),
    modified_labels: { network_label: [{ id: 'lan', host_nic: { name: 'eth2' } }] },
  })
  await leave(scene)
  await engine.ask('DELETE', `${labels}/lan`)
  await engine.ask('POST', labels, { id: 'lan' })
  await engine.ask('PUT', `/networks/${ids.tagged}`, { mtu: '1400' })
  const asked = networks.asked.length
  await host.start()
  await untilOnHost(scene, 'tagged', { mtu: 1400 })
  assert.deepEqual(
    networks.asked.slice(asked).map((each) => Object.keys(each.networks)),
    [['tagged']],
  )
  assert.ok(onHost(scene, 'plain'))
})
