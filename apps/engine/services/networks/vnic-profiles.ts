// vNIC profiles: how a vNIC is on its network.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { Fault } from '../../faults.ts'
import { refuseUsedProfile, usersOf } from '../../lifecycle/network-use.ts'
import type { VnicProfile } from '../../store/entities/networks.ts'
import type { Store } from '../../store/store.ts'
import { checkedName, checkedProperties, checkedTexts, existing, referenced } from '../names.ts'
import { newProfile } from './new-profile.ts'

export type VnicProfileRequest = ResourceOf<typeof vnicProfileType>

export interface VnicProfileService {
  list(networkId?: string): Promise<VnicProfile[]>
  get(id: string): Promise<VnicProfile>
  add(request: VnicProfileRequest): Promise<VnicProfile>
  remove(id: string): Promise<void>
}

export function createVnicProfileService(store: Store): VnicProfileService {
  return {
    async list(networkId) {
      if (networkId === undefined) return store.vnicProfiles.find({})
      await existing(store.networks, 'Network', networkId)
      return store.vnicProfiles.find({ networkId })
    },
    get: (id) => existing(store.vnicProfiles, 'vNIC profile', id),
    async add(request) {
      const action = 'add vNIC profile'
      const draft = {
        name: checkedName(request.name, 'VnicProfile'),
        ...checkedTexts({ description: request.description ?? '', comment: request.comment ?? '' }),
        customProperties: checkedProperties(request.custom_properties, action),
      }
      return store.transaction(async (tables) => {
        const { id: networkId } = await referenced(tables.networks, 'Network', request.network)
        const [namesake] = await tables.vnicProfiles.find({ networkId, name: draft.name })
        if (namesake) throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name: draft.name })
        const made = newProfile({ ...draft, networkId })
        await tables.vnicProfiles.insert(made)
        return made
      })
    },
    async remove(id) {
      await store.transaction(async (tables) => {
        const removed = await existing(tables.vnicProfiles, 'vNIC profile', id)
        refuseUsedProfile(await usersOf(tables, [removed]), 'remove vNIC profile')
        await tables.vnicProfiles.remove(id)
      })
    },
  }
}
