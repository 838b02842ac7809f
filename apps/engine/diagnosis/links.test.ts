// Every finding of every link, of facts alone: that the link is named, whatever is broken behind it, and what to do.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './diagnosis.ts'
import type { ExternalFacts, Facts } from './facts.ts'

const mac = '02:00:00:00:00:01'
const port = {
  id: 'p1',
  network_id: 'x1',
  mac_address: mac,
  admin_state_up: true,
  status: 'ACTIVE',
  'binding:host_id': 'chassis-a',
  fixed_ips: [{ subnet_id: 's1', ip_address: '10.0.0.2' }],
}
const whole = {
  vm: { name: 'web', status: 'up', statusDetail: '' },
  nic: { name: 'nic1', mac, plugged: true, linked: true, profileId: 'f1' },
  profile: { name: 'gold' },
  network: { name: 'blue', externalId: 'x1', vdsmName: 'blue' },
  cluster: { name: 'east' },
  isAttached: true,
  host: { name: 'a', status: 'up', duty: 'active', statusDetail: '' },
  capabilities: {
    vifDrivers: [{ name: 'ovn', pluginTypes: ['OVIRT_PROVIDER_OVN'] }],
    vif_driver_features: { OVIRT_PROVIDER_OVN: { features: ['statistics'] } },
  },
  onHost: { value: { status: 'Up', network: { vnet0: { macAddr: mac } } } },
  provider: { name: 'sdn', pluginType: 'OVIRT_PROVIDER_OVN' },
  bindingHostId: 'chassis-a',
  external: {
    value: {
      network: { id: 'x1', name: 'blue', admin_state_up: true },
      subnets: [{ id: 's1', enable_dhcp: true }],
      ports: [port],
    },
  },
} as unknown as Facts

const having = (change: object) => ({ ...whole, ...change }) as Facts
const answering = (change: object) =>
  having({ external: { value: { ...(whole.external as { value: ExternalFacts }).value, ...change } } })
const onHost = (state: object) =>
  having({ onHost: { value: { status: 'Up', network: { vnet0: { macAddr: mac, ...state } } } } })
const withPort = (change: object) => answering({ ports: [{ ...port, ...change }] })
const withoutProvider = { provider: undefined, external: undefined }

test('nothing is broken', () => {
  const { status, cause, steps } = judge(whole)
  assert.deepEqual([status, cause, steps.filter((step) => step.status !== 'ok')], ['ok', undefined, []])
})

