// /vnicprofiles, also below their network.
import { vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import type { FastifyInstance } from 'fastify'
import { vnicProfileSearch } from '../../search/searchables.ts'
import type { VnicProfileService } from '../../services/networks/vnic-profiles.ts'
import type { VnicProfile } from '../../store/entities/networks.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerVnicProfiles(app: FastifyInstance, profiles: VnicProfileService): void {
  registerResource(app, {
    type: vnicProfileType,
    path: '/networks/:network/vnicprofiles',
    present: (profile: VnicProfile) => ({ value: presentProfile(profile) }),
    list: ({ network }) => profiles.ofNetwork(network!),
    add: (request, { network }) => profiles.add({ ...request, network: { id: network } }),
  })
  registerResource(app, {
    type: vnicProfileType,
    path: '/vnicprofiles',
    present: (profile: VnicProfile) => ({ value: presentProfile(profile) }),
    search: vnicProfileSearch,
    list: (_params, wanted) => profiles.list(wanted),
    get: ({ id }) => profiles.get(id!),
    add: (request) => profiles.add(request),
    edit: (request, { id }) => profiles.edit(id!, request),
    remove: ({ id }) => profiles.remove(id!),
  })
}

const presentProfile = (profile: VnicProfile) => ({
  name: profile.name,
  description: profile.description,
  comment: profile.comment,
  network: { id: profile.networkId },
  custom_properties: Object.entries(profile.customProperties).map(([name, value]) => ({ name, value })),
  port_mirroring: profile.portMirroring,
  pass_through: { mode: profile.passThrough ? ('enabled' as const) : ('disabled' as const) },
  migratable: profile.passThrough ? profile.migratable : undefined,
  failover: referenceTo(profile.failoverId),
  network_filter: referenceTo(profile.networkFilterId),
  public_use: profile.publicUse,
})

const referenceTo = (id: string) => (id === '' ? undefined : { id })
