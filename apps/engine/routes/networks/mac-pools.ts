// /macpools.
import { macPoolType } from '@patchbay/ovirt-api/types/mac-pools.ts'
import type { FastifyInstance } from 'fastify'
import { macPoolSearch } from '../../search/searchables.ts'
import type { MacPoolService } from '../../services/nics/mac-pools.ts'
import type { MacPool } from '../../store/entities/mac-pools.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerMacPools(app: FastifyInstance, pools: MacPoolService): void {
  registerResource(app, {
    type: macPoolType,
    path: '/macpools',
    present: ({ name, description, comment, allowDuplicates, defaultPool, ranges }: MacPool) => ({
      value: {
        name,
        description,
        comment,
        allow_duplicates: allowDuplicates,
        default_pool: defaultPool,
        ranges,
      },
    }),
    search: macPoolSearch,
    list: (_params, wanted) => pools.list(wanted),
    get: ({ id }) => pools.get(id!),
    add: (request) => pools.add(request),
    edit: (request, { id }) => pools.edit(id!, request),
    remove: ({ id }) => pools.remove(id!),
  })
}
