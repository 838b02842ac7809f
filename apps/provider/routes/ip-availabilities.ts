// How full the networks are: /v2.0/network-ip-availabilities[/{network}]. For administrators; others see none, as in Neutron.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { parseListing, project, select } from '@patchbay/networking-api/listing/listing.ts'
import { type IpAvailability, ipAvailabilityType } from '@patchbay/networking-api/resources/ip-availability.ts'
import type { FastifyInstance } from 'fastify'
import type { State } from '../backends/backend.ts'
import { foundNetwork } from '../backends/facts/found.ts'
import { isAdmin } from '../identity/principal.ts'
import { ipAvailability } from '../services/subnets/ip-availability.ts'
import { principalOf } from './authentication.ts'
import { queryOf } from './query.ts'

const { singular, plural } = ipAvailabilityType
const path = '/v2.0/network-ip-availabilities'

export function registerIpAvailabilities(app: FastifyInstance, state: () => State): void {
  app.get(path, async (request) => {
    const query = queryOf(request)
    // A filter that is no attribute: it asks which subnets are counted.
    const versions = query.getAll('ip_version')
    query.delete('ip_version')
    const listing = parseListing(ipAvailabilityType, query)
    if (!isAdmin(principalOf(request))) return { [plural]: [] }
    const rows = allOf(state(), versions.length > 0 ? versions : undefined)
    return {
      [plural]: select(ipAvailabilityType, rows, listing).map(({ id: _, ...row }) => project(row, listing.fields)),
    }
  })
  app.get(`${path}/:network`, async (request) => {
    const { network: id } = request.params as { network: string }
    if (!isAdmin(principalOf(request))) throw new NetworkingError('HTTPNotFound')
    const row = ipAvailability(state(), foundNetwork(state(), id))!
    return { [singular]: project(row, queryOf(request).getAll('fields')) }
  })
}

/** With an id, by which lists are paged. */
function* allOf(state: State, versions: readonly string[] | undefined): Iterable<IpAvailability & { id: string }> {
  for (const network of state.networks.all()) {
    const row = ipAvailability(state, network, versions)
    if (row) yield { id: network.id, ...row }
  }
}
