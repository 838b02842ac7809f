// Addresses of ports: where they come from, that each is given once, and that none is lost.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../testing/test-provider.ts'

interface FixedIp {
  readonly subnet_id: string
  readonly ip_address: string
}

/** A provider with one network; every call answers what was made, or fails the test. */
async function startNetwork(t: TestContext) {
  const { send } = await startTestProvider(t)
  const make = async (singular: string, attributes: object) => {
    const { status, body } = await send('POST', `/${singular}s`, { [singular]: attributes })
    assert.equal(status, 201, JSON.stringify(body))
    return body[singular]
  }
  const network = await make('network', {})
  const onNetwork = { network_id: network.id }
  const post = (attributes: object = {}) => send('POST', '/ports', { port: { ...onNetwork, ...attributes } })
  const ports = {
    post,
    make: (attributes: object = {}) => make('port', { ...onNetwork, ...attributes }),
    put: (id: string, fixed_ips: object[]) => send('PUT', `/ports/${id}`, { port: { fixed_ips } }),
    async remove(id: string) {
      assert.equal((await send('DELETE', `/ports/${id}`)).status, 204)
    },
    list: async () =>
      (await send('GET', '/ports')).body.ports as { id: string; mac_address: string; fixed_ips: FixedIp[] }[],
    /** Makes ports until the addresses are exhausted; answers the addresses in the order in which they came. */
    async fill(): Promise<string[]> {
      const given: string[] = []
      for (;;) {
        const { status, body } = await post()
        if (status !== 201) {
          assert.deepEqual([status, body.NeutronError.type], [409, 'IpAddressGenerationFailure'])
          assert.equal(body.NeutronError.message, `No more IP addresses available on network ${network.id}.`)
          return given
        }
        given.push(body.port.fixed_ips[0].ip_address)
      }
    },
  }
  const subnet = (cidr: string, more: object = {}) => make('subnet', { ...onNetwork, ip_version: 4, cidr, ...more })
  return { send, network, subnet, ports }
}

const addressesOf = (port: { fixed_ips: FixedIp[] }) => port.fixed_ips.map(({ ip_address }) => ip_address)
const lastByte = (address: string) => Number(address.split('.')[3])
const byNumber = (addresses: readonly string[]) => addresses.map(lastByte).sort((a, b) => a - b)
const span = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at)
const pool = (first: number, last: number) => ({ start: `10.0.0.${first}`, end: `10.0.0.${last}` })

test('a port on a network without subnets has no address', async (t) => {
  const { ports } = await startNetwork(t)
  assert.deepEqual((await ports.make()).fixed_ips, [])
})

test('the pool is every address but those of the network, the broadcast and the gateway, each given once', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  const { id, gateway_ip, allocation_pools } = await subnet('10.0.0.0/28')
  assert.deepEqual([gateway_ip, allocation_pools], ['10.0.0.1', [pool(2, 14)]])
  assert.equal((await ports.make()).fixed_ips[0].subnet_id, id)
  await ports.fill()
  assert.deepEqual(byNumber((await ports.list()).flatMap(addressesOf)), span(2, 14))
})

test('a gateway in the middle is a hole in the pool', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  assert.deepEqual((await subnet('10.0.0.0/28', { gateway_ip: '10.0.0.5' })).allocation_pools, [
    pool(1, 4),
    pool(6, 14),
  ])
  assert.deepEqual(byNumber(await ports.fill()), [...span(1, 4), ...span(6, 14)])
})

test('a gateway at the end, outside, or nowhere leaves the rest as one pool', async (t) => {
  for (const [gateway_ip, expected] of [
    ['10.0.0.6', pool(1, 5)],
    ['10.9.9.9', pool(1, 6)],
    [null, pool(1, 6)],
  ] as const) {
    const { subnet, ports } = await startNetwork(t)
    assert.deepEqual((await subnet('10.0.0.0/29', { gateway_ip })).allocation_pools, [expected])
    assert.deepEqual(byNumber(await ports.fill()), span(lastByte(expected.start), lastByte(expected.end)))
  }
})

