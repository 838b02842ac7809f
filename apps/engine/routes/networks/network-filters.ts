// /networkfilters: what vNIC profiles can choose from.
import { networkFilterType } from '@patchbay/ovirt-api/types/networks.ts'
import type { FastifyInstance } from 'fastify'
import { type NetworkFilter, networkFilterOf, networkFilters } from '../../domain-xml/network-filters.ts'
import { Fault } from '../../faults.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerNetworkFilters(app: FastifyInstance): void {
  registerResource(app, {
    type: networkFilterType,
    path: '/networkfilters',
    present: ({ name, since: [major, minor] }: NetworkFilter) => ({ value: { name, version: { major, minor } } }),
    list: async () => [...networkFilters],
    async get({ id }) {
      const filter = networkFilterOf(id!)
      if (!filter) throw new Fault('NOT_FOUND', { what: 'Network filter', id: id! })
      return filter
    },
  })
}
