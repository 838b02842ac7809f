// The ports of a provider's network, and which vNIC of this engine each belongs to. Only looked at: ports come and go with vNICs.
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import { Fault } from '../../faults.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Nic } from '../../store/entities/vms.ts'
import { existing } from '../names.ts'

export interface ShownPort {
  readonly id: string
  readonly port: Answered<Port>
  /** undefined: nobody's, or somebody else's. */
  readonly nic: Nic | undefined
}

export interface ProviderPortService {
  list(providerId: string, externalId: string): Promise<ShownPort[]>
  get(providerId: string, externalId: string, id: string): Promise<ShownPort>
}

export function createProviderPortService({
  store,
  providers,
}: Pick<Parts, 'store' | 'providers'>): ProviderPortService {
  async function find(providerId: string, filters: { network_id: string; id?: string }): Promise<ShownPort[]> {
    const provider = await existing(store.providers, 'Provider', providerId)
    const ports = await providers.ask(provider, (client) => client.ports.list(filters))
    const nics = await store.nics.getAll(ports.map(({ device_id }) => device_id ?? ''))
    return ports.map((port) => ({ id: port.id, port, nic: nics.get(port.device_id ?? '') }))
  }
  return {
    list: (providerId, externalId) => find(providerId, { network_id: externalId }),
    async get(providerId, externalId, id) {
      const [found] = await find(providerId, { network_id: externalId, id })
      if (!found) throw new Fault('NOT_FOUND', { what: 'Port', id })
      return found
    },
  }
}