test('the smallest subnets have the addresses that they have', async (t) => {
  for (const [cidr, more, expected] of [
    ['10.0.0.0/30', {}, [2]],
    ['10.0.0.0/30', { gateway_ip: null }, [1, 2]],
    ['10.0.0.0/31', { gateway_ip: null, enable_dhcp: false }, [0, 1]],
    ['10.0.0.7/32', { gateway_ip: null, enable_dhcp: false }, [7]],
    ['10.0.0.7/32', { enable_dhcp: false }, [7]],
    ['255.255.255.255/32', { enable_dhcp: false }, [255]],
  ] as const) {
    const { subnet, ports } = await startNetwork(t)
    await subnet(cidr, more)
    assert.deepEqual(byNumber(await ports.fill()), expected, cidr)
  }
})

test('addresses come from the pools that the subnet names, and from nowhere else', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/24', { allocation_pools: [pool(200, 202), pool(10, 12)] })
  assert.deepEqual(byNumber(await ports.fill()), [10, 11, 12, 200, 201, 202])
})

test('a subnet without pools gives the addresses that are asked for by number only', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/24', { allocation_pools: [] })
  assert.deepEqual(await ports.fill(), [])
  assert.deepEqual(addressesOf(await ports.make({ fixed_ips: [{ ip_address: '10.0.0.9' }] })), ['10.0.0.9'])
})

test('an address asked for is given, inside the pool or outside, and to nobody else', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  const { id } = await subnet('10.0.0.0/24', { allocation_pools: [pool(10, 14)] })
  for (const wish of [
    { ip_address: '10.0.0.12' },
    { ip_address: '10.0.0.100', subnet_id: id },
    { ip_address: '10.0.0.1' },
  ])
    assert.deepEqual((await ports.make({ fixed_ips: [wish] })).fixed_ips, [
      { subnet_id: id, ip_address: wish.ip_address },
    ])
  assert.deepEqual(byNumber(await ports.fill()), [10, 11, 13, 14])
  for (const ip_address of ['10.0.0.12', '10.0.0.100', '10.0.0.13']) {
    const { status, body } = await ports.post({ fixed_ips: [{ ip_address }] })
    assert.deepEqual([status, body.NeutronError.type], [409, 'IpAddressAlreadyAllocated'])
  }
})

test('an exhausted network gives the address of a deleted port again, and a failed request takes nothing', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/29')
  await ports.fill()
  const [, second] = await ports.list()
  await ports.remove(second!.id)
  const half = await ports.post({ fixed_ips: [{ ip_address: addressesOf(second!)[0] }, { ip_address: '10.0.0.3' }] })
  assert.equal(half.status, 409)
  assert.deepEqual(await ports.fill(), addressesOf(second!))
})

test('a released address is the last to be given again', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/28')
  const given: string[] = []
  for (let round = 0; round < 13; round++) {
    const port = await ports.make()
    given.push(...addressesOf(port))
    await ports.remove(port.id)
  }
  assert.deepEqual(byNumber(given), span(2, 14), 'every other address came first')
  assert.deepEqual(addressesOf(await ports.make()), [given[0]])
})

test('an address outside the pools is free again after its port, but only for who asks for it', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/24', { allocation_pools: [pool(10, 11)] })
  const wish = { fixed_ips: [{ ip_address: '10.0.0.99' }] }
  await ports.remove((await ports.make(wish)).id)
  assert.deepEqual(byNumber(await ports.fill()), [10, 11])
  await ports.make(wish)
})

test('when the first subnet is exhausted, the next one gives', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/30')
  await subnet('10.0.1.0/30')
  assert.deepEqual(await ports.fill(), ['10.0.0.2', '10.0.1.2'])
})

test('a port may have several addresses, of one subnet or of several', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  const [a, b] = [await subnet('10.0.0.0/29'), await subnet('10.0.1.0/29')]
  const wishes = [{ subnet_id: a.id }, { subnet_id: a.id }, { subnet_id: b.id }, { ip_address: '10.0.1.6' }]
  const { fixed_ips } = await ports.make({ fixed_ips: wishes })
  assert.deepEqual(
    fixed_ips.map(({ subnet_id }: FixedIp) => subnet_id),
    [a.id, a.id, b.id, b.id],
  )
  assert.equal(new Set(addressesOf({ fixed_ips })).size, 4)
})

