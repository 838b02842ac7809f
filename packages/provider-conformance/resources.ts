// What cases make: networks, subnets and ports, as bodies of their own or exactly as the engine writes them.
import { must, show, skip } from './check.ts'
import type { AddressBlock, ProviderUnderTest, Row } from './provider-under-test.ts'

export function makeNetwork(provider: ProviderUnderTest, more: object = {}): Promise<Row> {
  const { networkType } = provider.settings
  const type = networkType && { 'provider:network_type': networkType }
  return provider.one('POST', '/networks', 'network', { name: provider.name('network'), ...type, ...more })
}

export interface MadeSubnet {
  readonly subnet: Row
  readonly block: AddressBlock
}

export async function makeSubnet(provider: ProviderUnderTest, network: Row, more: object = {}): Promise<MadeSubnet> {
  const block = provider.block()
  const subnet = await provider.one('POST', '/subnets', 'subnet', {
    name: provider.name('subnet'),
    network_id: network.id,
    ip_version: 4,
    cidr: block.cidr,
    ...more,
  })
  return { subnet, block }
}

export function makePort(provider: ProviderUnderTest, network: Row, more: object = {}): Promise<Row> {
  return provider.one('POST', '/ports', 'port', { name: provider.name('port'), network_id: network.id, ...more })
}

export async function makeNetworkWithSubnet(
  provider: ProviderUnderTest,
  more: object = {},
): Promise<MadeSubnet & { network: Row }> {
  const network = await makeNetwork(provider)
  return { network, ...(await makeSubnet(provider, network, more)) }
}

/** One to look at: an own one where writing is allowed, else any that is there. */
export async function someNetwork(provider: ProviderUnderTest): Promise<Row> {
  if (!provider.settings.readOnly) return makeNetwork(provider)
  const [first] = await provider.list('networks')
  return first ?? skip('the provider has no network, and with --read-only none is made')
}

/** The addresses of a port, in its order. */
export function addressesOf({ fixed_ips: fixedIps }: Row): string[] {
  return (Array.isArray(fixedIps) ? fixedIps : []).map(({ ip_address }: { ip_address: string }) => ip_address)
}

/** It may have got some meanwhile: OVN gives ports of ovirt-provider-ovn their addresses after they were made. */
export function mustKeepAddresses(before: Row, after: Row): void {
  const [had, has] = [addressesOf(before), addressesOf(after)]
  must(
    had.every((address) => has.includes(address)),
    `the list of addresses is ${show(has)}, where it was ${show(had)}`,
  )
}
