// Where the addresses of vNICs come from, and when two may have the same.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { referenceTo, startTestEngine } from '../../testing/test-engine.ts'

const defaultPool = '58ca604b-017d-0374-0220-00000000014e'
const range = (from: string, to: string) => ({ ranges: { range: [{ from, to }] } })
const four = range('02:00:00:00:00:0e', '02:00:00:00:00:11')

async function startScene(t: TestContext) {
  const engine = await startTestEngine(t)
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const addCluster = async (name: string, body: object = {}) =>
    (await engine.ask('POST', '/clusters', { name, data_center: { id: dataCenterId }, ...body })).id as string
  const addVm = async (name: string, clusterId: string) =>
    (await engine.ask('POST', '/vms', { name, cluster: { id: clusterId } })).id as string
  const addPool = async (name: string, body: object) => (await engine.ask('POST', '/macpools', { name, ...body })).id
  const addNic = (vmId: string, name: string, address?: string) =>
    engine.send('POST', `/vms/${vmId}/nics`, { name, ...(address && { mac: { address } }) })
  return { engine, addCluster, addVm, addPool, addNic }
}

test('a cluster that names no pool has the default one, with a part of the prefix 56:6f', async (t) => {
  const { engine, addCluster, addVm, addNic } = await startScene(t)
  const [pool] = await engine.list('/macpools')
  assert.deepEqual(
    [pool.id, pool.name, pool.default_pool, pool.allow_duplicates],
    [defaultPool, 'Default', 'true', 'false'],
  )
  const [{ from, to }] = pool.ranges.range
  assert.match(from, /^56:6f:..:..:00:00$/)
  assert.equal(to, from.replace('00:00', 'ff:ff'))
  const clusterId = await addCluster('c')
  assert.deepEqual((await engine.ask('GET', `/clusters/${clusterId}`)).mac_pool, referenceTo('macpools', defaultPool))
  const { body } = await addNic(await addVm('vm', clusterId), 'nic1')
  assert.equal(body.mac.address.slice(0, 11), from.slice(0, 11))
})

test('vNICs get what is free in the ranges of their pool, until nothing is, also side by side', async (t) => {
  const { engine, addCluster, addVm, addPool, addNic } = await startScene(t)
  const ranges = [
    { from: '02:00:00:00:00:0e', to: '02:00:00:00:00:10' },
    { from: '02:00:00:00:01:ff', to: '02:00:00:00:01:FF' },
  ]
  const poolId = await addPool('small', { ranges })
  const vmId = await addVm('vm', await addCluster('c', { mac_pool: { name: 'small' } }))
  await addNic(vmId, 'given', '02:00:00:00:00:0f')
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => addNic(vmId, name)))
  const got = answers.filter(({ status }) => status === 201).map(({ body }) => body.mac.address)
  assert.deepEqual(got.sort(), ['02:00:00:00:00:0e', '02:00:00:00:00:10', '02:00:00:00:01:ff'])
  const refused = answers.filter(({ status }) => status !== 201)
  assert.deepEqual(
    refused.map(({ status }) => status),
    [409, 409],
  )
  assert.match(refused[0]!.body.detail, /Not enough MAC addresses left in MAC Address Pool small\./)
  assert.equal((await engine.list(`/vms/${vmId}/nics`)).length, 4)

  // A longer pool, or an address that is given back.
  await engine.ask('PUT', `/macpools/${poolId}`, {
    ranges: [...ranges, { from: '06:00:00:00:00:00', to: '06:00:00:00:00:00' }],
  })
  assert.equal((await addNic(vmId, 'f')).body.mac.address, '06:00:00:00:00:00')
  const [{ id }] = (await engine.list(`/vms/${vmId}/nics`)).filter(({ name }) => name === 'given')
  await engine.ask('DELETE', `/vms/${vmId}/nics/${id}`)
  assert.equal((await addNic(vmId, 'g')).body.mac.address, '02:00:00:00:00:0f')
})

test('an address is used once in the clusters of a pool, unless the pool allows more; another pool is another matter', async (t) => {
  const { engine, addCluster, addVm, addPool, addNic } = await startScene(t)
  const poolId = await addPool('other', four)
  const [one, two, other] = [
    await addVm('one', await addCluster('c1')),
    await addVm('two', await addCluster('c2')),
    await addVm('other', await addCluster('c3', { mac_pool: { id: poolId } })),
  ]
  const mac = '52:54:00:00:00:01'
  assert.equal((await addNic(one, 'nic1', mac)).status, 201)
  const again = await addNic(two, 'nic1', mac.toUpperCase())
  assert.equal(again.status, 409)
  assert.match(again.body.detail, /The MAC address 52:54:00:00:00:01 is in use/)
  assert.equal((await addNic(other, 'nic1', mac)).status, 201)
  assert.equal((await addNic(other, 'nic2', mac)).status, 409)
  await engine.ask('PUT', `/macpools/${defaultPool}`, { allow_duplicates: 'true' })
  assert.equal((await addNic(two, 'nic1', mac)).status, 201)
  const back = await engine.send('PUT', `/macpools/${defaultPool}`, { allow_duplicates: 'false' })
  assert.equal(back.status, 409)
  assert.match(back.body.detail, /Cannot unset 'Allow Duplicates' when mac pool contains duplicate macs/)
})

