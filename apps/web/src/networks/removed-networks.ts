// What goes with networks, and the virtual machines that keep them.
import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { type networkType, vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { request } from '../engine/request.ts'
import { readResource, type Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { type Effect, effectsOf, itemsOf, namesOf } from '../feedback/effects.ts'
import { text } from '../text/effects.ts'

type Network = Shown<typeof networkType>

/** `fromProvider`: those that are removed there too. */
export const removedNetworks = (networks: readonly Network[], fromProvider: readonly Network[]) =>
  effectsOf([...networks, ...fromProvider].map(({ id }) => id).join(), async (): Promise<readonly Effect[]> => {
    const ofEach = async (some: readonly Network[], ask: (network: Network) => Promise<readonly string[]>) => [
      ...new Set((await Promise.all(some.map(ask))).flat()),
    ]
    const [vms, profiles, subnets] = await Promise.all([
      ofEach(networks, async (network) => namesOf(await itemsOf(vmType, '/vms', await usersOf(network)))),
      ofEach(networks, async ({ id }) => namesOf(await itemsOf(vnicProfileType, `/networks/${id}/vnicprofiles`))),
      ofEach(fromProvider, async (network) => namesOf(await itemsOf(subnetType, `${placeOf(network)}/subnets`))),
    ])
    return [
      { says: text.usedByVms, names: vms, isObstacle: true },
      { says: text.profiles, names: profiles },
      { says: text.subnets, names: subnets },
    ]
  })

/** At its provider. */
const placeOf = ({ external_provider, external_id = '' }: Network) =>
  `/openstacknetworkproviders/${external_provider?.id}/networks/${encodeURIComponent(external_id)}`

/** The search for the virtual machines that use it. */
async function usersOf({ name = '', data_center }: Network): Promise<string> {
  const dataCenter = readResource(dataCenterType, await request('GET', `/datacenters/${data_center?.id}`))
  const inDataCenter = `datacenter=${searchValue(dataCenter.name ?? '')}`
  return searchFor(`vnic.network_name=${searchValue(name)} and ${inDataCenter}`)
}
