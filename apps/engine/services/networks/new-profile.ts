// A vNIC profile as it begins.
import { randomUUID } from 'node:crypto'
import { defaultFilter } from '../../domain-xml/network-filters.ts'
import type { Network, VnicProfile } from '../../store/entities/networks.ts'

export function newProfile(given: Pick<VnicProfile, 'name' | 'networkId'> & Partial<VnicProfile>): VnicProfile {
  return {
    id: randomUUID(),
    description: '',
    comment: '',
    customProperties: {},
    portMirroring: false,
    passThrough: false,
    migratable: false,
    publicUse: false,
    networkFilterId: '',
    failoverId: '',
    ...given,
  }
}

/**
 * The profile that a network comes with: it has the network's name, and keeps it when the network is renamed. Filtering
 * external networks is their provider's business.
 */
export const defaultProfile = ({ id, name, providerId }: Network, publicUse = false): VnicProfile =>
  newProfile({ name, networkId: id, publicUse, networkFilterId: providerId === '' ? defaultFilter.id : '' })
