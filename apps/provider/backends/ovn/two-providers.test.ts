// Two providers on one OVN, both written to at the same time: together they keep what each promises alone.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { eventually, ipsOf, makeNetwork, makePort, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

async function startTwo(t: TestContext, cidr?: string) {
  const server = await startOvsdbServer(t)
  const [a, b] = [await startOvnProvider(t, server), await startOvnProvider(t, server)]
  const network = await makeNetwork(a, cidr)
  await eventually(b, `/networks/${network.id}`, (body) => body.network?.subnets.length === 1)
  return { a, b, either: (index: number) => (index % 2 ? a : b), ...network }
}

type Answer = { readonly status: number; readonly body: any }
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status).sort()
const faultOf = ({ status, body }: Answer) => [status, body?.NeutronError?.type]

test('300 ports at once in a /24: 253 get an address and a MAC of their own, the others are told that there are none', {
  skip,
}, async (t) => {
  const { a, b, either, id } = await startTwo(t)
  const answers = await Promise.all(
    range(300).map((index) => either(index).send('POST', '/ports', { port: { network_id: id, name: `p${index}` } })),
  )
  const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.port)
  const refused = answers.filter(({ status }) => status !== 201)
  for (const answer of refused) assert.deepEqual(faultOf(answer), [409, 'IpAddressGenerationFailure'])
  assert.equal(made.length, 253)
  for (const list of [made.flatMap(ipsOf), made.map(({ mac_address }) => mac_address), made.map((port) => port.id)])
    assert.equal(new Set(list).size, 253)
  const isAll = ({ ports }: any) => ports.length === 253
  const lists = [await eventually(a, '/ports?sort_key=id', isAll), await eventually(b, '/ports?sort_key=id', isAll)]
  assert.deepEqual(lists[0], lists[1])
  assert.deepEqual(
    lists[0].ports.map((port: any) => port.id),
    made.map((port) => port.id).sort(),
  )
})

test('updates of one port through both: none is lost, each is a revision of its own', { skip }, async (t) => {
  const { a, b, either, id } = await startTwo(t)
  const port = await makePort(a, id)
  await eventually(b, `/ports/${port.id}`, (_, status) => status === 200)
  const answers = await Promise.all(
    range(60).map((index) =>
      either(index).send('PUT', `/ports/${port.id}`, {
        port: { 'binding:profile': { a: 'b' }, name: `n${index % 3}` },
      }),
    ),
  )
  assert.deepEqual(
    statuses(answers),
    range(60).map(() => 200),
  )
  const revisions = answers.map(({ body }) => body.port.revision_number).sort((x, y) => x - y)
  assert.deepEqual(
    revisions,
    range(60).map((index) => index + 2),
  )
  const last = answers.find(({ body }) => body.port.revision_number === 61)!.body
  for (const provider of [a, b])
    assert.deepEqual(await eventually(provider, `/ports/${port.id}`, (body) => body.port.revision_number === 61), last)
})

test('of many updates for one revision one is made, also where all ask for the same', { skip }, async (t) => {
  const { a, b, either, id } = await startTwo(t)
  const port = await makePort(a, id)
  await eventually(b, `/ports/${port.id}`, (_, status) => status === 200)
  for (let revision = 1; revision <= 5; revision++) {
    const ifMatch = { 'if-match': `revision_number=${revision}` }
    const answers = await Promise.all(
      range(10).map((index) => either(index).send('PUT', `/ports/${port.id}`, { port: { name: 'taken' } }, ifMatch)),
    )
    assert.deepEqual(statuses(answers), [200, ...range(9).map(() => 412)])
    for (const provider of [a, b])
      await eventually(provider, `/ports/${port.id}`, (body) => body.port.revision_number === revision + 1)
  }
})

