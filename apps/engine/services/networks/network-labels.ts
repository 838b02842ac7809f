// The label of a network: hosts get it on the interfaces that have the same. External networks are on no interface.

import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Store } from '../../store/store.ts'
import { awaitDetaching } from '../host-networks/awaited-changes.ts'
import type { NetworksOnHosts } from '../host-networks/networks-on-hosts.ts'
import { existing } from '../names.ts'
import { checkedLabel } from './checked-label.ts'

/** The id is the label. */
export interface NetworkLabel {
  readonly id: string
  readonly networkId: string
}

export interface NetworkLabelService {
  /** None or one. */
  list(networkId: string): Promise<NetworkLabel[]>
  get(networkId: string, label: string): Promise<NetworkLabel>
  add(networkId: string, label: string | undefined): Promise<NetworkLabel>
  remove(networkId: string, label: string): Promise<void>
}

export function createNetworkLabelService(
  store: Store,
  events: EventLog,
  onHosts: Pick<NetworksOnHosts, 'networkChanged'>,
): NetworkLabelService {
  const labelsOf = ({ id, label }: Network) => (label === '' ? [] : [{ id: label, networkId: id }])

  async function list(networkId: string): Promise<NetworkLabel[]> {
    return labelsOf(await existing(store.networks, 'Network', networkId))
  }
  async function get(networkId: string, label: string): Promise<NetworkLabel> {
    const network = await existing(store.networks, 'Network', networkId)
    refuseOther(network, label)
    return { id: label, networkId }
  }

  return {
    list,
    get,
    async add(networkId, given) {
      const label = checkedLabel(given)
      const name = await store.transaction(async ({ networks }) => {
        const network = await existing(networks, 'Network', networkId)
        refuseLabel(network)
        await networks.update(networkId, { label })
        return network.name
      })
      onHosts.networkChanged({ id: networkId, label })
      await events.tell('LABEL_NETWORK', `Network ${name} was labeled ${label}.`)
      return { id: label, networkId }
    },
    async remove(networkId, label) {
      const name = await store.transaction(async (tables) => {
        const network = await existing(tables.networks, 'Network', networkId)
        refuseOther(network, label)
        await tables.networks.update(networkId, { label: '' })
        await awaitDetaching(tables, networkId, label)
        return network.name
      })
      onHosts.networkChanged({ id: networkId, label: '' })
      await events.tell('UNLABEL_NETWORK', `Network ${name} was unlabeled.`)
    },
  }
}

function refuseOther(network: Network, label: string): void {
  if (label === '' || network.label !== label) throw new Fault('NOT_FOUND', { what: 'Network label', id: label })
}

function refuseLabel({ label, providerId }: Network): void {
  const action = 'label Network'
  if (label !== '') throw new Fault('ACTION_TYPE_FAILED_NETWORK_ALREADY_LABELED', { action })
  if (providerId !== '') throw new Fault('ACTION_TYPE_FAILED_NOT_SUPPORTED_FOR_EXTERNAL_NETWORK', { action })
}
