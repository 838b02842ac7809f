// /vnicprofiles, also below their network.
import { vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import type { FastifyInstance } from 'fastify'
import type { VnicProfileService } from '../services/networks/vnic-profiles.ts'
import type { VnicProfile } from '../store/entities/networks.ts'
import { registerResource } from './resource-routes.ts'

export function registerVnicProfiles(app: FastifyInstance, profiles: VnicProfileService): void {
  registerResource(app, {
    type: vnicProfileType,
    path: '/networks/:network/vnicprofiles',
    present: (profile: VnicProfile) => ({ value: presentProfile(profile) }),
    list: ({ network }) => profiles.list(network),
    add: (request, { network }) => profiles.add({ ...request, network: { id: network } }),
  })
  registerResource(app, {
    type: vnicProfileType,
    path: '/vnicprofiles',
    present: (profile: VnicProfile) => ({ value: presentProfile(profile) }),
    list: () => profiles.list(),
    get: ({ id }) => profiles.get(id!),
    add: (request) => profiles.add(request),
    remove: ({ id }) => profiles.remove(id!),
  })
}

const presentProfile = (profile: VnicProfile) => ({
  name: profile.name,
  description: profile.description,
  comment: profile.comment,
  network: { id: profile.networkId },
  custom_properties: Object.entries(profile.customProperties).map(([name, value]) => ({ name, value })),
})
