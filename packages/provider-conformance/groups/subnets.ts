// The group `subnets`: blocks of addresses on networks.
import { must, mustRefuse, same, skip } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import { find, mustFind } from '../provider-under-test.ts'
import { makeNetwork, makeNetworkWithSubnet, makePort, makeSubnet } from '../resources.ts'

const source = 'Networking API v2.0: subnets'

const cases: readonly CaseDraft[] = [
  {
    id: 'defaults',
    level: 'recommended',
    rule: 'A new subnet has the first address as its gateway, the others as its pool, and DHCP enabled',
    source,
    async run(provider) {
      const { subnet, block } = await makeNetworkWithSubnet(provider)
      same(subnet.gateway_ip, block.address(1), 'gateway_ip')
      same(subnet.allocation_pools, [{ start: block.address(2), end: block.address(254) }], 'allocation_pools')
      same(subnet.enable_dhcp, true, 'enable_dhcp')
    },
  },
  {
    id: 'read',
    level: 'required',
    rule: 'A subnet is in the list as it was answered when it was created',
    source,
    async run(provider) {
      const { network, subnet, block } = await makeNetworkWithSubnet(provider)
      const listed = mustFind(await provider.list('subnets'), subnet, 'GET /v2.0/subnets')
      same(
        [listed.network_id, listed.cidr, listed.name],
        [network.id, block.cidr, provider.name('subnet')],
        '[network_id, cidr, name]',
      )
    },
  },
  {
    id: 'show',
    level: 'recommended',
    rule: 'GET /v2.0/subnets/ID shows a subnet',
    source,
    async run(provider) {
      const { subnet, block } = await makeNetworkWithSubnet(provider)
      same((await provider.one('GET', `/subnets/${subnet.id}`, 'subnet')).cidr, block.cidr, 'cidr')
    },
  },
  {
    id: 'no-gateway',
    level: 'recommended',
    rule: 'gateway_ip null makes a subnet without a gateway',
    source,
    async run(provider) {
      const { subnet } = await makeNetworkWithSubnet(provider, { gateway_ip: null })
      same(subnet.gateway_ip, null, 'gateway_ip')
    },
  },
  {
    id: 'pools',
    level: 'recommended',
    rule: 'Pools that were asked for are kept, and ports get their addresses from them',
    source,
    async run(provider) {
      const network = await makeNetwork(provider)
      const { cidr, address } = provider.block()
      const pools = [{ start: address(40), end: address(49) }]
      const { subnet } = await makeSubnet(provider, network, { cidr, allocation_pools: pools })
      same(subnet.allocation_pools, pools, 'allocation_pools')
      const port = await makePort(provider, network)
      const [fixed] = port.fixed_ips as { ip_address: string }[]
      must(/\.4\d$/.test(fixed?.ip_address ?? ''), `a port has ${fixed?.ip_address}, which is outside the pool`)
    },
  },
  {
    id: 'several',
    level: 'recommended',
    rule: 'A network may have several subnets',
    source,
    async run(provider) {
      const { network, subnet } = await makeNetworkWithSubnet(provider)
      const other = await makeSubnet(provider, network)
      const found = await provider.list('subnets', `?network_id=${network.id}`)
      same(found.map(({ id }) => id).sort(), [subnet.id, other.subnet.id].sort(), 'the list of ids')
    },
  },
  {
    id: 'filter-by-network',
    level: 'recommended',
    rule: 'GET /v2.0/subnets?network_id=ID lists the subnets of that network only',
    source: 'Networking API v2.0: filtering',
    async run(provider) {
      const { network, subnet } = await makeNetworkWithSubnet(provider)
      await makeNetworkWithSubnet(provider)
      const found = await provider.list('subnets', `?network_id=${network.id}`)
      same(
        found.map(({ id }) => id),
        [subnet.id],
        'the list of ids',
      )
    },
  },
  {
    id: 'update',
    level: 'recommended',
    rule: 'PUT changes the name and the name servers, and nothing else',
    source,
    async run(provider) {
      const { subnet, block } = await makeNetworkWithSubnet(provider)
      const change = { name: provider.name('renamed'), dns_nameservers: ['192.0.2.53', '192.0.2.54'] }
      await provider.one('PUT', `/subnets/${subnet.id}`, 'subnet', change)
      const { name, dns_nameservers, cidr } = await provider.one('GET', `/subnets/${subnet.id}`, 'subnet')
      same(
        { name, dns_nameservers: [...(dns_nameservers as string[])].sort(), cidr },
        { ...change, cidr: block.cidr },
        'the subnet',
      )
    },
  },
  {
    id: 'delete',
    level: 'required',
    rule: 'A deleted subnet is no longer listed',
    source,
    async run(provider) {
      const { subnet } = await makeNetworkWithSubnet(provider)
      await provider.ask('DELETE', `/subnets/${subnet.id}`)
      must(!find(await provider.list('subnets'), subnet.id), 'the subnet is still in the list')
    },
  },
  {
    id: 'delete-in-use',
    level: 'recommended',
    rule: 'A subnet of which a port has an address is not deleted: 409 SubnetInUse',
    source: 'Neutron: DELETE subnet with ports in use',
    async run(provider) {
      const { network, subnet } = await makeNetworkWithSubnet(provider)
      await makePort(provider, network)
      mustRefuse(await provider.send('DELETE', `/subnets/${subnet.id}`), 409, 'SubnetInUse')
      mustFind(await provider.list('subnets'), subnet, 'GET /v2.0/subnets')
    },
  },
  {
    id: 'ipv6',
    level: 'optional',
    rule: 'An IPv6 subnet can be made, and ports get addresses of it',
    source,
    async run(provider) {
      const network = await makeNetwork(provider)
      const wish = { name: provider.name('v6'), network_id: network.id, ip_version: 6, cidr: 'fd00:9af1::/64' }
      const answer = await provider.send('POST', '/subnets', { subnet: wish })
      if (answer.status === 501) skip('the provider says that it has no IPv6 subnets (501)')
      same(answer.status, 201, 'the status')
      const [fixed] = (await makePort(provider, network)).fixed_ips as { ip_address: string }[]
      must(fixed?.ip_address.startsWith('fd00:9af1:'), `a port has ${fixed?.ip_address}`)
    },
  },
]

export const subnets = caseGroup('subnets', 'subnets: create, show, list, change, delete', cases)
