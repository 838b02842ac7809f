// vNIC profiles: how a vNIC is on its network.
import type { Access } from '../../access/access.ts'
import { ownedByMaker } from '../../access/maker.ts'
import { on } from '../../access/objects.ts'
import { networkAdminId } from '../../access/predefined-roles.ts'
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import { activeVnicsOf, refuseUsedProfile, usersOf } from '../../lifecycle/networks/network-use.ts'
import type { VnicProfile } from '../../store/entities/networks.ts'
import type { Store } from '../../store/store.ts'
import type { RowQuery } from '../../store/table.ts'
import { existing, referenced } from '../names.ts'
import { changedProfile, requestedProfile, type VnicProfileRequest } from './profile-request.ts'
import { checkProfile, refuseFailover } from './profile-rules.ts'

export interface VnicProfileService {
  list(wanted: RowQuery): Promise<VnicProfile[]>
  ofNetwork(networkId: string): Promise<VnicProfile[]>
  get(id: string): Promise<VnicProfile>
  add(request: VnicProfileRequest): Promise<VnicProfile>
  /** What the request leaves out stays. */
  edit(id: string, request: VnicProfileRequest): Promise<VnicProfile>
  remove(id: string): Promise<void>
}

export function createVnicProfileService(store: Store, events: EventLog, access: Access): VnicProfileService {
  return {
    list: (wanted) => store.vnicProfiles.select(wanted),
    async ofNetwork(networkId) {
      await existing(store.networks, 'Network', networkId)
      return store.vnicProfiles.find({ networkId })
    },
    get: (id) => existing(store.vnicProfiles, 'vNIC profile', id),
    async add(request) {
      const action = 'add vNIC profile'
      const rights = await access.current()
      const { profile, networkName } = await store.transaction(async (tables) => {
        const profile = requestedProfile(request, '', action)
        const network = await referenced(tables.networks, 'Network', request.network)
        const made = { ...profile, networkId: network.id }
        await checkProfile(tables, network, { after: made }, action)
        await tables.vnicProfiles.insert(made)
        await ownedByMaker(tables, rights, networkAdminId, on('network', network.id), on('vnic_profile', made.id))
        return { profile: made, networkName: network.name }
      })
      await events.tell('ADD_VNIC_PROFILE', `vNIC profile ${profile.name} was added to network ${networkName}.`)
      return profile
    },
    async edit(id, request) {
      const action = 'edit vNIC profile'
      const { after, outOfSync } = await store.transaction(async (tables) => {
        const before = await existing(tables.vnicProfiles, 'vNIC profile', id)
        const after = changedProfile(before, request, action)
        const network = await existing(tables.networks, 'Network', before.networkId)
        if ((request.network?.id ?? before.networkId) !== before.networkId)
          throw new Fault('ACTION_TYPE_FAILED_CANNOT_CHANGE_VNIC_PROFILE_NETWORK', { action })
        await checkProfile(tables, network, { before, after }, action)
        await tables.vnicProfiles.update(id, after)
        return { after, outOfSync: isRewired(before, after) ? await activeVnicsOf(tables, [after]) : [] }
      })
      await events.tell('UPDATE_VNIC_PROFILE', `vNIC profile ${after.name} was updated.`)
      if (outOfSync.length > 0)
        await events.tell(
          'VNICS_OUT_OF_SYNC_ON_PROFILE_UPDATE',
          `Update to network interface profile ${after.name} was not applied to virtual network interfaces [${outOfSync.join(', ')}]. The actual configuration on the interfaces may differ from the displayed one.`,
        )
      return after
    },
    async remove(id) {
      const action = 'remove vNIC profile'
      const { name } = await store.transaction(async (tables) => {
        const removed = await existing(tables.vnicProfiles, 'vNIC profile', id)
        refuseUsedProfile(await usersOf(tables, [removed]), action)
        await refuseFailover(tables, removed, action)
        await tables.vnicProfiles.remove(id)
        return removed
      })
      await events.tell('REMOVE_VNIC_PROFILE', `vNIC profile ${name} was removed.`)
    },
  }
}

/** Its vNICs would be wired another way now. */
function isRewired(before: VnicProfile, after: VnicProfile): boolean {
  const wiring = ({ networkFilterId, customProperties }: VnicProfile) =>
    JSON.stringify([networkFilterId, Object.entries(customProperties).sort()])
  return wiring(before) !== wiring(after)
}
