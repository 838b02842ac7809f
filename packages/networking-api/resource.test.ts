// How a request body becomes a draft or a change of a network, subnet or port.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkingError } from './errors.ts'
import { type Attributes, parseCreate, parseUpdate, type ResourceType } from './resource.ts'
import { networkType } from './resources/networks.ts'
import { portType } from './resources/ports.ts'
import { subnetType } from './resources/subnets.ts'

const types: ResourceType[] = [networkType, subnetType, portType]
const networkId = '7d2f0f0a-4c4c-4a39-b3a6-9a5a1a7b9f10'
const subnetId = '0c1f8a52-3a0e-4f2c-9a53-d5f3c1d6a001'

/** The least that a create request must say. */
const least: Record<string, object> = {
  network: {},
  subnet: { network_id: networkId, ip_version: 4 },
  port: { network_id: networkId },
}

const attributesWhere = (type: ResourceType, holds: (attribute: Attributes[string]) => boolean) =>
  Object.keys(type.attributes).filter((name) => holds(type.attributes[name]!))

function messageOf(parse: () => unknown): string {
  try {
    return assert.fail(`taken as ${JSON.stringify(parse())}`)
  } catch (error) {
    assert.ok(error instanceof NetworkingError, String(error))
    assert.deepEqual([error.status, error.type], [400, 'HTTPBadRequest'])
    return error.message
  }
}

test('a body must be an object with the resource under its own name', () => {
  for (const type of types)
    for (const parse of [parseCreate, parseUpdate]) {
      const { singular } = type
      for (const body of [[], 'text', 5, true, null, [{ [singular]: {} }]])
        assert.equal(
          messageOf(() => parse(type, body)),
          'Body contains invalid data',
        )
      for (const body of [
        undefined,
        {},
        { wrong: {} },
        { [type.plural]: [{}] },
        JSON.parse(`{"__proto__": {"${singular}": {}}}`),
      ])
        assert.equal(
          messageOf(() => parse(type, body)),
          `Unable to find '${singular}' in request body`,
        )
      for (const value of ['text', 5, true, null, []])
        assert.equal(
          messageOf(() => parse(type, { [singular]: value })),
          `Object '${singular}' contains invalid data`,
        )
    }
})

test('what a create request leaves out gets its default', () => {
  assert.deepEqual(parseCreate(networkType, { network: {} }), {
    name: '',
    description: '',
    tenant_id: undefined,
    project_id: undefined,
    admin_state_up: true,
    mtu: undefined,
    shared: false,
    'router:external': false,
    port_security_enabled: true,
    'provider:network_type': undefined,
    'provider:physical_network': undefined,
    'provider:segmentation_id': undefined,
  })
  const subnet = parseCreate(subnetType, { subnet: { ...least.subnet, cidr: '10.0.0.0/24' } })
  assert.deepEqual([subnet.enable_dhcp, subnet.dns_nameservers, subnet.host_routes], [true, [], []])
  const port = parseCreate(portType, { port: least.port })
  assert.deepEqual(
    [port.admin_state_up, port['binding:host_id'], port['binding:profile'], port.security_groups],
    [true, '', {}, undefined],
  )
})

test('values are kept in their canonical form', () => {
  const network = parseCreate(networkType, {
    network: { mtu: '1400', 'provider:segmentation_id': '77', admin_state_up: 'False', shared: 'true' },
  })
  assert.deepEqual(
    [network.mtu, network['provider:segmentation_id'], network.admin_state_up, network.shared],
    [1400, 77, false, true],
  )
  assert.equal(parseCreate(subnetType, { subnet: { ...least.subnet, ip_version: '4' } }).ip_version, 4)
  assert.equal(
    parseCreate(portType, { port: { ...least.port, mac_address: '02-19-34-AB-CD-EF' } }).mac_address,
    '02:19:34:ab:cd:ef',
  )
})

test('a create request without a required attribute is refused by its name', () => {
  for (const [type, name] of [
    [subnetType, 'network_id'],
    [subnetType, 'ip_version'],
    [portType, 'network_id'],
  ] as [ResourceType, string][]) {
    const { [name]: _, ...rest } = least[type.singular] as Record<string, unknown>
    assert.equal(
      messageOf(() => parseCreate(type, { [type.singular]: rest })),
      `Failed to parse request. Required attribute '${name}' not specified`,
    )
  }
})

test('only the provider sets what is read-only, at creation as later', () => {
  for (const type of types) {
    for (const name of attributesWhere(type, ({ create }) => create === 'refused'))
      assert.equal(
        messageOf(() => parseCreate(type, { [type.singular]: { ...least[type.singular], [name]: 'x' } })),
        `Attribute '${name}' not allowed in POST`,
      )
    for (const name of attributesWhere(type, ({ update }) => update === 'refused'))
      assert.equal(
        messageOf(() => parseUpdate(type, { [type.singular]: { [name]: 'x' } })),
        `Cannot update read-only attribute ${name}`,
      )
  }
})

