// The group `ports`: the provider's side of NICs.
import { must, mustRefuse, same } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import { find, mustFind, type ProviderUnderTest } from '../provider-under-test.ts'
import { makeNetwork, makeNetworkWithSubnet, makePort, mustKeepAddresses } from '../resources.ts'
import { allocation } from './port-addresses.ts'

const source = 'Networking API v2.0: ports'

const cases: readonly CaseDraft[] = [
  {
    id: 'read',
    level: 'required',
    rule: 'A port is in the list as it was answered when it was created',
    source,
    async run(provider) {
      const network = await makeNetwork(provider)
      const port = await makePort(provider, network, { device_id: provider.name('device') })
      const { name, network_id, device_id, mac_address } = mustFind(
        await provider.list('ports'),
        port,
        'GET /v2.0/ports',
      )
      const expected = { name: provider.name('port'), network_id: network.id, device_id: provider.name('device') }
      same({ name, network_id, device_id, mac_address }, { ...expected, mac_address: port.mac_address }, 'the port')
    },
  },
  {
    id: 'own-mac',
    level: 'recommended',
    rule: 'A port that asks for no MAC address gets one of its own, a unicast address',
    source,
    async run(provider) {
      const network = await makeNetwork(provider)
      const macs = [await makePort(provider, network), await makePort(provider, network)].map((port) =>
        String(port.mac_address),
      )
      for (const mac of macs) must(/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(mac), `mac_address is ${mac}`)
      must(macs[0] !== macs[1], `two ports have ${macs[0]}`)
    },
  },
  {
    id: 'update',
    level: 'required',
    rule: 'PUT changes what it names and nothing else',
    source,
    async run(provider) {
      const { network } = await makeNetworkWithSubnet(provider)
      const port = await makePort(provider, network, { device_id: provider.name('device') })
      await provider.one('PUT', `/ports/${port.id}`, 'port', { name: provider.name('renamed') })
      const shown = mustFind(await provider.list('ports'), port, 'GET /v2.0/ports')
      same(shown.name, provider.name('renamed'), 'the name')
      for (const name of ['device_id', 'mac_address', 'network_id']) same(shown[name], port[name], name)
      mustKeepAddresses(port, shown)
    },
  },
  {
    id: 'update-nothing',
    level: 'recommended',
    rule: 'PUT {"port": {}} succeeds',
    source: 'Neutron: PUT port: {}',
    async run(provider) {
      const port = await makePort(provider, await makeNetwork(provider))
      await provider.ask('PUT', `/ports/${port.id}`, { port: {} })
    },
  },
  {
    id: 'delete',
    level: 'required',
    rule: 'A deleted port is no longer listed, and deleting it again is answered 404',
    source,
    async run(provider) {
      const { id } = await makePort(provider, await makeNetwork(provider))
      await provider.ask('DELETE', `/ports/${id}`)
      must(!find(await provider.list('ports'), id), 'the port is still in the list')
      same((await provider.send('DELETE', `/ports/${id}`)).status, 404, 'the status of the second DELETE')
    },
  },
  ...['device_id', 'mac_address', 'network_id', 'device_owner'].map(filterCase),
  {
    id: 'filter-by-address',
    level: 'optional',
    rule: 'GET /v2.0/ports?fixed_ips=ip_address=A&network_id=ID lists the port that has the address',
    source: 'Networking API v2.0: filtering',
    async run(provider) {
      const { network } = await makeNetworkWithSubnet(provider)
      const [one] = [await makePort(provider, network), await makePort(provider, network)]
      const [fixed] = one.fixed_ips as { ip_address: string }[]
      const found = await provider.list(
        'ports',
        `?network_id=${network.id}&fixed_ips=ip_address%3D${fixed?.ip_address}`,
      )
      same(
        found.map(({ id }) => id),
        [one.id],
        'the list of ids',
      )
    },
  },
  {
    id: 'fields',
    level: 'recommended',
    rule: 'GET /v2.0/ports?fields=id&fields=mac_address shows only these attributes',
    source: 'Networking API v2.0: column selection',
    async run(provider) {
      const network = await makeNetwork(provider)
      await makePort(provider, network)
      const [row] = await provider.list('ports', `?network_id=${network.id}&fields=id&fields=mac_address`)
      same(Object.keys(row ?? {}).sort(), ['id', 'mac_address'], 'the list of attributes')
    },
  },
  {
    id: 'pages',
    level: 'recommended',
    rule: 'limit and marker walk through a list: every port once',
    source: 'Networking API v2.0: pagination',
    async run(provider) {
      const network = await makeNetwork(provider)
      const made: string[] = []
      for (const _each of [1, 2, 3]) made.push((await makePort(provider, network)).id)
      const first = await provider.list('ports', `?network_id=${network.id}&limit=2`)
      const second = await provider.list('ports', `?network_id=${network.id}&limit=2&marker=${first.at(-1)?.id}`)
      same([first.length, second.length], [2, 1], 'the numbers of ports on two pages')
      same([...first, ...second].map(({ id }) => id).sort(), made.sort(), 'the list of ids')
    },
  },
  ...macInUseCases(),
  {
    id: 'same-mac-elsewhere',
    level: 'recommended',
    rule: 'Ports of two networks may have the same MAC address',
    source: 'Neutron: POST port: duplicate MAC, other network',
    async run(provider) {
      const mac = { mac_address: provider.mac() }
      for (const _each of [1, 2]) await makePort(provider, await makeNetwork(provider), mac)
    },
  },
]

export const ports = caseGroup('ports', 'ports: create, show, list, filter, change, delete; their addresses', [
  ...cases,
  ...allocation,
])

/** Two ports that differ in the attribute; the filter finds the first. */
function filterCase(attribute: string): CaseDraft {
  return {
    id: `filter-by-${attribute.replace('_', '-')}`,
    level: 'recommended',
    rule: `GET /v2.0/ports?${attribute}=… lists the ports with this ${attribute} only`,
    source: 'Networking API v2.0: filtering',
    async run(provider) {
      const attributes = () => ({
        device_id: crypto.randomUUID(),
        mac_address: provider.mac(),
        device_owner: `check:${crypto.randomUUID()}`,
      })
      const one = await makePort(provider, await makeNetwork(provider), attributes())
      await makePort(provider, await makeNetwork(provider), attributes())
      const found = await provider.list('ports', `?${attribute}=${encodeURIComponent(String(one[attribute]))}`)
      same(
        found.map(({ id }) => id),
        [one.id],
        'the list of ids',
      )
    },
  }
}

function macInUseCases(): CaseDraft[] {
  const check = (id: string, level: 'recommended' | 'optional', what: string, spelled: (mac: string) => string) => ({
    id,
    level,
    rule: `A MAC address that another port of the network has${what} is refused: 409 MacAddressInUse`,
    source: 'Neutron: POST port: duplicate MAC, same network',
    async run(provider: ProviderUnderTest) {
      const network = await makeNetwork(provider)
      const { mac_address: mac } = await makePort(provider, network, { mac_address: provider.mac() })
      const port = { name: provider.name('second'), network_id: network.id, mac_address: spelled(String(mac)) }
      mustRefuse(await provider.send('POST', '/ports', { port }), 409, 'MacAddressInUse')
      const found = await provider.list('ports', `?network_id=${network.id}`)
      must(!found.some(({ name }) => name === port.name), 'the second port is made all the same')
    },
  })
  return [
    check('mac-in-use', 'recommended', '', (mac) => mac),
    check('mac-in-use-in-capitals', 'optional', ', spelled in capitals,', (mac) => mac.toUpperCase()),
  ]
}