test('a cluster goes to another pool with its addresses, if none of them is there already', async (t) => {
  const { engine, addCluster, addVm, addPool, addNic } = await startScene(t)
  const poolId = await addPool('other', four)
  const clusterId = await addCluster('c1')
  const vmId = await addVm('vm', clusterId)
  await addNic(vmId, 'nic1', '52:54:00:00:00:01')
  const otherVm = await addVm('other', await addCluster('c2', { mac_pool: { id: poolId } }))
  const { body: nic } = await addNic(otherVm, 'nic1', '52:54:00:00:00:01')
  const move = () => engine.send('PUT', `/clusters/${clusterId}`, { mac_pool: { id: poolId } })
  const refused = await move()
  assert.equal(refused.status, 409)
  assert.match(refused.body.detail, /create duplicates in target MAC pool.*Problematic MACs are 52:54:00:00:00:01/)
  assert.deepEqual((await engine.ask('GET', `/clusters/${clusterId}`)).mac_pool, referenceTo('macpools', defaultPool))
  await engine.ask('DELETE', `/vms/${otherVm}/nics/${nic.id}`)
  assert.deepEqual((await move()).body.mac_pool, referenceTo('macpools', poolId))
  assert.match((await addNic(vmId, 'nic2')).body.mac.address, /^02:00:00:00:00:(0e|0f|10|11)$/)
  const unknown = await engine.send('PUT', `/clusters/${clusterId}`, { mac_pool: { id: 'x' } })
  assert.deepEqual([unknown.status, unknown.body.detail], [400, '[Cannot edit Cluster. MAC Pool does not exist.]'])
})

test('pools are made, changed and removed, and what they cannot be is refused', async (t) => {
  const { engine, addCluster, addPool } = await startScene(t)
  const id = await addPool('pool', { ...four, description: 'd', comment: 'c', allow_duplicates: 'true' })
  await addPool('taken', range('02:00:00:01:00:00', '02:00:00:01:00:ff'))
  const made = await engine.ask('GET', `/macpools/${id}`)
  assert.deepEqual(
    [made.description, made.comment, made.allow_duplicates, made.ranges],
    ['d', 'c', 'true', four.ranges],
  )
  const before = await engine.list('/macpools')
  const refused: [string, string, object, number, RegExp][] = [
    ['POST', '', { name: 'taken', ...four }, 409, /The name taken is already used/],
    ['POST', '', { ...four }, 400, /MacPool \[name\] required/],
    ['POST', '', { name: 'n' }, 400, /must contain at least one MAC address range/],
    [
      'POST',
      '',
      { name: 'n', ...range('02:00:00:00:00:00', '02:00:00:00:00:0e') },
      409,
      /overlap with ranges in MAC pools: pool/,
    ],
    ['POST', '', { name: 'n', ...range('01:00:00:00:00:00', '01:00:00:00:00:01') }, 400, /is not a range of unicast/],
    ['POST', '', { name: 'n', ...range('06:00:00:00:00:01', '06:00:00:00:00:00') }, 400, /is not a range/],
    ['POST', '', { name: 'n', ...range('06:00:00:00:00:01', '08:00:00:00:00:00') }, 400, /is not a range/],
    ['POST', '', { name: 'n', ...range('06-00-00-00-00-01', '06:00:00:00:00:02') }, 400, /is not a range/],
    ['POST', '', { name: 'n', ranges: [{}] }, 400, /is not a range/],
    ['POST', '', { name: 'n', ranges: 'all' }, 400, /must be an object/],
    ['POST', '', { name: 'n', default_pool: 'true', ...range('06::', '06::') }, 400, /Setting default MAC Pool/],
    ['PUT', `/${id}`, { ranges: {} }, 400, /must contain at least one/],
    [
      'PUT',
      `/${id}`,
      { ranges: [...four.ranges.range, ...four.ranges.range] },
      409,
      /cannot contain overlapping ranges/,
    ],
    ['PUT', `/${id}`, range('02:00:00:01:00:ff', '02:00:00:01:01:00'), 409, /overlap with ranges in MAC pools: taken/],
    ['PUT', `/${id}`, { name: 'taken' }, 409, /already used/],
    ['PUT', `/${id}`, { default_pool: 'true' }, 400, /Changing default MAC Pool is not supported/],
    ['PUT', '/x', { name: 'n' }, 404, /MAC pool x does not exist/],
    ['DELETE', `/${defaultPool}`, {}, 409, /Default MAC Pool cannot be removed/],
  ]
  for (const [method, path, body, status, text] of refused) {
    const answer = await engine.send(method, `/macpools${path}`, body)
    assert.equal(answer.status, status, `${method} ${JSON.stringify(body)} ${answer.text}`)
    assert.match(answer.body.detail, text)
    assert.deepEqual(await engine.list('/macpools'), before)
  }
  const clusterId = await addCluster('c', { mac_pool: { id } })
  const used = await engine.send('DELETE', `/macpools/${id}`)
  assert.equal(used.status, 409)
  assert.match(used.body.detail, /Several clusters \(1\) are using this MAC Pool:\nc\n/)
  await engine.ask('PUT', `/clusters/${clusterId}`, { mac_pool: { name: 'Default' } })
  const renamed = await engine.ask('PUT', `/macpools/${id}`, { name: 'renamed', allow_duplicates: 'false' })
  assert.deepEqual([renamed.name, renamed.allow_duplicates, renamed.ranges], ['renamed', 'false', four.ranges])
  await engine.ask('DELETE', `/macpools/${id}`)
  assert.equal((await engine.send('GET', `/macpools/${id}`)).status, 404)
})