test('the provider alone sets id, times, revision and status; a client never moves a port or renumbers a subnet', () => {
  for (const type of types)
    for (const name of ['id', 'created_at', 'updated_at', 'revision_number'])
      assert.ok(attributesWhere(type, ({ create }) => create === 'refused').includes(name), `${type.singular}.${name}`)
  const fixed = (type: ResourceType) => attributesWhere(type, ({ update }) => update === 'refused')
  for (const name of ['network_id', 'status', 'tenant_id']) assert.ok(fixed(portType).includes(name), name)
  for (const name of ['network_id', 'cidr', 'ip_version']) assert.ok(fixed(subnetType).includes(name), name)
})

test('an attribute nobody knows is refused by its name, however it is called', () => {
  for (const type of types)
    for (const name of ['bogus', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'NAME']) {
      const given = JSON.parse(`{"${name}": 1}`)
      const created = { [type.singular]: Object.assign(JSON.parse(`{"${name}": 1}`), least[type.singular]) }
      assert.equal(
        messageOf(() => parseCreate(type, created)),
        `Unrecognized attribute(s) '${name}'`,
      )
      assert.equal(
        messageOf(() => parseUpdate(type, { [type.singular]: given })),
        `Unrecognized attribute(s) '${name}'`,
      )
    }
})

test('an update says only what it changes, and nothing is a change too', () => {
  for (const type of types) assert.deepEqual(parseUpdate(type, { [type.singular]: {} }), {})
  assert.deepEqual(parseUpdate(portType, { port: { 'binding:host_id': 'host-2', mac_address: '02:19:34:AB:CD:EF' } }), {
    'binding:host_id': 'host-2',
    mac_address: '02:19:34:ab:cd:ef',
  })
})

test('null resets security groups, nameservers and routes, as the real engine and Neutron do', () => {
  assert.deepEqual(parseUpdate(portType, { port: { security_groups: null } }), { security_groups: null })
  assert.deepEqual(parseUpdate(subnetType, { subnet: { dns_nameservers: null, host_routes: null } }), {
    dns_nameservers: [],
    host_routes: [],
  })
})

test('addresses and pools are not dropped by a null or by something that is no list', () => {
  for (const odd of [null, 'abc', { a: 1 }, 5])
    for (const parse of [
      () => parseCreate(portType, { port: { ...least.port, fixed_ips: odd } }),
      () => parseUpdate(portType, { port: { fixed_ips: odd } }),
    ])
      assert.match(messageOf(parse), /^Invalid input for fixed_ips\. Reason: Invalid data format for fixed IP: '.*'\.$/)
  for (const odd of [null, 'abc', { a: 1 }, 5])
    assert.match(
      messageOf(() => parseUpdate(subnetType, { subnet: { allocation_pools: odd } })),
      /^Invalid input for allocation_pools\. Reason: Invalid data format for IP pool: '.*'\.$/,
    )
})

test('a wish for an address names a subnet, an address, or both, and nothing else', () => {
  const wishes = [{ subnet_id: subnetId }, { ip_address: '10.0.0.9' }, { subnet_id: subnetId, ip_address: '10.0.0.9' }]
  assert.deepEqual(parseUpdate(portType, { port: { fixed_ips: wishes } }).fixed_ips, wishes)
  for (const wish of [{ a: 1 }, null, 'x', []])
    assert.match(
      messageOf(() => parseUpdate(portType, { port: { fixed_ips: [wish] } })),
      /Invalid data format for fixed IP/,
    )
  messageOf(() => parseUpdate(portType, { port: { fixed_ips: [{ ip_address: 'abc' }] } }))
})

test('a subnet says what is wrong with its gateway and its nameservers', () => {
  const subnet = (more: object) => () => parseCreate(subnetType, { subnet: { ...least.subnet, ...more } })
  assert.equal(
    messageOf(subnet({ gateway_ip: 'abc' })),
    "Invalid input for gateway_ip. Reason: 'abc' is not a valid IP address.",
  )
  assert.match(
    messageOf(subnet({ dns_nameservers: ['abc'] })),
    /^Invalid input for dns_nameservers\. Reason: 'abc' is not a valid nameserver\./,
  )
  assert.match(messageOf(subnet({ dns_nameservers: [{}] })), /'\{\}' is not a valid nameserver/)
  assert.equal(parseCreate(subnetType, { subnet: { ...least.subnet, gateway_ip: null } }).gateway_ip, null)
})

test('every attribute has a JSON Schema, and a default that its own kind takes', () => {
  for (const type of types)
    for (const [name, { schema, parse, initial }] of Object.entries(type.attributes)) {
      assert.ok(Object.keys(schema).length > 0, name)
      if (initial !== undefined) assert.deepEqual(parse(initial, name), initial, name)
    }
})