test('a wish for any address does not take the one that the same port asks for by number', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  const { id: subnet_id } = await subnet('10.0.0.0/29')
  const wishes = [{ subnet_id }, { ip_address: '10.0.0.2' }]
  const { id, fixed_ips } = await ports.make({ fixed_ips: wishes })
  assert.deepEqual(addressesOf({ fixed_ips }), ['10.0.0.3', '10.0.0.2'])
  const { status, body } = await ports.put(id, [{ subnet_id }, { ip_address: '10.0.0.3' }])
  assert.deepEqual([status, addressesOf(body.port)], [200, ['10.0.0.3', '10.0.0.2']])
})

test('an update leaves a port its addresses where it asks for them, and takes and gives the rest', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  const [a, b] = [await subnet('10.0.0.0/29'), await subnet('10.0.1.0/29')]
  const { id } = await ports.make({ fixed_ips: [{ ip_address: '10.0.0.3' }] })
  for (const [title, wishes, expected] of [
    ['the same', [{ ip_address: '10.0.0.3' }], ['10.0.0.3']],
    ['the same subnet', [{ subnet_id: a.id }], ['10.0.0.3']],
    ['one more', [{ subnet_id: a.id }, { ip_address: '10.0.0.4' }], ['10.0.0.3', '10.0.0.4']],
    ['in another order', [{ ip_address: '10.0.0.4' }, { ip_address: '10.0.0.3' }], ['10.0.0.3', '10.0.0.4']],
    ['another one', [{ ip_address: '10.0.0.5' }], ['10.0.0.5']],
    ['another subnet', [{ subnet_id: b.id, ip_address: '10.0.1.2' }], ['10.0.1.2']],
    ['none', [], []],
    [
      'some again',
      [{ ip_address: '10.0.0.3' }, { ip_address: '10.0.0.4' }, { ip_address: '10.0.0.5' }],
      ['10.0.0.3', '10.0.0.4', '10.0.0.5'],
    ],
    ['one of them and another', [{ ip_address: '10.0.0.4' }, { ip_address: '10.0.0.6' }], ['10.0.0.4', '10.0.0.6']],
  ] as const) {
    const { status, body } = await ports.put(id, [...wishes])
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(addressesOf(body.port).sort(), expected, title)
  }
  await ports.remove(id)
  assert.deepEqual(
    byNumber(await ports.fill()),
    [...span(2, 6), ...span(2, 6)].sort((x, y) => x - y),
    'no address was lost',
  )
})

test('after an update a port has as many addresses as it asked for, as after a creation', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  const { id: subnet_id } = await subnet('10.0.0.0/28')
  const { id } = await ports.make()
  for (const count of [2, 1, 5, 3, 0, 1]) {
    const { status, body } = await ports.put(id, Array(count).fill({ subnet_id }))
    assert.deepEqual([status, body.port.fixed_ips.length], [200, count])
    assert.equal(new Set(addressesOf(body.port)).size, count)
  }
})

test('an address asked for twice is refused at an update as at a creation', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/28')
  const twice = [{ ip_address: '10.0.0.3' }, { ip_address: '10.0.0.3' }]
  const { id } = await ports.make({ fixed_ips: [twice[0]] })
  assert.equal((await ports.put(id, twice)).status, 409)
  await ports.remove(id)
  assert.equal((await ports.post({ fixed_ips: twice })).status, 409)
})

test('a port has at most five addresses, however they are added', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/27')
  const wishes = (first: number, last: number) => span(first, last).map((byte) => ({ ip_address: `10.0.0.${byte}` }))
  const { id } = await ports.make({ fixed_ips: wishes(2, 6) })
  const { status, body } = await ports.put(id, wishes(2, 7))
  assert.deepEqual([status, body.NeutronError?.type], [400, 'InvalidInput'])
  assert.deepEqual(byNumber((await ports.list()).flatMap(addressesOf)), span(2, 6))
  assert.equal((await ports.put(id, wishes(7, 11))).status, 200)
})

test('an update that is refused leaves the addresses as they were', async (t) => {
  const { subnet, ports, send } = await startNetwork(t)
  await subnet('10.0.0.0/29')
  const { id } = await ports.make({ fixed_ips: [{ ip_address: '10.0.0.3' }] })
  await ports.make({ fixed_ips: [{ ip_address: '10.0.0.5' }] })
  const before = await ports.list()
  assert.equal((await ports.put(id, [{ ip_address: '10.0.0.4' }, { ip_address: '10.0.0.5' }])).status, 409)
  assert.equal((await send('PUT', `/ports/${id}`, { port: { fixed_ips: [], mac_address: 'zz' } })).status, 400)
  assert.deepEqual(await ports.list(), before)
  assert.deepEqual(byNumber(await ports.fill()), [2, 4, 6])
})

