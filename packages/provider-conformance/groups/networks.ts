// The group `networks`: what every client of the Networking API expects of networks.
import { must, mustRefuse, same } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import { find, mustAnnounce, mustFind } from '../provider-under-test.ts'
import { makeNetwork, makeNetworkWithSubnet, makePort } from '../resources.ts'

const source = 'Networking API v2.0: networks'

const cases: readonly CaseDraft[] = [
  {
    id: 'defaults',
    level: 'recommended',
    rule: 'A new network is enabled, not shared, ACTIVE and without subnets; it is created with 201',
    source,
    async run(provider) {
      const body = { network: { name: provider.name('probe'), ...networkType(provider.settings.networkType) } }
      const answer = await provider.ask('POST', '/networks', body)
      same(answer.status, 201, 'the status')
      const { network } = answer.body as { network: Record<string, unknown> }
      const { admin_state_up, shared, status, subnets } = network
      same(
        { admin_state_up, shared, status, subnets },
        { admin_state_up: true, shared: false, status: 'ACTIVE', subnets: [] },
        'the network',
      )
    },
  },
  {
    id: 'read',
    level: 'required',
    rule: 'A network is shown by its id as it is in the list',
    source,
    async run(provider) {
      const network = await makeNetwork(provider)
      const shown = await provider.one('GET', `/networks/${network.id}`, 'network')
      same(mustFind(await provider.list('networks'), network, 'GET /v2.0/networks'), shown, 'the network in the list')
    },
  },
  {
    id: 'update',
    level: 'recommended',
    rule: 'PUT changes what it names and nothing else',
    source,
    async run(provider) {
      const network = await makeNetwork(provider)
      await provider.one('PUT', `/networks/${network.id}`, 'network', { name: provider.name('renamed') })
      const shown = await provider.one('GET', `/networks/${network.id}`, 'network')
      same(shown.name, provider.name('renamed'), 'the name')
      same(shown.admin_state_up, network.admin_state_up, 'admin_state_up')
    },
  },
  {
    id: 'delete',
    level: 'required',
    rule: 'A deleted network is gone: neither listed nor shown',
    source,
    async run(provider) {
      const { id } = await makeNetwork(provider)
      await provider.ask('DELETE', `/networks/${id}`)
      must(!find(await provider.list('networks'), id), 'the network is still in the list')
      same((await provider.send('GET', `/networks/${id}`)).status, 404, 'the status of GET')
    },
  },
  {
    id: 'delete-in-use',
    level: 'required',
    rule: 'A network with ports is not deleted, and the ports stay',
    source,
    async run(provider) {
      const network = await makeNetwork(provider)
      const port = await makePort(provider, network)
      const { status } = await provider.send('DELETE', `/networks/${network.id}`)
      must(status >= 400, `the network is deleted: ${status}`)
      mustFind(await provider.list('networks'), network, 'GET /v2.0/networks')
      mustFind(await provider.list('ports'), port, 'GET /v2.0/ports')
    },
  },
  {
    id: 'delete-in-use-error',
    level: 'recommended',
    rule: 'Deleting a network with ports is answered 409 NetworkInUse',
    source: 'Neutron: DELETE network with ports',
    async run(provider) {
      const network = await makeNetwork(provider)
      await makePort(provider, network)
      mustRefuse(await provider.send('DELETE', `/networks/${network.id}`), 409, 'NetworkInUse')
    },
  },
  {
    id: 'same-name-twice',
    level: 'required',
    rule: 'Two networks may have the same name: the id tells them apart',
    source,
    async run(provider) {
      const [one, other] = [await makeNetwork(provider), await makeNetwork(provider)]
      must(one.id !== other.id, 'both have the same id')
      const networks = await provider.list('networks')
      for (const each of [one, other]) mustFind(networks, each, 'GET /v2.0/networks')
    },
  },
  {
    id: 'lists-its-subnets',
    level: 'recommended',
    rule: 'A network names the ids of its subnets',
    source,
    async run(provider) {
      const { network, subnet } = await makeNetworkWithSubnet(provider)
      same((await provider.one('GET', `/networks/${network.id}`, 'network')).subnets, [subnet.id], 'subnets')
    },
  },
  {
    id: 'numbers-and-booleans-as-text',
    level: 'recommended',
    rule: 'Numbers and booleans may come as texts: the OpenStack command sends them so',
    source: 'OpenStack command: network create',
    async run(provider) {
      const network = await makeNetwork(provider, { mtu: '1400', admin_state_up: 'false' })
      same([network.mtu, network.admin_state_up], [1400, false], '[mtu, admin_state_up]')
    },
  },
  {
    id: 'filter-by-name',
    level: 'recommended',
    rule: 'GET /v2.0/networks?name=A&name=B lists the networks with one of these names',
    source: 'Networking API v2.0: filtering',
    async run(provider) {
      const names = ['a', 'b', 'c'].map(provider.name)
      const ids: string[] = []
      for (const name of names) ids.push((await makeNetwork(provider, { name })).id)
      const found = await provider.list('networks', `?name=${names[0]}&name=${names[1]}`)
      same(found.map(({ id }) => id).sort(), ids.slice(0, 2).sort(), 'the list of ids')
    },
  },
  {
    id: 'fields',
    level: 'recommended',
    rule: 'GET /v2.0/networks?fields=id&fields=name shows only these attributes',
    source: 'Networking API v2.0: column selection',
    async run(provider) {
      const { id } = await makeNetwork(provider)
      const [row] = await provider.list('networks', `?id=${id}&fields=id&fields=name`)
      same(Object.keys(row ?? {}).sort(), ['id', 'name'], 'the list of attributes')
    },
  },
  {
    id: 'revision',
    level: 'optional',
    rule: 'A change that demands an older revision (If-Match) is refused with 412 RevisionNumberConstraintFailed',
    source: 'Neutron: extension revision-if-match',
    async run(provider) {
      await mustAnnounce(provider, 'revision-if-match')
      const { id, revision_number: revision } = await makeNetwork(provider)
      const body = { network: { name: provider.name('renamed') } }
      const change = (number: number) =>
        provider.send('PUT', `/networks/${id}`, body, { headers: { 'if-match': `revision_number=${number}` } })
      mustRefuse(await change(Number(revision) + 7), 412, 'RevisionNumberConstraintFailed')
      same((await change(Number(revision))).status, 200, 'the status with the right revision')
    },
  },
]

export const networks = caseGroup('networks', 'networks: create, show, list, change, delete', cases)

const networkType = (type: string | undefined) => (type === undefined ? {} : { 'provider:network_type': type })
