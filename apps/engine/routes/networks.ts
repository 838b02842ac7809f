// /networks and /vnicprofiles, and the networks of a cluster.
import { bool } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { networkType, vnicProfileType } from '@patchbay/ovirt-api/types.ts'
import type { FastifyInstance } from 'fastify'
import type { NetworkService } from '../services/networks.ts'
import type { Network, VnicProfile } from '../store/entities.ts'
import { registerResource } from './resource-routes.ts'

export function registerNetworks(app: FastifyInstance, networks: NetworkService): void {
  registerResource(app, {
    type: networkType,
    path: '/networks',
    present: (network: Network, href) => ({
      value: presentNetwork(network),
      shown: { links: { vnicprofiles: `${href}/vnicprofiles` } },
    }),
    list: () => networks.list(),
    get: ({ id }) => networks.get(id!),
    // Ours: oVirt's API cannot remove a network from its provider.
    remove: ({ id }, query) => {
      const given = Object.fromEntries(query)
      const { remove_from_provider: fromProvider } = readElements({ remove_from_provider: bool }, given, 'query')
      return networks.remove(id!, fromProvider ?? false)
    },
  })
  registerResource(app, {
    type: vnicProfileType,
    path: '/networks/:network/vnicprofiles',
    present: (profile: VnicProfile) => ({ value: presentProfile(profile) }),
    list: ({ network }) => networks.profiles(network),
    add: (request, { network }) => networks.addProfile({ ...request, network: { id: network } }),
  })
  registerResource(app, {
    type: vnicProfileType,
    path: '/vnicprofiles',
    present: (profile: VnicProfile) => ({ value: presentProfile(profile) }),
    list: () => networks.profiles(),
    get: ({ id }) => networks.profile(id!),
    add: (request) => networks.addProfile(request),
    remove: ({ id }) => networks.removeProfile(id!),
  })
  registerResource(app, {
    type: networkType,
    path: '/clusters/:cluster/networks',
    present: (network: Network) => ({ value: { ...presentNetwork(network), required: false } }),
    list: ({ cluster }) => networks.ofCluster(cluster!),
    add: (request, { cluster }) => networks.attach(cluster!, request),
    remove: ({ cluster, id }) => networks.detach(cluster!, id!),
  })
}

const presentNetwork = (network: Network) => ({
  name: network.name,
  description: network.description,
  data_center: { id: network.dataCenterId },
  mtu: network.mtu,
  usages: ['vm'],
  vdsm_name: network.vdsmName,
  external_provider: { id: network.providerId },
})

const presentProfile = (profile: VnicProfile) => ({
  name: profile.name,
  description: profile.description,
  network: { id: profile.networkId },
  custom_properties: Object.entries(profile.customProperties).map(([name, value]) => ({ name, value })),
})
