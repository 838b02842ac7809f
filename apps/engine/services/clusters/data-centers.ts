// Data centers: networks belong to one, and so do clusters.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { EventLog } from '../../events/event-log.ts'
import type { DataCenter } from '../../store/entities/infrastructure.ts'
import type { Store, Tables } from '../../store/store.ts'
import { checkedName, checkedTexts, existing, refuseUsedName } from '../names.ts'
import { reading, refuseUsed, type ServiceOf } from '../service.ts'

type DataCenterRequest = ResourceOf<typeof dataCenterType>

export interface DataCenterService extends ServiceOf<DataCenter, DataCenterRequest> {
  /** What the request leaves out stays. */
  edit(id: string, request: DataCenterRequest): Promise<DataCenter>
  /** Its networks go with it; what they have on a provider stays there. */
  remove(id: string): Promise<void>
}

export function createDataCenterService(store: Store, events: EventLog): DataCenterService {
  const action = 'remove Data Center'
  return {
    ...reading(store.dataCenters, 'Data Center'),
    async add({ name, description = '', comment = '' }) {
      const row = { id: randomUUID(), name: checkedName(name, 'DataCenter'), ...checkedTexts({ description, comment }) }
      await store.transaction(async ({ dataCenters }) => {
        await refuseUsedName(dataCenters, row.name, 'add Data Center')
        await dataCenters.insert(row)
      })
      await events.about({ dataCenter: row }).tell('USER_ADD_STORAGE_POOL', `Data Center ${row.name} was added.`)
      return row
    },
    async edit(id, { name, description, comment }) {
      const row = await store.transaction(async ({ dataCenters }) => {
        const before = await existing(dataCenters, 'Data Center', id)
        const after = {
          id,
          name: checkedName(name ?? before.name, 'DataCenter'),
          ...checkedTexts({ description: description ?? before.description, comment: comment ?? before.comment }),
        }
        if (after.name !== before.name) await refuseUsedName(dataCenters, after.name, 'edit Data Center')
        await dataCenters.update(id, after)
        return after
      })
      await events.about({ dataCenter: row }).tell('USER_UPDATE_STORAGE_POOL', `Data Center ${row.name} was updated.`)
      return row
    },
    async remove(id) {
      const { name } = await store.transaction(async (tables) => {
        const removed = await existing(tables.dataCenters, 'Data Center', id)
        refuseUsed(action, 'cluster', await tables.clusters.find({ dataCenterId: id }))
        await removeNetworks(tables, id)
        await tables.dataCenters.remove(id)
        return removed
      })
      await events
        .about({ dataCenter: { id, name } })
        .tell('USER_REMOVE_STORAGE_POOL', `Data Center ${name} was removed.`)
    },
  }
}

/** Without clusters there are no VMs, and no vNIC can use them. */
async function removeNetworks({ networks, vnicProfiles }: Tables, dataCenterId: string): Promise<void> {
  for (const { id } of await networks.find({ dataCenterId })) {
    for (const profile of await vnicProfiles.find({ networkId: id })) await vnicProfiles.remove(profile.id)
    await networks.remove(id)
  }
}