test('one fixed address, one MAC, one overlapping subnet: one of two gets it', { skip }, async (t) => {
  const { either, id } = await startTwo(t)
  const wishes: [path: string, body: object, fault: string][] = [
    ['/ports', { port: { network_id: id, fixed_ips: [{ ip_address: '10.1.0.77' }] } }, 'IpAddressAlreadyAllocated'],
    ['/ports', { port: { network_id: id, fixed_ips: [], mac_address: 'fa:16:3e:00:00:01' } }, 'MacAddressInUse'],
    ['/subnets', { subnet: { network_id: id, ip_version: 4, cidr: '10.2.0.0/24' } }, 'InvalidInput'],
  ]
  for (const [path, body, fault] of wishes) {
    const answers = await Promise.all(range(8).map((index) => either(index).send('POST', path, body)))
    assert.equal(answers.filter(({ status }) => status === 201).length, 1, path)
    for (const answer of answers) if (answer.status !== 201) assert.equal(faultOf(answer)[1], fault)
  }
})

test('one VLAN, one physical network, one tunnel number: one of two gets it', { skip }, async (t) => {
  const { a, b, either } = await startTwo(t)
  const physical = { 'provider:physical_network': 'phys1' }
  const segments: [segment: object, fault: string][] = [
    [{ ...physical, 'provider:network_type': 'vlan', 'provider:segmentation_id': 7 }, 'VlanIdInUse'],
    [{ ...physical, 'provider:network_type': 'flat' }, 'FlatNetworkInUse'],
    [{ 'provider:network_type': 'geneve', 'provider:segmentation_id': 7 }, 'TunnelIdInUse'],
  ]
  for (const [segment, fault] of segments) {
    const answers = await Promise.all(
      range(8).map((index) => either(index).send('POST', '/networks', { network: { name: fault, ...segment } })),
    )
    assert.equal(answers.filter(({ status }) => status === 201).length, 1, fault)
    for (const answer of answers) if (answer.status !== 201) assert.equal(faultOf(answer)[1], fault)
    for (const provider of [a, b])
      await eventually(provider, `/networks?name=${fault}`, ({ networks }) => networks.length === 1)
  }
})

test('one removes a network while the other makes a port in it: one of them fails, properly', { skip }, async (t) => {
  const { a, b } = await startTwo(t)
  const outcomes = new Set<string>()
  for (const round of range(20)) {
    const { id } = await makeNetwork(a, '10.3.0.0/24')
    await eventually(b, `/networks/${id}`, (body) => body.network?.subnets.length === 1)
    const [made, removed] = await Promise.all([
      b.send('POST', '/ports', { port: { network_id: id } }),
      a.send('DELETE', `/networks/${id}`),
    ])
    const outcome = `${faultOf(made).join(' ')}, ${faultOf(removed).join(' ')}`.trim()
    assert.match(outcome, /^(201 , 409 NetworkInUse|404 NetworkNotFound, 204)$/, `round ${round}`)
    outcomes.add(outcome)
    const now = await eventually(b, `/networks/${id}`, (_, status) => (status === 200) === (made.status === 201))
    assert.equal(now.network !== undefined, made.status === 201)
  }
})

test('both remove the same ports, and make others in the same moment: none of those is lost', { skip }, async (t) => {
  const { a, b, either, id } = await startTwo(t)
  for (const round of range(10)) {
    const old = await Promise.all(range(4).map(() => makePort(a, id, { name: 'old' })))
    await eventually(b, '/ports?name=old', ({ ports }) => ports.length === 4)
    const removals = [a, b].flatMap(({ send }) => old.map((port) => send('DELETE', `/ports/${port.id}`)))
    const making = range(8).map((index) => makePort(either(index), id, { name: `new${round}` }))
    const removed = await Promise.all(removals)
    for (const { status } of removed) assert.ok(status === 204 || status === 404, String(status))
    const made = await Promise.all(making)
    for (const provider of [a, b]) {
      const { ports } = await eventually(provider, `/ports?name=new${round}`, (body) => body.ports.length === 8)
      assert.deepEqual(ports.map((port: any) => port.id).sort(), made.map((port) => port.id).sort())
    }
  }
})

test('quotas set through both are those that were set last, and none is lost', { skip }, async (t) => {
  const { a, b, either } = await startTwo(t)
  const answers = await Promise.all(
    range(20).map((index) => either(index).send('PUT', `/quotas/p${index}`, { quota: { port: index } })),
  )
  assert.deepEqual(
    statuses(answers),
    range(20).map(() => 200),
  )
  for (const index of range(20))
    for (const provider of [a, b]) await eventually(provider, `/quotas/p${index}`, (body) => body.quota.port === index)
})
