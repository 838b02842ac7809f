// What OVN makes of the rows: its northd reads them, and the logical flows say what guests are told.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startNorthd } from './testing/northd.ts'
import { eventually, ipsOf, makeNetwork, makePort, nbctl, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer

async function start(t: TestContext) {
  const server = await startOvsdbServer(t)
  const northd = await startNorthd(t, server)
  const provider = await startOvnProvider(t, server)
  /** The options of the DHCP answer that this address gets, as northd writes them; undefined for none. */
  const offerTo = async (ip: string) => {
    await northd.synced()
    const flows = await northd.sbctl('--bare', '--columns=actions', 'find', 'Logical_Flow')
    return flows.split('\n').find((actions) => actions.includes(`put_dhcp_opts(offerip = ${ip},`))
  }
  return { server, northd, provider, offerTo }
}

test('OVN answers DHCP with what the subnet and the MTU of its network say, as they change', { skip }, async (t) => {
  const { provider, offerTo } = await start(t)
  const { id, subnetId } = await makeNetwork(provider)
  const [ip] = ipsOf(await makePort(provider, id))
  const put = async (path: string, body: object) => {
    const { status, body: answer } = await provider.send('PUT', path, body)
    assert.equal(status, 200, JSON.stringify(answer))
    return offerTo(ip!)
  }
  const offer = await offerTo(ip!)
  for (const part of [/router = 10\.1\.0\.1/, /netmask = 255\.255\.255\.0/, /mtu = 1450/, /lease_time = 86400/])
    assert.match(offer!, part)
  assert.match((await put(`/networks/${id}`, { network: { mtu: 1300 } }))!, /mtu = 1300/)
  const host_routes = [{ destination: '10.9.0.0/16', nexthop: '10.1.0.254' }]
  const dns_nameservers = ['9.9.9.9', '8.8.8.8']
  const told = (await put(`/subnets/${subnetId}`, { subnet: { dns_nameservers, host_routes } }))!
  assert.match(told, /dns_server = \{9\.9\.9\.9, 8\.8\.8\.8\}/)
  assert.match(told, /classless_static_route = \{10\.9\.0\.0\/16,10\.1\.0\.254, 0\.0\.0\.0\/0,10\.1\.0\.1\}/)
  const alone = (await put(`/subnets/${subnetId}`, { subnet: { gateway_ip: null, host_routes: [] } }))!
  assert.doesNotMatch(alone, /router|classless/)
  assert.match(alone, /server_id = 169\.254\.67\.67/)
  assert.equal(await put(`/subnets/${subnetId}`, { subnet: { enable_dhcp: false } }), undefined, 'OVN answers nobody')
  assert.match((await put(`/subnets/${subnetId}`, { subnet: { enable_dhcp: true } }))!, /mtu = 1300/)
})

test('a tunnel has the number that was asked for, and a secured port only its own addresses', { skip }, async (t) => {
  const { northd, provider } = await start(t)
  const { id } = await makeNetwork(provider, '10.1.0.0/24', { 'provider:segmentation_id': 77 })
  const open = { port_security_enabled: false, security_groups: [] }
  const [secured, free] = [await makePort(provider, id), await makePort(provider, id, open)]
  await northd.synced()
  const key = await northd.sbctl('--bare', '--columns=tunnel_key', 'find', 'Datapath_Binding')
  assert.equal(key, '77')
  const bound = await northd.sbctl(
    '--bare',
    '--columns=port_security',
    'find',
    'Port_Binding',
    `logical_port=${secured.id}`,
  )
  const unbound = await northd.sbctl(
    '--bare',
    '--columns=port_security',
    'find',
    'Port_Binding',
    `logical_port=${free.id}`,
  )
  assert.deepEqual([bound, unbound], [`${secured.mac_address} ${ipsOf(secured)[0]}`, ''])
})

test('addresses that OVN gives itself are no longer given here', { skip }, async (t) => {
  const { server, northd, provider } = await start(t)
  const { id } = await makeNetwork(provider, '10.1.0.0/28')
  await nbctl(server, 'set', 'Logical_Switch', id, 'other_config:subnet=10.1.0.0/28')
  for (const name of ['a', 'b', 'c'])
    await nbctl(server, 'lsp-add', id, name, '--', 'lsp-set-addresses', name, 'dynamic')
  await northd.synced()
  await eventually(provider, '/ports', (body) => body.ports.flatMap(ipsOf).length === 3)
  const made = await Promise.all(Array.from({ length: 10 }, () => makePort(provider, id)))
  const { ports } = (await provider.send('GET', `/ports?network_id=${id}`)).body
  assert.equal(new Set([...made, ...ports].flatMap(ipsOf)).size, 13)
  assert.equal(ports.filter(({ mac_address }: any) => mac_address !== '').length, 13)
})
