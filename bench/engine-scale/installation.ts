// A large installation, written into an engine's database before the engine starts: each provider serves a cluster of its
// own, and every network has the same number of vNICs.
import { randomUUID } from 'node:crypto'
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { openStore, type Store, type Tables } from '../../apps/engine/store/store.ts'
import type { SimulatedHost } from './hosts.ts'

export const size = { providers: 4, networks: 2_000, hosts: 100, vms: 5_000, nics: 10_000, down: 200 }

export interface Installation {
  readonly providerIds: readonly string[]
  readonly profileIds: readonly string[]
  /** VMs that are down, with two vNICs each that never had a port. */
  readonly downVmIds: readonly string[]
  readonly upVmIds: readonly string[]
}

interface Place {
  readonly providerId: string
  readonly clusterId: string
  readonly client: NetworkingClient
}

const none = { description: '', comment: '' }

export async function fill(
  database: string,
  providerUrls: readonly string[],
  hosts: readonly SimulatedHost[],
): Promise<Installation> {
  await using store = await openStore(database)
  const http = createHttpClient()
  const dataCenterId = randomUUID()
  await store.dataCenters.insert({ id: dataCenterId, name: 'dc', ...none })
  const [pool] = await store.macPools.find({ defaultPool: true })
  const places = await Promise.all(
    providerUrls.map((url, at) =>
      addPlace(store, { url, at, dataCenterId, macPoolId: pool!.id, client: createNetworkingClient(http, url) }),
    ),
  )
  const profiles = (await Promise.all(places.map((place) => addNetworks(store, dataCenterId, place)))).flat()
  const hostIds = await addHosts(store, places, hosts)
  const { up, down } = await addVms(store, { places, profiles, hostIds, hosts })
  await http.close()
  return {
    providerIds: places.map(({ providerId }) => providerId),
    profileIds: profiles.map(({ profileId }) => profileId),
    downVmIds: down,
    upVmIds: up,
  }
}

async function addPlace(
  store: Store,
  {
    url,
    at,
    dataCenterId,
    macPoolId,
    client,
  }: { url: string; at: number; dataCenterId: string; macPoolId: string; client: NetworkingClient },
): Promise<Place> {
  const [providerId, clusterId] = [randomUUID(), randomUUID()]
  const login = { username: '', sealedPassword: '', authenticationUrl: '', tenantName: '' }
  const domains = { userDomainName: '', projectName: '', projectDomainName: '' }
  await store.providers.insert({
    id: providerId,
    name: `sdn-${at}`,
    description: '',
    type: 'external',
    url,
    requiresAuthentication: false,
    ...login,
    ...domains,
    pluginType: 'BENCH',
    readOnly: false,
    autoSync: true,
    unmanaged: false,
    properties: {},
  })
  await store.clusters.insert({
    id: clusterId,
    name: `cluster-${at}`,
    ...none,
    dataCenterId,
    switchType: 'legacy',
    defaultProviderId: providerId,
    macPoolId,
  })
  return { providerId, clusterId, client }
}

interface Profile {
  readonly profileId: string
  readonly externalId: string
  readonly place: Place
}

async function addNetworks(store: Store, dataCenterId: string, place: Place): Promise<Profile[]> {
  const count = size.networks / size.providers
  const at = place.providerId.slice(0, 4)
  const networks = Array.from({ length: count }, (_, index) => ({ name: `net-${at}-${index}` }))
  const { networks: made } = (await place.client.send('POST', '/networks', { networks })) as {
    networks: { id: string; name: string; mtu: number }[]
  }
  const roles = {
    required: false,
    display: false,
    migration: false,
    management: false,
    defaultRoute: false,
    gluster: false,
  }
  return store.transaction(async (tables) => {
    const profiles: Profile[] = []
    for (const { id: externalId, name, mtu } of made) {
      const [id, profileId] = [randomUUID(), randomUUID()]
      await tables.networks.insert({
        id,
        name,
        ...none,
        dataCenterId,
        providerId: place.providerId,
        externalId,
        physicalNetworkId: '',
        mtu,
        vlanId: null,
        vmNetwork: true,
        stp: false,
        portIsolation: false,
        label: '',
        dnsServers: [],
        vdsmName: name,
      })
      await tables.networkClusters.insert({
        id: `${id}/${place.clusterId}`,
        networkId: id,
        clusterId: place.clusterId,
        ...roles,
      })
      await tables.vnicProfiles.insert({
        id: profileId,
        name,
        ...none,
        networkId: id,
        customProperties: {},
        portMirroring: false,
        passThrough: false,
        migratable: false,
        publicUse: true,
        networkFilterId: '',
        failoverId: '',
      })
      profiles.push({ profileId, externalId, place })
    }
    return profiles
  })
}

