// The engine's requests that only look: testing the connection, importing networks, locating a NIC's port.
import { isObject, must, same, show } from '../../check.ts'
import type { CaseDraft } from '../../conformance-case.ts'
import { find, type ProviderUnderTest, type Row } from '../../provider-under-test.ts'
import { makeNetworkWithSubnet, makePort, someNetwork } from '../../resources.ts'
import {
  complaintsAboutBinding,
  complaintsAboutNetwork,
  complaintsAboutPort,
  complaintsAboutRoutes,
  complaintsAboutSubnet,
} from './engine-reader.ts'

const reader = 'ovirt-engine: how it reads answers'
const requests = 'ovirt-engine: the requests it sends'

export const engineReads: readonly CaseDraft[] = [
  {
    id: 'test-connectivity',
    level: 'required',
    readOnly: true,
    rule: 'GET /v2.0/ answers a JSON object: the engine\'s button "Test"',
    source: requests,
    async run(provider) {
      const { body } = await provider.ask('GET', '/')
      must(isObject(body), `the answer is ${show(body)}, no JSON object`)
    },
  },
  {
    id: 'list-networks',
    level: 'required',
    readOnly: true,
    rule: 'GET /v2.0/networks lists every network in a form that the engine can read',
    source: reader,
    run: (provider) => mustRead(provider, 'networks', complaintsAboutNetwork),
  },
  {
    id: 'list-subnets',
    level: 'required',
    readOnly: true,
    rule: 'GET /v2.0/subnets lists every subnet in a form that the engine can read',
    source: reader,
    run: (provider) => mustRead(provider, 'subnets', complaintsAboutSubnet),
  },
  {
    id: 'host-routes',
    level: 'required',
    readOnly: true,
    rule: 'host_routes of a listed subnet is left out, null or []: the engine cannot read entries that are objects',
    source: reader,
    run: (provider) => mustRead(provider, 'subnets', complaintsAboutRoutes),
  },
  {
    id: 'list-ports',
    level: 'required',
    readOnly: true,
    rule: 'GET /v2.0/ports lists every port in a form that the engine can read',
    source: reader,
    run: (provider) => mustRead(provider, 'ports', complaintsAboutPort),
  },
  {
    id: 'flat-binding-maps',
    level: 'required',
    readOnly: true,
    rule: 'binding:vif_details and binding:profile are flat maps: a value that is an object or a list makes the engine refuse the list of ports',
    source: reader,
    run: (provider) => mustRead(provider, 'ports', complaintsAboutBinding),
  },
  {
    id: 'whole-lists',
    level: 'required',
    readOnly: true,
    rule: 'A list without a query is whole: the engine never asks for a next page',
    source: requests,
    async run(provider) {
      for (const plural of ['networks', 'subnets', 'ports']) {
        const { body } = await provider.ask('GET', `/${plural}`)
        const links = isObject(body) ? body[`${plural}_links`] : undefined
        const next = Array.isArray(links) && links.some((link) => isObject(link) && link.rel === 'next')
        must(!next, `GET /v2.0/${plural} names a next page`)
      }
    },
  },
  {
    id: 'get-network',
    level: 'required',
    readOnly: true,
    rule: 'GET /v2.0/networks/ID answers {"network": …} with no other key beside it',
    source: reader,
    async run(provider) {
      const network = await someNetwork(provider)
      const { body } = await provider.ask('GET', `/networks/${network.id}`)
      same(isObject(body) && Object.keys(body), ['network'], 'the list of root keys')
      const shown = (body as { network: Row }).network
      same([shown.id, shown.name], [network.id, network.name], '[id, name] of the network')
    },
  },
  {
    id: 'double-slash',
    level: 'recommended',
    readOnly: true,
    rule: "GET //v2.0/networks is GET /v2.0/networks: what the engine sends when the provider's URL was entered with a slash at its end",
    source: requests,
    async run(provider) {
      const { body } = await provider.ask('GET', '/networks', undefined, { root: '//v2.0' })
      must(isObject(body) && Array.isArray(body.networks), 'the answer is not {"networks": […]}')
    },
  },
]

/** All there is, and one of each kind that is made for the look. */
async function mustRead(
  provider: ProviderUnderTest,
  plural: string,
  complaints: (row: Row) => readonly string[],
): Promise<void> {
  const made = provider.settings.readOnly ? undefined : await makeOneOf(provider, plural)
  const rows = await provider.list(plural)
  must(!made || find(rows, made.id), `the list lacks ${show(made?.id)}, which was just made`)
  const [first, ...others] = rows.flatMap(complaints)
  must(first === undefined, others.length > 0 ? `${first}; and ${others.length} more like this` : String(first))
}

async function makeOneOf(provider: ProviderUnderTest, plural: string): Promise<Row> {
  const { network, subnet } = await makeNetworkWithSubnet(provider)
  if (plural === 'networks') return network
  return plural === 'subnets' ? subnet : makePort(provider, network, { 'binding:host_id': provider.name('host') })
}
