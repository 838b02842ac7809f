// The interfaces of a host and the networks on them: shown, attached, bonded, checked, synchronized.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../../lab/until.ts'
import { attaching, bond, on, startHostScene } from '../../testing/host-scene.ts'

const address = {
  ip_address_assignments: {
    ip_address_assignment: [
      { assignment_method: 'static', ip: { address: '10.1.0.5', netmask: '255.255.255.0', gateway: '10.1.0.1' } },
    ],
  },
}
test('a network that is attached to a host keeps its name', async (t) => {
  const { engine, ids, setUp } = await startHostScene(t)
  assert.equal((await setUp(attaching(on('plain', 'eth1')))).status, 200)
  const { status, body } = await engine.send('PUT', `/networks/${ids.plain}`, { name: 'fancy' })
  assert.equal(status, 409)
  assert.match(body.detail, /^\[Cannot edit Network. This logical network is used by Host: h\n/)
  assert.equal((await engine.ask('PUT', `/networks/${ids.tagged}`, { name: 'fancy' })).name, 'fancy')
})

test('networks, a VLAN and a bond are set up in one call, and shown as the host has them then', async (t) => {
  const { engine, ids, networks, path, setUp, attachments, events } = await startHostScene(t)
  const properties = { properties: { property: [{ name: 'vni-range', value: '1-9' }] } }
  const answer = await setUp({
    ...attaching(on('plain', 'bond1', { ...address, ...properties }), on('tagged', 'eth0')),
    modified_bonds: { host_nic: [bond('bond1', 'eth2', 'eth1')] },
    check_connectivity: 'true',
    connectivity_timeout: '7',
    commit_on_success: 'true',
  })
  assert.equal(answer.status, 200, answer.text)
  const common = { bridged: true, stp: false, dhcpv6: false, ipv6autoconf: false, defaultRoute: false, nameservers: [] }
  assert.deepEqual(networks.asked, [
    {
      networks: {
        plain: {
          ...{
            ...common,
            bonding: 'bond1',
            mtu: 1500,
            bootproto: 'none',
            ipaddr: '10.1.0.5',
            netmask: '255.255.255.0',
          },
          ...{ gateway: '10.1.0.1', switch: 'legacy', custom: { 'vni-range': '1-9' } },
        },
        tagged: { ...common, nic: 'eth0', vlan: 20, mtu: 9000, bootproto: 'none', switch: 'legacy' },
      },
      bondings: { bond1: { nics: ['eth1', 'eth2'], options: 'mode=1', switch: 'legacy' } },
      options: { connectivityCheck: true, connectivityTimeout: 7, commitOnSuccess: true },
    },
  ])
  assert.ok(networks.heard > 0, 'the host heard from the engine')

  const shown = await attachments()
  assert.deepEqual(
    shown.map((each) => [each.network.id, each.host_nic.name, each.in_sync, each.properties?.property]),
    [
      [ids.plain, 'bond1', 'true', properties.properties.property],
      [ids.tagged, 'eth0', 'true', undefined],
    ],
  )
  assert.deepEqual(shown[0].ip_address_assignments, {
    ip_address_assignment: [
      {
        assignment_method: 'static',
        ip: { ...address.ip_address_assignments.ip_address_assignment[0]!.ip, version: 'v4' },
      },
    ],
  })
  const nics = await engine.list(`${path}/nics`)
  const [bond1, vlan] = ['bond1', 'eth0.20'].map((name) => nics.find((nic) => nic.name === name))
  assert.deepEqual(
    [
      bond1.network.id,
      bond1.ip.address,
      bond1.bonding.slaves.host_nic.map(({ name }: any) => name),
      bond1.bonding.options.option,
    ],
    [ids.plain, '10.1.0.5', ['eth1', 'eth2'], [{ name: 'mode', value: '1', type: 'Active-Backup' }]],
  )
  assert.deepEqual([vlan.base_interface, vlan.vlan.id, vlan.mtu, vlan.network.id], ['eth0', '20', '9000', ids.tagged])
  assert.equal(nics.find(({ name }) => name === 'eth1').status, 'up')
  const statistics = await engine.list(`${path}/nics/${nics[1].id}/statistics`)
  assert.deepEqual(
    statistics.map(({ values }) => values.value?.[0]?.datum),
    ['12', '7', undefined, undefined],
  )
  assert.deepEqual(
    (await engine.list(`${path}/nics/${bond1.id}/networkattachments`)).map(({ id }) => id),
    [shown[0].id],
  )
  assert.deepEqual(await engine.list(`${path}/nics/${bond1.id}/networklabels`), [])
  assert.ok((await events()).includes(10903))

  // The same again is nothing to do.
  assert.equal((await setUp(attaching({ id: shown[0].id, ...on('plain', 'bond1', address) }))).status, 200)
  assert.equal(networks.asked.length, 1)
})

test('an attachment is added, changed and removed by itself', async (t) => {
  const { engine, networks, path, attachments } = await startHostScene(t)
  const added = await engine.send('POST', `${path}/networkattachments`, on('plain', 'eth1'))
  assert.equal(added.status, 201, added.text)
  const one = `${path}/networkattachments/${added.body.id}`
  const changed = await engine.ask('PUT', one, address)
  assert.equal(changed.ip_address_assignments.ip_address_assignment[0].ip.address, '10.1.0.5')
  assert.equal(networks.asked.at(-1).networks.plain.ipaddr, '10.1.0.5')
  await engine.ask('PUT', one, { host_nic: { name: 'eth2' } })
  const { nic, ipaddr } = networks.asked.at(-1).networks.plain
  assert.deepEqual([nic, ipaddr], ['eth2', '10.1.0.5'])
  assert.equal((await engine.send('DELETE', one)).status, 200)
  assert.deepEqual(networks.asked.at(-1).networks, { plain: { remove: true } })
  assert.deepEqual(await attachments(), [])
  assert.equal((await engine.send('DELETE', one)).status, 404)
})

test('what somebody changed on the host is out of sync, and has to be synchronized before it is changed', async (t) => {
  const { engine, host, networks, path, setUp, attachments, events } = await startHostScene(t)
  await setUp(attaching(on('tagged', 'eth1', address)))
  networks.change('tagged', { mtu: '1500', addr: '10.1.0.6' })
  await engine.ask('POST', `${path}/refresh`)
  const [off] = await attachments()
  assert.equal(off.in_sync, 'false')
  const differing = off.reported_configurations.reported_configuration.filter((each: any) => each.in_sync === 'false')
  assert.deepEqual(
    differing.map((each: any) => [each.name, each.expected_value, each.actual_value]),
    [
      ['mtu', '9000', '1500'],
      ['ipv4_address', '10.1.0.5', '10.1.0.6'],
    ],
  )
  const change = attaching({ id: off.id, ...on('tagged', 'eth2', address) })
  const refused = await setUp(change)
  assert.equal(refused.status, 409)
  assert.match(refused.body.fault.detail, /tagged is not on the host .* mtu Host - 1500, DC - 9000; ipv4_address/)
  host.answer('Host.setupNetworks', async () => {
    throw vdsmError('ResourceUnavailable')
  })
  assert.equal((await engine.send('POST', `${path}/syncallnetworks`)).status, 400)
  assert.ok((await events()).includes(10900))
  assert.equal((await attachments())[0].in_sync, 'false')
  host.answer('Host.setupNetworks', undefined)
  assert.equal((await engine.send('POST', `${path}/syncallnetworks`)).status, 200)
  assert.equal((await attachments())[0].in_sync, 'true')
  assert.equal((await setUp(change)).status, 200)
  assert.ok((await events()).includes(10901))
})

test('a network that somebody set up on the host is an attachment; one that is gone there is none', async (t) => {
  const { engine, networks, path, attachments } = await startHostScene(t)
  const told = { bridged: true, southbound: 'eth2', mtu: '1500', addr: '10.2.0.2', netmask: '255.255.0.0', gateway: '' }
  networks.change('plain', told)
  await engine.ask('POST', `${path}/refresh`)
  networks.change('other', { bridged: true, southbound: 'eth0', mtu: '1500' })
  await engine.ask('POST', `${path}/refresh`)
  const [unmanaged] = await engine.list(`${path}/unmanagednetworks`)
  assert.deepEqual([unmanaged.name, unmanaged.host_nic.name], ['other', 'eth0'])
  await engine.ask('DELETE', `${path}/unmanagednetworks/${unmanaged.id}`)
  assert.deepEqual(await engine.list(`${path}/unmanagednetworks`), [])
  const [found] = await attachments()
  assert.deepEqual(
    [found.host_nic.name, found.ip_address_assignments.ip_address_assignment[0].ip.netmask, found.in_sync],
    ['eth2', '255.255.0.0', 'true'],
  )
  await networks.verbs['Host.setupNetworks']!({ networks: { plain: { remove: true } }, bondings: {} }, {} as never)
  await engine.ask('POST', `${path}/refresh`)
  assert.deepEqual(await attachments(), [])
})

test('what the host refuses or takes back changes nothing here', async (t) => {
  const { host, setUp, attachments, events, engine, path } = await startHostScene(t)
  host.answer('Host.setupNetworks', async () => {
    throw vdsmError('NoConnectionToPeer', 'connectivity check failed')
  })
  const refused = await setUp(attaching(on('plain', 'eth1')))
  assert.equal(refused.status, 400)
  assert.match(refused.body.fault.detail, /connectivity check failed.*code 10/)
  assert.deepEqual(await attachments(), [])
  assert.ok((await events()).includes(10904))
  host.answer('Host.setSafeNetworkConfig', async () => {
    throw vdsmError('ResourceUnavailable')
  })
  assert.equal((await engine.send('POST', `${path}/commitnetconfig`)).status, 400)
  host.answer('Host.setSafeNetworkConfig', undefined)
  assert.equal((await engine.send('POST', `${path}/commitnetconfig`)).status, 200)
  assert.deepEqual((await events()).slice(0, 2), [1104, 1105])
})

test('the answer may get lost with the connection: what the host has then is what counts', async (t) => {
  const { host, networks, setUp, attachments } = await startHostScene(t)
  host.answer('Host.setupNetworks', async (params, call) => {
    await networks.verbs['Host.setupNetworks']!(params, call)
    host.answer('Host.setupNetworks', undefined)
    await host.crash()
    await host.start()
  })
  assert.equal((await setUp(attaching(on('plain', 'eth1', address)))).status, 200)
  assert.equal((await attachments()).length, 1)
  assert.equal(networks.asked.length, 1)
})

test('what cannot be is refused with the words of oVirt, and the host is not asked', async (t) => {
  const { setUp, networks, addNetwork, engine, dataCenterId, path, ids, clusterId } = await startHostScene(t)
  await addNetwork('routed', {}, { usages: { usage: ['vm', 'default_route'] } })
  await addNetwork('second')
  await engine.ask('POST', '/networks', { name: 'elsewhere', data_center: { id: dataCenterId } })
  await setUp({
    ...attaching(on('plain', 'eth1'), on('managing', 'bond0')),
    modified_bonds: { host_nic: [bond('bond0', 'eth0', 'eth2')] },
  })
  const [first, management] = await engine.list(`${path}/networkattachments`)
  const asked = networks.asked.length
  const protocol = (given: object) => ({ ip_address_assignments: { ip_address_assignment: [given] } })
  const bonds = (...host_nic: object[]) => ({ modified_bonds: { host_nic } })
  const fixed = (ip: string, netmask: string, gateway: string, version = 'v4') => ({
    assignment_method: 'static',
    ip: { address: ip, netmask, gateway, version },
  })
  const refusals: [object, number, RegExp][] = [
    [attaching(on('blue', 'eth1')), 400, /external network 'blue' cannot be configured on the host/],
    [attaching(on('elsewhere', 'eth1')), 400, /'elsewhere' does not exist in the host's cluster/],
    [attaching(on('none', 'eth1')), 400, /Logical Network \(name 'none'\) doesn't exist/],
    [attaching({ network: { id: 'x' }, host_nic: { name: 'eth1' } }), 400, /\(id 'x'\) doesn't exist/],
    [attaching({ host_nic: { name: 'eth1' } }), 400, /names no network/],
    [attaching({ network: { name: 'tagged' } }), 400, /interface is not named/],
    [attaching(on('tagged', 'eth9')), 400, /\(id , name eth9\) does not exist/],
    [attaching({ id: 'x', ...on('tagged', 'eth1') }), 400, /Updated Network Attachment \(id 'x'\) does not exist/],
    [attaching({ id: first.id, ...on('tagged', 'eth1') }), 400, /cannot be another one/],
    [attaching(on('plain', 'eth2')), 400, /already attached via attachment/],
    [attaching(on('second', 'eth1')), 409, /At most one network without a VLAN.*eth1/],
    [attaching(on('tagged', 'eth1'), on('tagged', 'eth1')), 409, /more than one interface: tagged/],
    [attaching(on('routed', 'eth1')), 409, /'routed' has no boot protocol/],
    [
      attaching(on('tagged', 'eth1', protocol({ ip: { address: '10.0.0.1' } }))),
      400,
      /boot protocol of network tagged/,
    ],
    [attaching(on('tagged', 'eth1', protocol({ assignment_method: 'static' }))), 400, /needs address and netmask/],
    [
      attaching(on('tagged', 'eth1', protocol({ assignment_method: 'none', ip: { address: '1.1.1.1' } }))),
      400,
      /cannot have address/,
    ],
    [
      attaching(
        on(
          'tagged',
          'eth1',
          protocol({ assignment_method: 'static', ip: { address: '10.0.0', netmask: '255.0.0.0' } }),
        ),
      ),
      400,
      /Bad format of IP address/,
    ],
    [
      attaching(
        on(
          'tagged',
          'eth1',
          protocol({ assignment_method: 'static', ip: { address: '10.0.0.1', netmask: '255.0.255.0' } }),
        ),
      ),
      400,
      /Bad format of subnet mask/,
    ],
    [attaching(on('tagged', 'eth1', protocol(fixed('10.0.0.1', '255.0.0.0', 'x')))), 400, /IPv4 gateway address/],
    [
      attaching(on('tagged', 'eth1', protocol(fixed('2001:db8::1', '64', '2001:db8::2', 'v6')))),
      400,
      /IPv6 gateway can only be set on a network with the default route: tagged/,
    ],
    [
      { removed_network_attachments: { network_attachment: [{ id: 'x' }] } },
      400,
      /These Network Attachments do not exist: x/,
    ],
    [
      { removed_network_attachments: { network_attachment: [{ id: management.id }] } },
      400,
      /mandatory and cannot be removed/,
    ],
    [
      {
        ...attaching({ id: first.id, ...address }),
        removed_network_attachments: { network_attachment: [{ id: first.id }] },
      },
      400,
      /changed and removed at once/,
    ],
    [bonds({ name: 'team0' }), 400, /must begin with 'bond'/],
    [bonds({}), 400, /neither name nor id/],
    [bonds({ id: 'x' }), 400, /\(id x\) does not exist/],
    [bonds(bond('bond0', 'eth0', 'eth2'), bond('bond2', 'eth0', 'eth1')), 409, /'eth0' is used more than once/],
    [bonds(bond('bond2', 'eth1')), 400, /These bonds consist of less than two Network Interfaces: bond2/],
    [bonds(bond('bond2', 'eth0', 'eth2')), 409, /already belongs to a bond/],
    [bonds(bond('bond0', 'eth1', 'eth2')), 409, /'eth1' cannot become a slave: network 'plain'/],
    [bonds(bond('bond2', 'bond0', 'eth1')), 409, /neither bond nor VLAN/],
    [bonds(bond('eth1', 'eth0', 'eth2')), 409, /'eth1' is not a bond/],
    [{ removed_bonds: { host_nic: [{ name: 'bond0' }] } }, 409, /used by Network Attachments/],
    [{ removed_bonds: { host_nic: [{ name: 'bond7' }] } }, 400, /These bonds do not exist: bond7/],
    [
      { removed_labels: { network_label: [{ id: 'lan' }] } },
      400,
      /Label 'lan' cannot be removed, since it isn't attached/,
    ],
    [{ modified_labels: { network_label: [{ id: 'lan' }] } }, 400, /Label 'lan' cannot be attached to non-existing/],
    [{ connectivity_timeout: '-1' }, 400, /between 0 and 600/],
  ]
  for (const [body, status, text] of refusals) {
    const refused = await setUp(body)
    assert.deepEqual(
      [refused.status, refused.body.status],
      [status, 'failed'],
      `${JSON.stringify(body)} ${refused.text}`,
    )
    assert.match(refused.body.fault.detail, text)
  }
  assert.equal(networks.asked.length, asked)

  const [profile] = await engine.list(`/networks/${ids.plain}/vnicprofiles`)
  const { id: vm } = await engine.ask('POST', '/vms', { name: 'web', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vm}/nics`, { name: 'nic1', vnic_profile: { id: profile.id } })
  await engine.ask('POST', `/vms/${vm}/start`)
  const used = await engine.send('DELETE', `${path}/networkattachments/${first.id}`)
  assert.deepEqual(
    [used.status, /The Logical Network 'plain' is being used by these VMs: web/.test(used.text)],
    [409, true],
    used.text,
  )
  await engine.ask('POST', `/vms/${vm}/stop`)
  assert.equal((await engine.send('DELETE', `${path}/networkattachments/${first.id}`)).status, 200)
})

test('bonds, VLANs and networks that exclude each other are refused; so is a host that is away', async (t) => {
  const { setUp, networks, engine, path, host } = await startHostScene(t)
  const eth12 = bond('bond1', 'eth1', 'eth2')
  const inMode0 = { ...eth12, bonding: { ...eth12.bonding, options: { option: [{ name: 'mode', value: '0' }] } } }
  const withBonds = (...host_nic: object[]) => ({ modified_bonds: { host_nic } })
  const refused = async (body: object, status: number, text: RegExp) => {
    const answer = await setUp(body)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.fault.detail, text)
  }
  await setUp(attaching(on('tagged', 'eth0')))
  const asked = networks.asked.length
  await refused(attaching(on('plain', 'eth0.20')), 400, /'plain' is on the VLAN device 'eth0.20'/)
  await refused(
    { ...attaching(on('plain', 'eth1')), ...withBonds(eth12) },
    409,
    /'eth1' cannot become a slave while network 'plain' is being attached to it/,
  )
  await refused({ ...attaching(on('plain', 'bond1')), ...withBonds(inMode0) }, 400, /bonds in mode 0, 5 or 6/)
  const given = await engine.send('POST', `${path}/networkattachments`, { id: 'x', ...on('plain', 'eth1') })
  assert.deepEqual([given.status, /cannot have a given id \('x'\)/.test(given.text)], [400, true], given.text)
  assert.equal(networks.asked.length, asked)
  assert.equal((await setUp(withBonds(eth12))).status, 200)
  await refused(
    { ...withBonds(eth12), removed_bonds: { host_nic: [{ name: 'bond1' }] } },
    400,
    /Bond bond1 is updated and removed simultaneously/,
  )
  await host.crash()
  const isAway = async () => (await engine.ask('GET', path)).status === 'non_responsive'
  assert.ok(await until(isAway, 10_000))
  await refused(withBonds(eth12), 409, /only when the status of host h is Up/)
})

test('a network that a running VM reaches by an external one linked to it is not taken off its host', async (t) => {
  const { engine, path, setUp, ids, dataCenterId, clusterId, providerId, attachments } = await startHostScene(t)
  await setUp(attaching(on('plain', 'eth1')))
  // The embedded provider has no physical networks; an unmanaged one is not asked.
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { unmanaged: 'true' })
  const { id: linked } = await engine.ask('POST', '/networks', {
    name: 'linked',
    data_center: { id: dataCenterId },
    external_provider: { id: providerId },
    external_provider_physical_network: { id: ids.plain },
  })
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: linked, required: 'false' })
  const [profile] = await engine.list(`/networks/${linked}/vnicprofiles`)
  const { id: vm } = await engine.ask('POST', '/vms', { name: 'web', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vm}/nics`, { name: 'nic1', vnic_profile: { id: profile.id } })
  await engine.ask('POST', `/vms/${vm}/start`)
  const [attachment] = await attachments()
  const { status, text } = await engine.send('DELETE', `${path}/networkattachments/${attachment.id}`)
  assert.equal(status, 409)
  assert.match(text, /'plain' is linked to an External Network that is being used by these VMs: web/)
  assert.equal((await attachments()).length, 1)
  await engine.ask('POST', `/vms/${vm}/stop`)
  assert.equal((await engine.send('DELETE', `${path}/networkattachments/${attachment.id}`)).status, 200)
})

test('a host is set up for the default provider of its cluster', async (t) => {
  const { engine, path, providerId, clusterId } = await startHostScene(t)
  const collection = `${path}/externalnetworkproviderconfigurations`
  assert.deepEqual(await engine.list(collection), [])
  const external_network_providers = { external_provider: [{ id: providerId }] }
  await engine.ask('PUT', `/clusters/${clusterId}`, { external_network_providers })
  const [{ id, external_network_provider: provider }] = await engine.list(collection)
  assert.deepEqual([id, provider.id], [Buffer.from(providerId).toString('hex'), providerId])
  assert.equal((await engine.ask('GET', `${collection}/${id}`)).host.id, path.split('/').at(-1))
})
