// Data centers: networks belong to one, and so do clusters.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { DataCenter } from '../store/entities/infrastructure.ts'
import type { Store } from '../store/store.ts'
import { checkedName, existing, refuseUsedName } from './names.ts'
import { reading, refuseUsed, type ServiceOf } from './service.ts'

export function createDataCenterService(store: Store): ServiceOf<DataCenter, ResourceOf<typeof dataCenterType>> {
  const action = 'remove Data Center'
  return {
    ...reading(store.dataCenters, 'Data Center'),
    async add({ name, description = '' }) {
      const row = { id: randomUUID(), name: checkedName(name, 'DataCenter'), description }
      await store.transaction(async ({ dataCenters }) => {
        await refuseUsedName(dataCenters, row.name, 'add Data Center')
        await dataCenters.insert(row)
      })
      return row
    },
    remove: (id) =>
      store.transaction(async ({ dataCenters, clusters, networks }) => {
        await existing(dataCenters, 'Data Center', id)
        refuseUsed(action, 'cluster', await clusters.find({ dataCenterId: id }))
        refuseUsed(action, 'network', await networks.find({ dataCenterId: id }))
        await dataCenters.remove(id)
      }),
  }
}
