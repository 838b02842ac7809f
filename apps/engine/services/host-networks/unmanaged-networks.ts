// Networks that a host has and its cluster knows nothing of: shown, and taken away.
import { Fault } from '../../faults.ts'
import { baseOf } from '../../hosts/host-nics.ts'
import { lastingId } from '../../lasting-id.ts'
import { setupHostNetworks } from '../../lifecycle/hosts/setup-host-networks.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import { networkingOf } from './host-networking.ts'

export interface UnmanagedNetwork {
  readonly id: string
  readonly hostId: string
  /** On the host. */
  readonly name: string
  readonly nicName: string | undefined
}

export interface UnmanagedNetworkService {
  list(hostId: string): Promise<UnmanagedNetwork[]>
  remove(hostId: string, id: string): Promise<void>
}

const options = { connectivityCheck: true, connectivityTimeout: 120, commitOnSuccess: false }

export function createUnmanagedNetworkService({ store, workflows }: Parts): UnmanagedNetworkService {
  async function list(hostId: string): Promise<UnmanagedNetwork[]> {
    const { capabilities, attachments, networks } = await networkingOf(store, hostId)
    const managed = new Set(attachments.map(({ networkId }) => networks.get(networkId)?.vdsmName))
    return Object.entries(capabilities.networks ?? {})
      .filter(([name]) => !managed.has(name))
      .map(([name, told]) => ({
        id: lastingId(hostId, 'unmanaged', name),
        hostId,
        name,
        nicName: baseOf(capabilities, told),
      }))
  }

  return {
    list,
    async remove(hostId, id) {
      const check = async () => {
        const network = (await list(hostId)).find((each) => each.id === id)
        if (!network) throw new Fault('NOT_FOUND', { what: 'Unmanaged network', id })
        return { parameters: { networks: { [network.name]: { remove: true } }, bondings: {}, options } }
      }
      const begun = { hostId, parameters: { networks: {}, bondings: {}, options }, attachments: [], removedIds: [] }
      await workflows.start(setupHostNetworks, begun, { action: 'setup Networks', check })
    },
  }
}
