// The profiles that a virtual machine can be connected through: those of the networks of its cluster.
import { networkType, vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../../engine/queries.ts'
import { useRights } from '../../rights/use-rights.ts'

export interface ProfileChoice {
  readonly id: string
  readonly name: string
  readonly networkId: string
  readonly networkName: string
  readonly isExternal: boolean
  /** Whether vNICs may be connected by it: it is for everybody, or one has a role on it. */
  readonly isOwn: boolean
}

export function useProfiles(clusterId: string): readonly ProfileChoice[] {
  const { whyNot } = useRights()
  const { data: networks = [] } = useQuery(collection(networkType, `/clusters/${clusterId}/networks`))
  const { data: profiles = [] } = useQuery(collection(vnicProfileType, '/vnicprofiles'))
  return profiles.flatMap(({ id, name = '', network, public_use = false }) => {
    const own = networks.find((each) => each.id === network?.id)
    if (!own) return []
    const { name: networkName = '', external_provider } = own
    const isOwn = public_use || whyNot('configure_vm_network', { id }, own) === undefined
    return [{ id, name, networkId: own.id, networkName, isExternal: external_provider !== undefined, isOwn }]
  })
}