async function addHosts(store: Store, places: readonly Place[], hosts: readonly SimulatedHost[]): Promise<string[]> {
  return store.transaction(async (tables) => {
    const ids: string[] = []
    for (const [at, { port }] of hosts.entries()) {
      const id = randomUUID()
      await tables.hosts.insert({
        id,
        name: `host-${at}`,
        comment: '',
        address: '127.0.0.1',
        port,
        clusterId: places[at % places.length]!.clusterId,
        status: 'up',
        duty: 'active',
        statusDetail: '',
        reinstallationRequired: false,
      })
      ids.push(id)
    }
    return ids
  })
}

interface Whole {
  readonly places: readonly Place[]
  readonly profiles: readonly Profile[]
  readonly hostIds: readonly string[]
  readonly hosts: readonly SimulatedHost[]
}

const nicsPerVm = size.nics / size.vms

async function addVms(store: Store, whole: Whole): Promise<{ up: string[]; down: string[] }> {
  const { places, hostIds, hosts } = whole
  const [up, down]: [string[], string[]] = [[], []]
  const ports = new Map<Place, object[]>(places.map((place) => [place, []]))
  await store.transaction(async (tables) => {
    for (let at = 0; at < size.vms; at++) {
      const isUp = at >= size.down
      const host = at % hosts.length
      const vmId = randomUUID()
      await addVm(tables, vmId, at, {
        clusterId: places[host % places.length]!.clusterId,
        hostId: isUp ? hostIds[host]! : '',
      })
      const macs: string[] = []
      for (let index = 0; index < nicsPerVm; index++) {
        const { mac, port, place } = await addNic(tables, whole, { vmId, vm: at, index, isUp, host })
        macs.push(mac)
        if (isUp) ports.get(place)!.push(port)
      }
      if (isUp) hosts[host]!.vms.set(vmId, macs)
      ;(isUp ? up : down).push(vmId)
    }
  })
  for (const [{ client }, all] of ports)
    for (let from = 0; from < all.length; from += 500)
      await client.send('POST', '/ports', { ports: all.slice(from, from + 500) })
  return { up, down }
}

const addVm = (tables: Tables, id: string, at: number, place: { clusterId: string; hostId: string }) =>
  tables.vms.insert({
    id,
    name: `vm-${String(at).padStart(4, '0')}`,
    ...none,
    ...place,
    templateId: '',
    status: place.hostId === '' ? 'down' : 'up',
    statusDetail: '',
    memory: 2 ** 30,
    customProperties: {},
    savedState: '',
    savedOn: '',
  })

interface NicPlace {
  readonly vmId: string
  readonly vm: number
  readonly index: number
  readonly isUp: boolean
  readonly host: number
}

async function addNic(tables: Tables, { places, profiles }: Whole, { vmId, vm, index, isUp, host }: NicPlace) {
  const id = randomUUID()
  const number = vm * nicsPerVm + index
  const mac = `02:00:00${[16, 8, 0].map((shift) => `:${((number >> shift) & 255).toString(16).padStart(2, '0')}`).join('')}`
  const place = places[host % places.length]!
  const own = profiles.filter((profile) => profile.place === place)
  const { profileId, externalId } = own[number % own.length]!
  const name = `nic${index + 1}`
  const flags = { linked: true, plugged: true, hasPort: isUp }
  await tables.nics.insert({
    id,
    vmId,
    name,
    mac,
    model: 'virtio',
    profileId,
    wiredAs: '',
    filterParameters: [],
    ...flags,
  })
  if (isUp) {
    const made = { id: `${id}@${place.providerId}`, nicId: id, providerId: place.providerId }
    await tables.portsMade.insert({ ...made, nicName: name, missingSince: 0 })
  }
  const port = {
    name,
    network_id: externalId,
    mac_address: mac,
    device_id: id,
    device_owner: 'oVirt',
    admin_state_up: true,
    'binding:host_id': `host-${host}`,
  }
  return { mac, place, port }
}
