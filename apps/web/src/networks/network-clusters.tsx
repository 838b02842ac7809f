// The clusters of a network's data center: where it is attached, and where it could be.
import { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { useQuery } from '@tanstack/react-query'
import { collection, single } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { useChange } from '../engine/use-change.ts'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { LinkButton } from '../feedback/link-button.tsx'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text as uses } from '../text/cluster-use.ts'
import { text as navigation } from '../text/navigation.ts'
import { text } from '../text/networks.ts'
import { text as portal } from '../text/portal.ts'
import { clusterUseOf, roles } from './cluster-use.ts'
import { ClusterUseDialog, clusterNetworkPath } from './cluster-use-dialog.tsx'

interface Props {
  readonly network: Shown<typeof networkType>
  readonly dataCenterName: string
}

export function NetworkClusters({ network, dataCenterName }: Props) {
  const { whyNot } = useRights()
  const { place, open, close } = usePlace()
  const inDataCenter = `datacenter=${searchValue(dataCenterName)}`
  const withNetwork = `${inDataCenter} and network.name=${searchValue(network.name ?? '')}`
  const { data: attached = [] } = useQuery(collection(clusterType, '/clusters', searchFor(withNetwork)))
  const isAttached = (id: string) => attached.some((cluster) => cluster.id === id)
  const change = useChange((id: string) =>
    isAttached(id)
      ? request('DELETE', `/clusters/${id}/networks/${network.id}`)
      : request('POST', `/clusters/${id}/networks`, { id: network.id, required: 'false' }),
  )
  return (
    <>
      {change.error && <FailureAlert error={change.error} title={portal.notDone} />}
      <RelatedTable
        label={text.clusters}
        type={clusterType}
        path="/clusters"
        query={searchFor(inDataCenter)}
        columns={[
          { title: text.cluster, cell: ({ name }) => name },
          { title: text.attached, cell: ({ id }) => (isAttached(id) ? portal.yes : portal.no) },
          { title: uses.use, cell: ({ id }) => isAttached(id) && <Use clusterId={id} network={network} /> },
        ]}
        rowActions={({ id, ...cluster }) => [
          {
            title: uses.edit,
            whyNot: isAttached(id) ? whyNot('configure_cluster_network', { id, ...cluster }) : text.notAttached,
            run: () => open('use', id),
          },
          {
            title: isAttached(id) ? text.detach : text.attach,
            isDanger: isAttached(id),
            whyNot: whyNot('assign_cluster_network', network),
            run: () => change.mutate(id),
          },
        ]}
        empty={{
          title: text.clustersEmpty,
          body: text.clustersEmptyWhy,
          action: <LinkButton to="/clusters">{navigation.clusters}</LinkButton>,
        }}
      >
        {(clusters) => {
          const cluster = clusters.find(({ id }) => id === place.of)
          return (
            place.dialog === 'use' &&
            cluster && <ClusterUseDialog network={network} cluster={cluster} onClose={close} />
          )
        }}
      </RelatedTable>
    </>
  )
}

function Use({ clusterId, network }: { readonly clusterId: string; readonly network: Shown<typeof networkType> }) {
  const { data } = useQuery(single(networkType, clusterNetworkPath(clusterId, network.id)))
  if (!data) return null
  const use = clusterUseOf(data)
  const told = (['required', ...roles] as const).filter((what) => use[what]).map((what) => uses.uses[what])
  const forVms = data.usages?.includes('vm') ? [uses.vms] : []
  return [...forVms, ...told].join(', ') || uses.nothing
}
