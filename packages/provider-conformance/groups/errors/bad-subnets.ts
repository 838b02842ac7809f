// Bad requests about subnets.
import type { ProviderUnderTest, Row } from '../../provider-under-test.ts'
import { makeNetwork, makeNetworkWithSubnet } from '../../resources.ts'
import type { BadRequest, Request } from './bad-request.ts'

const badBody = { status: 400, type: 'HTTPBadRequest' } as const
const badValue = { status: 400, type: 'InvalidInput' } as const

/** A subnet that would be good but for these attributes; undefined leaves one out. */
async function create(provider: ProviderUnderTest, attributes: object, network?: Row): Promise<Request> {
  const { id } = network ?? (await makeNetwork(provider))
  const good = { name: provider.name('bad'), network_id: id, ip_version: 4, cidr: provider.block().cidr }
  return { method: 'POST', path: '/subnets', body: { subnet: { ...good, ...attributes } } }
}

/** The same, with attributes that depend on the block. */
function createWithin(provider: ProviderUnderTest, attributes: (address: (lastByte: number) => string) => object) {
  const { cidr, address } = provider.block()
  return create(provider, { cidr, ...attributes(address) })
}

export const badSubnets: readonly BadRequest[] = [
  {
    id: 'subnet-of-unknown-network',
    what: 'A subnet of a network that does not exist',
    essential: true,
    status: 404,
    type: 'NetworkNotFound',
    request: (provider) => create(provider, {}, { id: crypto.randomUUID() }),
  },
  {
    id: 'no-cidr',
    what: 'A subnet without a CIDR',
    status: 400,
    type: 'BadRequest',
    request: (provider) => create(provider, { cidr: undefined }),
  },
  {
    id: 'no-ip-version',
    what: 'A subnet without ip_version',
    ...badBody,
    request: (provider) => create(provider, { ip_version: undefined }),
  },
  {
    id: 'cidr-is-text',
    what: 'A CIDR that is none',
    essential: true,
    ...badValue,
    request: (provider) => create(provider, { cidr: 'abc' }),
  },
  {
    id: 'cidr-of-other-version',
    what: 'A CIDR of another IP version than ip_version',
    ...badValue,
    request: (provider) => create(provider, { cidr: 'fd00:9af2::/64' }),
  },
  {
    id: 'ip-version-5',
    what: 'ip_version 5',
    ...badBody,
    request: (provider) => create(provider, { ip_version: 5 }),
  },
  {
    id: 'overlapping-subnets',
    what: 'A second subnet with the same CIDR on one network',
    ...badValue,
    async request(provider) {
      const { network, block } = await makeNetworkWithSubnet(provider)
      return create(provider, { cidr: block.cidr }, network)
    },
  },
  {
    id: 'gateway-is-text',
    what: 'A gateway that is no address',
    ...badBody,
    request: (provider) => create(provider, { gateway_ip: 'abc' }),
  },
  {
    id: 'name-server-is-text',
    what: 'A name server that is no address',
    ...badBody,
    request: (provider) => create(provider, { dns_nameservers: ['abc'] }),
  },
  {
    id: 'dhcp-is-text',
    what: 'enable_dhcp "x"',
    ...badValue,
    request: (provider) => create(provider, { enable_dhcp: 'x' }),
  },
  {
    id: 'pool-backwards',
    what: 'A pool that ends before it starts',
    status: 400,
    type: 'InvalidAllocationPool',
    request: (provider) =>
      createWithin(provider, (address) => ({ allocation_pools: [{ start: address(50), end: address(9) }] })),
  },
  {
    id: 'pool-outside',
    what: 'A pool with addresses outside the CIDR',
    status: 400,
    type: 'OutOfBoundsAllocationPool',
    request: (provider) => create(provider, { allocation_pools: [{ start: '192.0.2.2', end: '192.0.2.9' }] }),
  },
  {
    id: 'gateway-in-pool',
    what: 'A gateway that lies in a pool',
    status: 409,
    type: 'GatewayConflictWithAllocationPools',
    request: (provider) =>
      createWithin(provider, (address) => ({
        gateway_ip: address(5),
        allocation_pools: [{ start: address(2), end: address(9) }],
      })),
  },
  {
    id: 'change-cidr',
    what: "A change of a subnet's CIDR",
    ...badBody,
    async request(provider) {
      const { subnet } = await makeNetworkWithSubnet(provider)
      return { method: 'PUT', path: `/subnets/${subnet.id}`, body: { subnet: { cidr: provider.block().cidr } } }
    },
  },
  {
    id: 'delete-unknown-subnet',
    what: 'Deleting a subnet that does not exist',
    essential: true,
    status: 404,
    type: 'SubnetNotFound',
    request: () => ({ method: 'DELETE', path: `/subnets/${crypto.randomUUID()}` }),
  },
]