test('new pools give new addresses; ports keep what they have', async (t) => {
  const { subnet, ports, send } = await startNetwork(t)
  const { id } = await subnet('10.0.0.0/24', { allocation_pools: [pool(10, 13)] })
  await ports.fill()
  const change = (allocation_pools: object[]) => send('PUT', `/subnets/${id}`, { subnet: { allocation_pools } })
  assert.equal((await change([pool(12, 16)])).status, 200)
  assert.deepEqual(byNumber((await ports.list()).flatMap(addressesOf)), span(10, 13))
  assert.deepEqual(byNumber(await ports.fill()), [14, 15, 16])
  for (const { id: port, fixed_ips } of await ports.list()) {
    if (lastByte(fixed_ips[0]!.ip_address) < 13) await ports.remove(port)
  }
  assert.deepEqual(byNumber(await ports.fill()), [12], 'what the pools no longer have is not given again')
  assert.equal((await change([pool(10, 11), pool(30, 30)])).status, 200)
  assert.deepEqual(byNumber(await ports.fill()), [10, 11, 30])
})

test('a subnet whose pools are refused keeps the ones it has', async (t) => {
  const { subnet, ports, send } = await startNetwork(t)
  const { id } = await subnet('10.0.0.0/29')
  for (const allocation_pools of [[pool(1, 3)], [pool(4, 3)], [pool(2, 200)], [pool(2, 3), pool(3, 4)]])
    assert.ok((await send('PUT', `/subnets/${id}`, { subnet: { allocation_pools } })).status >= 400)
  assert.deepEqual(byNumber(await ports.fill()), span(2, 6))
})

test('a subnet made anew starts with all its addresses', async (t) => {
  const { subnet, ports, send } = await startNetwork(t)
  for (let round = 0; round < 2; round++) {
    const { id } = await subnet('10.0.0.0/29')
    assert.deepEqual(byNumber(await ports.fill()), span(2, 6))
    assert.equal((await send('DELETE', `/subnets/${id}`)).status, 409)
    for (const port of await ports.list()) await ports.remove(port.id)
    assert.equal((await send('DELETE', `/subnets/${id}`)).status, 204)
  }
})

/** Runs `work` for 0, 1, … `count - 1`, 16 at a time. */
async function by16Writers(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < count) await work(next++)
    }),
  )
}

test('16 writers who make, change and delete 600 ports never get an address or a MAC that another has', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  const { id: subnet_id } = await subnet('10.0.0.0/23')
  const held = new Map<string, string>()
  const hold = (port: { id: string; mac_address: string; fixed_ips: FixedIp[] }) => {
    for (const key of [port.mac_address, ...addressesOf(port)]) {
      assert.ok(!held.has(key) || held.get(key) === port.id, `${key} is given to two ports`)
      held.set(key, port.id)
    }
  }
  const letGo = (id: string) => {
    for (const [key, holder] of held) if (holder === id) held.delete(key)
  }
  await by16Writers(600, async (index) => {
    const port = await ports.make({ name: `p${index}` })
    hold(port)
    if (index % 3 === 0) {
      letGo(port.id)
      await ports.remove(port.id)
    } else if (index % 5 === 0) {
      letGo(port.id)
      const { body } = await ports.put(port.id, [{ subnet_id }, { subnet_id }])
      hold(body.port)
    }
  })
  const listed = await ports.list()
  const addresses = listed.flatMap(addressesOf)
  assert.equal(listed.length, 400)
  assert.equal(addresses.length, 480)
  assert.equal(new Set(addresses).size, 480)
  assert.equal(new Set(listed.map(({ mac_address }) => mac_address)).size, 400)
  assert.equal((await ports.fill()).length, 509 - 480, 'free and taken addresses are the pool')
})

test('of 16 writers who want the same address, or the same MAC, one gets it', async (t) => {
  const { subnet, ports } = await startNetwork(t)
  await subnet('10.0.0.0/24')
  for (const wish of [{ fixed_ips: [{ ip_address: '10.0.0.77' }] }, { mac_address: '02:00:00:00:00:01' }]) {
    const answers = await Promise.all(Array.from({ length: 16 }, () => ports.post(wish)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(15).fill(409)])
  }
})
