// The group `feature`: what the document External Network Providers asks where a real engine does otherwise.
import { must, same, show, skip } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import type { Row } from '../provider-under-test.ts'
import { makeNetwork, makeNetworkWithSubnet, makePort, someNetwork } from '../resources.ts'

const api = 'feature document: External networks REST API'
const structure = 'feature document: Data structure'

const cases: readonly CaseDraft[] = [
  {
    id: 'network-singular-path',
    level: 'optional',
    readOnly: true,
    rule: 'GET /v2.0/network/ID shows a network (a real engine asks for /v2.0/networks/ID)',
    source: api,
    async run(provider) {
      const network = await someNetwork(provider)
      same((await provider.one('GET', `/network/${network.id}`, 'network')).id, network.id, 'the id')
    },
  },
  {
    id: 'port-details',
    level: 'recommended',
    rule: 'GET /v2.0/ports/ID shows a port (a real engine looks for it in the list)',
    source: api,
    async run(provider) {
      const port = await makePort(provider, await makeNetwork(provider))
      same((await provider.one('GET', `/ports/${port.id}`, 'port')).id, port.id, 'the id')
    },
  },
  {
    id: 'update-port-by-post',
    level: 'optional',
    rule: 'POST /v2.0/ports/ID updates an existing port (a real engine sends PUT)',
    source: 'feature document: VM NIC provisioning',
    async run(provider) {
      const port = await makePort(provider, await makeNetwork(provider))
      await provider.one('POST', `/ports/${port.id}`, 'port', { 'binding:host_id': provider.name('host') })
      const shown = await provider.one('GET', `/ports/${port.id}`, 'port')
      same(shown['binding:host_id'], provider.name('host'), 'binding:host_id')
    },
  },
  {
    id: 'token-header',
    level: 'optional',
    readOnly: true,
    rule: 'The token may come in the header x-openstack-request-id (a real engine sends X-Auth-Token)',
    source: api,
    async run(provider) {
      if (!provider.settings.credentials) skip('no --auth-url was given, so there is no token')
      const token = await provider.token()
      await provider.ask('GET', '/', undefined, { token: false, headers: { 'x-openstack-request-id': token } })
    },
  },
  {
    id: 'content-type-without-body',
    level: 'recommended',
    readOnly: true,
    rule: 'A GET may carry Content-Type: application/json without a body: the document sends it with every request',
    source: api,
    async run(provider) {
      await provider.ask('GET', '/networks', undefined, { headers: { 'content-type': 'application/json' } })
    },
  },
  {
    id: 'delete-with-content-type',
    level: 'recommended',
    rule: 'A DELETE may carry Content-Type: application/json without a body',
    source: api,
    async run(provider) {
      const { id } = await makeNetwork(provider)
      await provider.ask('DELETE', `/networks/${id}`, undefined, { headers: { 'content-type': 'application/json' } })
    },
  },
  {
    id: 'network-attributes',
    level: 'recommended',
    rule: "A network has the attributes of the document's example: id, name, status",
    source: structure,
    run: async (provider) => mustHave(await makeNetwork(provider), 'id name status'),
  },
  {
    id: 'subnet-attributes',
    level: 'optional',
    rule: "A subnet has the attributes of the document's example, from allocation_pools to ipv6_ra_mode",
    source: structure,
    async run(provider) {
      const { subnet } = await makeNetworkWithSubnet(provider)
      const names =
        'name enable_dhcp network_id dns_nameservers gateway_ip ipv6_ra_mode allocation_pools host_routes ip_version ipv6_address_mode cidr id'
      mustHave(subnet, names)
    },
  },
  {
    id: 'port-attributes',
    level: 'recommended',
    rule: "A port has the attributes of the document's example, and its status is DOWN until it is plugged",
    source: structure,
    async run(provider) {
      const port = await makePort(provider, await makeNetwork(provider), { device_owner: 'oVirt' })
      mustHave(port, 'status name device_owner id network_id device_id mac_address')
      same(port.status, 'DOWN', 'the status')
    },
  },
]

export const feature = caseGroup(
  'feature',
  'what the feature document asks and a real engine does not send; advice only',
  cases,
)

function mustHave(row: Row, names: string): void {
  const missing = names.split(' ').filter((name) => !(name in row))
  must(missing.length === 0, `${missing.join(', ')} missing in ${show(row)}`)
}
