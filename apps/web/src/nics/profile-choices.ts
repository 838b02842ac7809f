// The profiles that a virtual machine can be connected through: those of the networks of its cluster.
import { networkType, vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'

export interface ProfileChoice {
  readonly id: string
  readonly name: string
  readonly networkId: string
  readonly networkName: string
  readonly isExternal: boolean
}

export function useProfiles(clusterId: string): readonly ProfileChoice[] {
  const { data: networks = [] } = useQuery(collection(networkType, `/clusters/${clusterId}/networks`))
  const { data: profiles = [] } = useQuery(collection(vnicProfileType, '/vnicprofiles'))
  return profiles.flatMap(({ id, name = '', network }) => {
    const own = networks.find((each) => each.id === network?.id)
    if (!own) return []
    const { name: networkName = '', external_provider } = own
    return [{ id, name, networkId: own.id, networkName, isExternal: external_provider !== undefined }]
  })
}