const broken: [facts: Facts, link: string, found: RegExp, advice: RegExp][] = [
  [having({ vm: { name: 'web', status: 'down', statusDetail: '' } }), 'VM', /web is down$/, /Start the VM/],
  [
    having({ vm: { name: 'web', status: 'down', statusDetail: 'no disk' } }),
    'VM',
    /web is down: no disk/,
    /Mend what it/,
  ],
  [having({ nic: { ...whole.nic, plugged: false } }), 'vNIC', /not plugged/, /activate/],
  [having({ nic: { ...whole.nic, linked: false } }), 'vNIC', /link of nic1 is down/, /linked to true/],
  [having({ nic: { ...whole.nic, profileId: '' } }), 'vNIC profile', /has no profile/, /Give it a/],
  [having({ profile: undefined }), 'vNIC profile', /profile is gone/, /Give it another/],
  [having({ isAttached: false }), 'cluster', /blue is not attached to cluster east/, /Attach the network/],
  [having({ external: { failure: 'refused by sdn' } }), 'provider', /refused by sdn/, /Test the provider/],
  [answering({ network: undefined }), 'external network', /has no network x1/, /make it again/],
  [
    answering({ network: { id: 'x1', name: 'blue', admin_state_up: false } }),
    'external network',
    /blue is set down/,
    /admin_state_up/,
  ],
  [
    having({ host: { ...whole.host, status: 'non_responsive', statusDetail: 'no answer' } }),
    'host',
    /a is non responsive: no answer/,
    /agent runs/,
  ],
  [having({ capabilities: { vifDrivers: [] } }), 'driver', /no driver for OVIRT_PROVIDER_OVN/, /driver package/],
  [having({ ...withoutProvider, capabilities: { networks: {} } }), 'driver', /has no bridge blue/, /setupnetworks/],
  [having({ onHost: { value: { status: 'gone' } } }), 'interface', /a does not have the VM/, /Start the VM again/],
  [having({ onHost: { value: { status: 'Up' } } }), 'interface', /no NIC 02:00/, /plug it again/],
  [answering({ ports: [] }), 'port', /no port for this vNIC/, /plug it again/],
  [answering({ ports: [port, { ...port, id: 'p2' }] }), 'port', /has 2 ports/, /Remove those/],
  [withPort({ network_id: 'x2' }), 'port', /on another network/, /plug it again/],
  [withPort({ mac_address: '02:00:00:00:00:99' }), 'port', /has the MAC address/, /plug it again/],
  [withPort({ admin_state_up: false }), 'port', /set down/, /admin_state_up/],
  [withPort({ 'binding:host_id': '' }), 'binding', /bound to no host, and the VM runs on chassis-a/, /plug it again/],
  [withPort({ 'binding:vif_type': 'binding_failed' }), 'binding', /could not bind/, /log/],
  [withPort({ status: 'DOWN' }), 'data plane', /the port is DOWN/, /ovn-controller .*iface-id=p1/],
  [
    { ...withPort({ status: 'DOWN' }), provider: { name: 'sdn', pluginType: '' } as Facts['provider'] },
    'data plane',
    /the port is DOWN/,
    /log of the agent and of the driver for port p1/,
  ],
  [
    onHost({ state: 'down', stateDetail: 'tap1 has no carrier' }),
    'data plane',
    /a carries no frames of the port: tap1 has no carrier/,
    /Mend that on a/,
  ],
  [withPort({ fixed_ips: [] }), 'address', /has no address/, /remove its port/],
]
for (const [facts, link, found, advice] of broken)
  test(`${link}: ${found.source} is the cause, and what to do is said`, () => {
    const { status, cause } = judge(facts)
    assert.deepEqual([status, cause?.name], ['broken', link])
    assert.match(cause!.found, found)
    assert.match(cause!.advice ?? '', advice)
  })

const doubtful: [facts: Facts, link: string, found: RegExp][] = [
  [having({ provider: { name: 'sdn', pluginType: '' } }), 'driver', /names no plugin type/],
  [having({ capabilities: {} }), 'driver', /does not say which drivers/],
  [having({ onHost: { failure: 'a does not answer' } }), 'interface', /does not answer/],
  [withPort({ 'binding:host_id': undefined }), 'binding', /does not say where/],
  [withPort({ status: undefined }), 'data plane', /neither provider nor host/],
  [answering({ subnets: [] }), 'address', /no subnet/],
  [answering({ subnets: [{ id: 's1', enable_dhcp: false }] }), 'address', /DHCP is off/],
]
for (const [facts, link, found] of doubtful)
  test(`${link}: ${found.source} is a doubt, and no cause`, () => {
    const { status, cause, steps } = judge(facts)
    assert.deepEqual([status, cause], ['unknown', undefined])
    const step = steps.find(({ status }) => status === 'unknown')
    assert.equal(step?.name, link)
    assert.match(step!.found, found)
  })

test('what cannot be looked at behind a broken link is left out, and not blamed', () => {
  const { steps } = judge(having({ profile: undefined, network: undefined, host: undefined, ...withoutProvider }))
  const said = (status: string) => steps.filter((step) => step.status === status).map(({ name }) => name)
  assert.deepEqual(said('broken'), ['vNIC profile'])
  for (const name of ['network', 'provider', 'external network', 'host', 'port', 'data plane', 'address'])
    assert.ok(said('skipped').includes(name), name)
})

test('a host that knows says it, where the provider does not say whether the port carries frames', () => {
  const silent = withPort({ status: undefined })
  const told = { ...silent, onHost: onHost({ state: 'up' }).onHost }
  const dataPlane = (facts: Facts) => judge(facts).steps.find(({ name }) => name === 'data plane')
  assert.deepEqual(dataPlane(told), { name: 'data plane', status: 'ok', found: 'a carries its frames' })
  // Without that feature the state is the link's, as VDSM's is.
  const unaware = { ...told, capabilities: { ...told.capabilities, vif_driver_features: {} } }
  assert.equal(dataPlane(unaware)?.status, 'unknown')
})
