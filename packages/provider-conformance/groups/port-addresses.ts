// The cases of the group `ports` about addresses: each is given once, and comes back.
import { must, mustRefuse, same } from '../check.ts'
import type { CaseDraft } from '../conformance-case.ts'
import { mustFind, type ProviderUnderTest, type Row } from '../provider-under-test.ts'
import { addressesOf, makeNetwork, makeNetworkWithSubnet, makePort, makeSubnet } from '../resources.ts'

const source = 'Networking API v2.0: ports'
const crowd = 8

export const allocation: readonly CaseDraft[] = [
  {
    id: 'own-address',
    level: 'recommended',
    rule: 'A port on a network with a subnet gets one address of it, not that of the gateway',
    source,
    async run(provider) {
      const { network, subnet, block } = await makeNetworkWithSubnet(provider)
      const port = await makePort(provider, network)
      const [fixed, ...others] = port.fixed_ips as { subnet_id: string; ip_address: string }[]
      same([fixed?.subnet_id, others.length], [subnet.id, 0], '[subnet_id, number of other addresses]')
      const prefix = block.address(0).slice(0, -1)
      const address = fixed?.ip_address ?? ''
      must(address.startsWith(prefix), `${address} is not in ${block.cidr}`)
      must(![0, 1, 255].map(block.address).includes(address), `the port has ${address}`)
    },
  },
  {
    id: 'addresses-under-load',
    level: 'required',
    rule: 'Ports that are created at the same moment get different addresses',
    source: 'Neutron: address allocation',
    async run(provider) {
      const { network } = await makeNetworkWithSubnet(provider)
      const made = await Promise.all(Array.from({ length: crowd }, () => makePort(provider, network)))
      const addresses = made.flatMap(addressesOf)
      same(new Set(addresses).size, addresses.length, `the number of different addresses among ${addresses.join(', ')}`)
    },
  },
  {
    id: 'wished-address',
    level: 'recommended',
    rule: 'A port gets the address that it asks for',
    source,
    async run(provider) {
      const { network, subnet, block } = await makeNetworkWithSubnet(provider)
      const wish = { subnet_id: subnet.id, ip_address: block.address(77) }
      same((await makePort(provider, network, { fixed_ips: [wish] })).fixed_ips, [wish], 'fixed_ips')
    },
  },
  {
    id: 'no-address',
    level: 'recommended',
    rule: 'fixed_ips [] makes a port without an address',
    source: 'Neutron: POST port: fixed_ips []',
    async run(provider) {
      const { network } = await makeNetworkWithSubnet(provider)
      same((await makePort(provider, network, { fixed_ips: [] })).fixed_ips, [], 'fixed_ips')
    },
  },
  {
    id: 'addresses-of-two-subnets',
    level: 'recommended',
    rule: 'A port may have an address of each of several subnets',
    source: 'Neutron: POST port: two fixed ips',
    async run(provider) {
      const { network, subnet } = await makeNetworkWithSubnet(provider)
      const other = await makeSubnet(provider, network)
      const wishes = [{ subnet_id: subnet.id }, { subnet_id: other.subnet.id }]
      const port = await makePort(provider, network, { fixed_ips: wishes })
      same(addressesOf(port).length, 2, 'the number of addresses')
    },
  },
  {
    id: 'change-address',
    level: 'recommended',
    rule: "PUT of fixed_ips changes a port's address, and the old one is free again",
    source,
    async run(provider) {
      const { network, subnet, block } = await makeNetworkWithSubnet(provider)
      const at = (lastByte: number) => [{ subnet_id: subnet.id, ip_address: block.address(lastByte) }]
      const port = await makePort(provider, network, { fixed_ips: at(20) })
      await provider.one('PUT', `/ports/${port.id}`, 'port', { fixed_ips: at(21) })
      same(mustFind(await provider.list('ports'), port, 'GET /v2.0/ports').fixed_ips, at(21), 'fixed_ips')
      await makePort(provider, network, { fixed_ips: at(20) })
    },
  },
  {
    id: 'address-in-use',
    level: 'recommended',
    rule: 'An address that a port has is not given to a second one that asks for it',
    source,
    async run(provider) {
      const { answer, network } = await askForUsedAddress(provider)
      must(answer.status >= 400, `the second port is accepted with ${answer.status}`)
      same((await portsOf(provider, network)).length, 1, 'the number of ports')
    },
  },
  {
    id: 'address-in-use-error',
    level: 'recommended',
    rule: 'Asking for an address that a port has is answered 409 IpAddressAlreadyAllocated',
    source: 'Neutron: POST port: IP in use',
    async run(provider) {
      mustRefuse((await askForUsedAddress(provider)).answer, 409, 'IpAddressAlreadyAllocated')
    },
  },
  {
    id: 'addresses-run-out',
    level: 'recommended',
    rule: 'When the pool is empty a port is refused with 409 IpAddressGenerationFailure; a deleted port gives its address back',
    source: 'Neutron: address allocation',
    async run(provider) {
      const network = await makeNetwork(provider)
      const { cidr, address } = provider.block()
      await makeSubnet(provider, network, { cidr, allocation_pools: [{ start: address(10), end: address(11) }] })
      const before = (await portsOf(provider, network)).length
      const full = before === 0 ? [await makePort(provider, network), await makePort(provider, network)] : []
      const port = { name: provider.name('one-too-many'), network_id: network.id }
      mustRefuse(await provider.send('POST', '/ports', { port }), 409, 'IpAddressGenerationFailure')
      await provider.ask('DELETE', `/ports/${full[0]?.id}`)
      same(addressesOf(await makePort(provider, network)), addressesOf(full[0] ?? { id: '' }), 'the list of addresses')
    },
  },
]

/** A port with an address, and a second that asks for the same. */
async function askForUsedAddress(provider: ProviderUnderTest) {
  const { network, subnet, block } = await makeNetworkWithSubnet(provider)
  const fixed_ips = [{ subnet_id: subnet.id, ip_address: block.address(30) }]
  await makePort(provider, network, { fixed_ips })
  const port = { name: provider.name('second'), network_id: network.id, fixed_ips }
  return { network, answer: await provider.send('POST', '/ports', { port }) }
}

/** Of the kit: a provider may have ports of its own there, for DHCP. */
async function portsOf(provider: ProviderUnderTest, network: Row): Promise<Row[]> {
  const ports = await provider.list('ports')
  return ports.filter((port) => port.network_id === network.id && String(port.name).includes(provider.tag))
}
