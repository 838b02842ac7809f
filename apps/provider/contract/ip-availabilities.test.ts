// How full networks are, as an administrator is told.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider } from '../testing/test-provider.ts'

const path = '/network-ip-availabilities'

test('a network says how many addresses it has and how many are taken, subnet by subnet', async (t) => {
  const { send } = await startTestProvider(t)
  const make = async (singular: string, attributes: object) =>
    (await send('POST', `/${singular}s`, { [singular]: attributes })).body[singular]
  const network = await make('network', { name: 'blue', project_id: 'p' })
  const empty = await make('network', { name: 'empty' })
  const subnet = (cidr: string, more: object = {}) =>
    make('subnet', { network_id: network.id, ip_version: 4, cidr, ...more })
  const small = await subnet('10.0.0.0/29', { name: 'small' })
  const pooled = await subnet('10.0.1.0/24', { allocation_pools: [{ start: '10.0.1.10', end: '10.0.1.19' }] })
  for (const fixed_ips of [[{ subnet_id: small.id }, { ip_address: '10.0.1.10' }], [{ ip_address: '10.0.1.99' }], []])
    await make('port', { network_id: network.id, fixed_ips })

  const blue = {
    network_id: network.id,
    network_name: 'blue',
    tenant_id: 'p',
    project_id: 'p',
    subnet_ip_availability: [
      { subnet_id: small.id, subnet_name: 'small', cidr: '10.0.0.0/29', ip_version: 4, total_ips: 5, used_ips: 1 },
      { subnet_id: pooled.id, subnet_name: '', cidr: '10.0.1.0/24', ip_version: 4, total_ips: 10, used_ips: 2 },
    ],
    total_ips: 15,
    used_ips: 3,
  }
  const none = { subnet_ip_availability: [], total_ips: 0, used_ips: 0 }
  const bare = { network_id: empty.id, network_name: 'empty', tenant_id: '', project_id: '', ...none }
  assert.deepEqual((await send('GET', `${path}/${network.id}`)).body, { network_ip_availability: blue })
  for (const [query, expected] of [
    ['', [blue, bare]],
    ['?ip_version=4', [blue]],
    ['?ip_version=6', []],
    ['?ip_version=4&ip_version=6', [blue]],
    ['?network_name=empty', [bare]],
    [`?network_id=${network.id}`, [blue]],
    ['?project_id=p', [blue]],
    ['?fields=used_ips', [{ used_ips: 3 }, { used_ips: 0 }]],
  ] as const)
    assert.deepEqual((await send('GET', path + query)).body, { network_ip_availabilities: expected }, query)
})

test('an unknown network or filter is refused', async (t) => {
  const { send } = await startTestProvider(t)
  for (const [query, status, type] of [
    ['/00000000-0000-4000-8000-000000000000', 404, 'NetworkNotFound'],
    ['?bogus=1', 400, 'HTTPBadRequest'],
  ] as const) {
    const answer = await send('GET', path + query)
    assert.deepEqual([answer.status, answer.body.NeutronError.type], [status, type])
  }
})
