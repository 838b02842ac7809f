// Extra DHCP options of ports: what becomes of them in the rows, whoever else has rows there, and in what OVN tells guests.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { type OvnOption, ovnOptions } from './rows/dhcp-option-names.ts'
import { startNorthd } from './testing/northd.ts'
import { eventually, ipsOf, makeNetwork, makePort, nbctl, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer

async function start(t: TestContext) {
  const server = await startOvsdbServer(t)
  const northd = await startNorthd(t, server)
  const provider = await startOvnProvider(t, server)
  const network = await makeNetwork(provider)
  const put = async (path: string, body: object) => {
    const { status, body: answer } = await provider.send('PUT', path, body)
    assert.equal(status, 200, JSON.stringify(answer))
    return answer
  }
  /** What OVN does with the port's question for an address. */
  const answerTo = async ({ id, mac_address: mac }: any) => {
    await northd.synced()
    return northd.traced(
      network.id,
      `inport=="${id}" && eth.src==${mac} && eth.dst==ff:ff:ff:ff:ff:ff && ip4.src==0.0.0.0 && ip.ttl==64 && ` +
        'ip4.dst==255.255.255.255 && udp.src==68 && udp.dst==67',
    )
  }
  /** The uuids of all rows, those of subnets and of ports. */
  const rows = async () =>
    (await nbctl(server, '--bare', '--columns=_uuid', 'list', 'DHCP_Options')).match(/\S+/g) ?? []
  return { server, northd, provider, network, put, answerTo, rows }
}

const boot = { opt_name: 'bootfile-name', opt_value: 'pxelinux.0' }
const next = { opt_name: 'server-ip-address', opt_value: '10.1.0.9' }

test('a guest is told the options of its port besides those of its subnet, as both change', { skip }, async (t) => {
  const { provider, network, put, answerTo, rows } = await start(t)
  const [port, plain] = [
    await makePort(provider, network.id, { extra_dhcp_opts: [boot, next] }),
    await makePort(provider, network.id),
  ]
  const path = `/ports/${port.id}`
  const told = await answerTo(port)
  for (const part of [`offerip = ${ipsOf(port)[0]}`, 'bootfile_name = "pxelinux.0"', 'next_server = 10.1.0.9'])
    assert.ok(told.includes(part), `${part} in ${told}`)
  assert.match(told, /mtu = 1450.*router = 10\.1\.0\.1/)
  assert.doesNotMatch(await answerTo(plain), /bootfile_name/)
  await put(`/networks/${network.id}`, { network: { mtu: 1300 } })
  assert.match(await answerTo(port), /bootfile_name.*mtu = 1300/)
  await put(`/subnets/${network.subnetId}`, { subnet: { dns_nameservers: ['9.9.9.9'] } })
  assert.match(await answerTo(port), /bootfile_name.*dns_server = 9\.9\.9\.9/)
  const router = { opt_name: '3', opt_value: '10.1.0.77' }
  await put(path, { port: { extra_dhcp_opts: [router, { ...boot, opt_value: null }] } })
  const changed = await answerTo(port)
  assert.match(changed, /router = 10\.1\.0\.77/)
  assert.doesNotMatch(changed, /bootfile_name/)
  await put(path, {
    port: {
      extra_dhcp_opts: [
        { ...router, opt_name: 'router', opt_value: '' },
        { ...router, opt_value: null },
      ],
    },
  })
  assert.doesNotMatch(await answerTo(port), /router =/)
  await put(`/subnets/${network.subnetId}`, { subnet: { enable_dhcp: false } })
  assert.doesNotMatch(await answerTo(port), /put_dhcp_opts/)
  assert.equal((await rows()).length, 2, 'that of the subnet, that of the port')
})

test('the rows of a port go with its options, its addresses and itself; rows of others stay', { skip }, async (t) => {
  const { server, provider, network, put, rows } = await start(t)
  const foreign = await nbctl(server, 'create', 'DHCP_Options', 'cidr=10.1.0.0/24', 'options:router=10.1.0.1')
  const port = await makePort(provider, network.id, { extra_dhcp_opts: [boot] })
  const path = `/ports/${port.id}`
  const others = new Set([foreign, network.subnetId])
  const own = async () => (await rows()).filter((id) => !others.has(id))
  const column = () => nbctl(server, '--bare', 'get', 'Logical_Switch_Port', port.id, 'dhcpv4_options')
  const [first] = await own()
  assert.equal(await column(), first)
  await nbctl(server, 'set', 'DHCP_Options', first!, 'external_ids:theirs=x')
  assert.deepEqual((await provider.send('GET', path)).body.port.extra_dhcp_opts, [{ ...boot, ip_version: 4 }])
  assert.equal((await provider.send('GET', '/subnets')).body.subnets.length, 1, 'it is no subnet')
  await put(path, { port: { fixed_ips: [] } })
  assert.deepEqual([await own(), await column()], [[], '[]'])
  await put(path, { port: { fixed_ips: [{ subnet_id: network.subnetId }] } })
  assert.deepEqual([await own(), await column()], [[first], first])
  await put(path, { port: { extra_dhcp_opts: [{ ...boot, opt_value: null }] } })
  assert.deepEqual([await own(), await column()], [[], network.subnetId])
  await put(path, { port: { extra_dhcp_opts: [boot] } })
  assert.equal((await provider.send('DELETE', path)).status, 204)
  assert.deepEqual(new Set(await rows()), others)
})

test('what somebody else writes to the row of a port stays as the subnet changes', { skip }, async (t) => {
  const { server, provider, network, put, rows } = await start(t)
  await makePort(provider, network.id, { extra_dhcp_opts: [boot] })
  const [row] = (await rows()).filter((id) => id !== network.subnetId)
  await nbctl(server, 'set', 'DHCP_Options', row!, 'external_ids:theirs=x', 'options:wpad="\\"http://x\\""')
  await put(`/subnets/${network.subnetId}`, { subnet: { dns_nameservers: ['8.8.8.8'] } })
  assert.match(await nbctl(server, 'get', 'DHCP_Options', row!, 'external_ids'), /theirs=x/)
  assert.match(await nbctl(server, 'get', 'DHCP_Options', row!, 'options'), /dns_server="8\.8\.8\.8".*wpad/)
})

test('a port that somebody else made gets its options by its own name', { skip }, async (t) => {
  const { server, provider, network, put, answerTo } = await start(t)
  const name = '3f0c9a52-7e0b-4d1f-9d3c-0a1b2c3d4e5f'
  const address = '02:00:00:00:00:01 10.1.0.50'
  await nbctl(server, 'lsp-add', network.id, name, '--', 'lsp-set-addresses', name, address)
  await eventually(provider, `/ports/${name}`, (_, status) => status === 200)
  const { port } = await put(`/ports/${name}`, { port: { extra_dhcp_opts: [boot] } })
  assert.match(await answerTo(port), /bootfile_name = "pxelinux\.0"/)
  await put(`/networks/${network.id}`, { network: { mtu: 1200 } })
  assert.match(await answerTo(port), /bootfile_name.*mtu = 1200/)
})

/** One of each type, as clients write them. */
const values: Record<OvnOption[3], string> = {
  ipv4: '10.1.0.7,10.1.0.8',
  ipv6: 'fd00::7',
  static_routes: '10.9.0.0/16,10.1.0.254 10.8.0.0/16,10.1.0.253',
  bool: '1',
  uint8: '255',
  uint16: '1400',
  uint32: '4294967295',
  str: 'a "quoted", {odd} text = \\ 💥',
  host_id: 'boot.example.org',
  domains: 'a.example.org, b.example.org',
}

test('every option that is taken is one that OVN knows, and reads', { skip }, async (t) => {
  const { northd, provider, network, answerTo } = await start(t)
  // Its list of options is northd's, too.
  await northd.synced()
  for (const [version, table] of [
    [4, 'DHCP_Options'],
    [6, 'DHCPv6_Options'],
  ] as const) {
    const known = await northd.sbctl('--bare', '--columns=name,code,type', 'list', table)
    // What is no option, but a field of the header, has a number of OVN's own.
    for (const [code, , ovn, type] of ovnOptions[version])
      assert.match(
        `\n${known}\n`,
        new RegExp(`\n${ovn}\n${code === 255 ? '\\d+' : code}\n${type}\n`),
        `DHCPv${version}`,
      )
  }
  for (const [code, name, ovn, type] of ovnOptions[4])
    for (const opt_name of [name, String(code)]) {
      const extra_dhcp_opts = [{ opt_name, opt_value: values[type] }]
      const told = await answerTo(await makePort(provider, network.id, { extra_dhcp_opts }))
      assert.match(told, new RegExp(`put_dhcp_opts\\(.*[ (]${ovn} = [^;]*\\);`), `${opt_name}: ${told}`)
      assert.match(told, /udp\.dst = 68/, `${opt_name} is answered`)
    }
})

test('an option that OVN cannot send is refused by name, and changes nothing', { skip }, async (t) => {
  const { provider, network, rows } = await start(t)
  const port = await makePort(provider, network.id)
  const before = await rows()
  for (const [option, reason] of [
    [{ opt_name: 'vendor-class', opt_value: 'x' }, "OVN has no DHCPv4 option 'vendor-class'"],
    [{ opt_name: 'netmask', opt_value: '255.0.0.0' }, "OVN has no DHCPv4 option 'netmask'"],
    [{ ...boot, ip_version: 6 }, "OVN has no DHCPv6 option 'bootfile-name'"],
    [{ opt_name: 'mtu', opt_value: '65536' }, "'65536' is no value of the DHCPv4 option 'mtu'"],
    [{ opt_name: 'router', opt_value: '10.0.0.1; drop' }, "'10.0.0.1; drop' is no value of the DHCPv4 option 'router'"],
    [{ opt_name: '6', opt_value: 'fd00::1' }, "'fd00::1' is no value of the DHCPv4 option '6'"],
    [{ opt_name: '121', opt_value: '10.0.0.0/8' }, "'10.0.0.0/8' is no value of the DHCPv4 option '121'"],
    [{ opt_name: 'ip-forward-enable', opt_value: 'yes' }, "'yes' is no value of the DHCPv4 option 'ip-forward-enable'"],
  ] as const)
    for (const [method, path, attributes] of [
      ['POST', '/ports', { network_id: network.id }],
      ['PUT', `/ports/${port.id}`, {}],
    ] as const) {
      const { status, body } = await provider.send(method, path, { port: { ...attributes, extra_dhcp_opts: [option] } })
      assert.equal(status, 400, JSON.stringify(body))
      assert.equal(body.NeutronError.message, `Invalid input for extra_dhcp_opts. Reason: ${reason}.`)
    }
  assert.deepEqual((await provider.send('GET', '/ports')).body.ports, [port])
  assert.deepEqual(await rows(), before)
})
