// Bad requests about ports.
import type { ProviderUnderTest, Row } from '../../provider-under-test.ts'
import { makeNetwork, makeNetworkWithSubnet, makePort } from '../../resources.ts'
import type { BadRequest, Request } from './bad-request.ts'

const badBody = { status: 400, type: 'HTTPBadRequest' } as const
const badAddress = { status: 400, type: 'InvalidIpForSubnet' } as const

/** A port that would be good but for these attributes; undefined leaves one out. */
async function create(provider: ProviderUnderTest, attributes: object, network?: Row): Promise<Request> {
  const { id } = network ?? (await makeNetwork(provider))
  const port = { name: provider.name('bad'), network_id: id, ...attributes }
  return { method: 'POST', path: '/ports', body: { port } }
}

async function createWithAddress(
  provider: ProviderUnderTest,
  choose: (address: (lastByte: number) => string) => string,
) {
  const { network, subnet, block } = await makeNetworkWithSubnet(provider)
  return create(provider, { fixed_ips: [{ subnet_id: subnet.id, ip_address: choose(block.address) }] }, network)
}

async function change(provider: ProviderUnderTest, attributes: object): Promise<Request> {
  const { id } = await makePort(provider, await makeNetwork(provider))
  return { method: 'PUT', path: `/ports/${id}`, body: { port: attributes } }
}

export const badPorts: readonly BadRequest[] = [
  {
    id: 'port-on-unknown-network',
    what: 'A port on a network that does not exist',
    essential: true,
    status: 404,
    type: 'NetworkNotFound',
    request: (provider) => create(provider, {}, { id: crypto.randomUUID() }),
  },
  {
    id: 'port-without-network',
    what: 'A port without a network',
    essential: true,
    ...badBody,
    request: (provider) => create(provider, { network_id: undefined }),
  },
  {
    id: 'bad-mac',
    what: 'A MAC address that is none',
    essential: true,
    ...badBody,
    request: (provider) => create(provider, { mac_address: 'zz:zz' }),
  },
  {
    id: 'zero-mac',
    what: 'The MAC address of zeros',
    ...badBody,
    request: (provider) => create(provider, { mac_address: '00:00:00:00:00:00' }),
  },
  {
    id: 'network-address',
    what: "A port that asks for the subnet's network address",
    ...badAddress,
    request: (provider) => createWithAddress(provider, (address) => address(0)),
  },
  {
    id: 'broadcast-address',
    what: "A port that asks for the subnet's broadcast address",
    ...badAddress,
    request: (provider) => createWithAddress(provider, (address) => address(255)),
  },
  {
    id: 'address-elsewhere',
    what: 'A port that asks for an address outside the subnet that it names',
    ...badAddress,
    request: (provider) => createWithAddress(provider, () => '192.0.2.9'),
  },
  {
    id: 'address-of-unknown-subnet',
    what: 'A port that asks for an address of a subnet that does not exist',
    status: 404,
    type: 'SubnetNotFound',
    async request(provider) {
      const { network } = await makeNetworkWithSubnet(provider)
      return create(provider, { fixed_ips: [{ subnet_id: crypto.randomUUID() }] }, network)
    },
  },
  {
    id: 'addresses-no-list',
    what: 'fixed_ips that is no list',
    ...badBody,
    request: (provider) => create(provider, { fixed_ips: { a: 1 } }),
  },
  {
    id: 'groups-no-list',
    what: 'security_groups that is a text',
    ...badBody,
    request: (provider) => create(provider, { security_groups: 'abc' }),
  },
  {
    id: 'device-id-is-number',
    what: 'A device_id that is a number',
    ...badBody,
    request: (provider) => create(provider, { device_id: 5 }),
  },
  {
    id: 'port-unknown-attribute',
    what: 'A port with an attribute that nobody knows',
    ...badBody,
    request: (provider) => create(provider, { bogus: 1 }),
  },
  {
    id: 'change-network-of-port',
    what: "A change of a port's network",
    ...badBody,
    request: (provider) => change(provider, { network_id: crypto.randomUUID() }),
  },
  {
    id: 'set-status',
    what: "A change of a port's status",
    ...badBody,
    request: (provider) => change(provider, { status: 'ACTIVE' }),
  },
  {
    id: 'change-to-bad-mac',
    what: 'A change to a MAC address that is none',
    ...badBody,
    request: (provider) => change(provider, { mac_address: 'zz:zz' }),
  },
  {
    id: 'unknown-port',
    what: 'Showing a port that does not exist',
    readOnly: true,
    status: 404,
    type: 'PortNotFound',
    request: () => ({ method: 'GET', path: `/ports/${crypto.randomUUID()}` }),
  },
  {
    id: 'update-unknown-port',
    what: 'Changing a port that does not exist',
    essential: true,
    status: 404,
    type: 'PortNotFound',
    request: () => ({ method: 'PUT', path: `/ports/${crypto.randomUUID()}`, body: { port: { name: 'x' } } }),
  },
  {
    id: 'delete-unknown-port',
    what: 'Deleting a port that does not exist',
    essential: true,
    status: 404,
    type: 'PortNotFound',
    request: () => ({ method: 'DELETE', path: `/ports/${crypto.randomUUID()}` }),
  },
]
