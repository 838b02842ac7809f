// What routers and floating IPs need besides: a network that leads outside, and a port behind a router to it.
import { isSuccess, skip } from '../../check.ts'
import type { ProviderUnderTest, Row } from '../../provider-under-test.ts'
import { type MadeSubnet, makeNetworkWithSubnet, makePort, makeSubnet } from '../../resources.ts'
import { addInterface, makeRouter } from './router-interface.ts'

/** With a subnet. Skips the case where the provider makes none. */
export async function makeExternalNetwork(provider: ProviderUnderTest): Promise<MadeSubnet & { network: Row }> {
  const wish = { name: provider.name('external'), 'router:external': true }
  const answer = await provider.send('POST', '/networks', { network: wish })
  if (!isSuccess(answer)) skip(`an external network cannot be made here: ${answer.status}`)
  const { network } = answer.body as { network: Row }
  return { network, ...(await makeSubnet(provider, network, { enable_dhcp: false })) }
}

export async function makePortBehindRouter(provider: ProviderUnderTest, external: Row) {
  const { network, subnet } = await makeNetworkWithSubnet(provider)
  const router = await makeRouter(provider, { external_gateway_info: { network_id: external.id } })
  await addInterface(provider, router, subnet)
  return { router, subnet, port: await makePort(provider, network) }
}
