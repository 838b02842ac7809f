// The label of a network.
import { networkLabelType } from '@patchbay/ovirt-api/types/networks.ts'
import type { FastifyInstance } from 'fastify'
import type { NetworkLabel, NetworkLabelService } from '../../services/networks/network-labels.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerNetworkLabels(app: FastifyInstance, labels: NetworkLabelService): void {
  registerResource(app, {
    type: networkLabelType,
    path: '/networks/:network/networklabels',
    present: ({ networkId }: NetworkLabel) => ({ value: { network: { id: networkId } } }),
    list: ({ network }) => labels.list(network!),
    get: ({ network, id }) => labels.get(network!, id!),
    add: ({ id }, { network }) => labels.add(network!, id),
    remove: ({ network, id }) => labels.remove(network!, id!),
  })
}
