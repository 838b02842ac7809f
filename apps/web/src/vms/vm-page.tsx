// One virtual machine: what it is, where it runs, and its vNICs.
import { clusterType, hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Permissions } from '../access/permissions.tsx'
import { VmTraffic } from '../charts/traffic.tsx'
import { DetailPage } from '../detail/detail-page.tsx'
import { Facts } from '../detail/facts.tsx'
import { single } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { Loaded } from '../feedback/loaded.tsx'
import { usePlace } from '../list/place.ts'
import { text as accessText } from '../text/access.ts'
import { text as chartText } from '../text/charts.ts'
import { text as nicText } from '../text/nics.ts'
import { text } from '../text/vms.ts'
import { TopologyLink } from '../topology/topology-link.tsx'
import { MigrateDialog } from './migrate-dialog.tsx'
import { MigrationProgress } from './migration-progress.tsx'
import { Nics } from './nics/nics.tsx'
import { RemoveVmDialog } from './remove-vm-dialog.tsx'
import { VmActions } from './vm-actions.tsx'

type Vm = Shown<typeof vmType>

export function VmPage() {
  const { id } = useParams({ from: '/vms/$id' })
  const query = useQuery(single(vmType, `/vms/${id}`))
  return <Loaded query={query}>{(vm) => <Page vm={vm} />}</Loaded>
}

function Page({ vm }: { vm: Vm }) {
  return (
    <DetailPage
      title={vm.name ?? ''}
      parent={{ to: '/vms', title: text.title }}
      status={vm.status}
      statusDetail={vm.status_detail}
      actions={
        <>
          <TopologyLink filter={{ vm: vm.id }} />
          <VmActions vm={vm} />
        </>
      }
      tabs={[
        { key: 'general', title: text.general, content: <General vm={vm} /> },
        { key: 'nics', title: nicText.title, content: <Nics vm={vm} /> },
        { key: 'traffic', title: chartText.title, content: <VmTraffic id={vm.id} /> },
        {
          key: 'permissions',
          title: accessText.permissions,
          content: <Permissions of={`/vms/${vm.id}`} thing={vm} />,
        },
      ]}
    >
      <Dialogs vm={vm} />
    </DetailPage>
  )
}

function General({ vm }: { vm: Vm }) {
  const clusterName = useNames(clusterType, '/clusters')
  const hostName = useNames(hostType, '/hosts')
  return (
    <>
      {vm.status === 'migrating' && <MigrationProgress vmId={vm.id} />}
      <Facts
        facts={[
          [text.name, vm.name],
          [text.description, vm.description],
          [text.host, hostName(vm.host?.id)],
          [text.cluster, clusterName(vm.cluster?.id)],
          [text.memory, text.mebibytes(vm.memory ?? 0)],
        ]}
      />
    </>
  )
}

function Dialogs({ vm }: { vm: Vm }) {
  const { place, close } = usePlace()
  const navigate = useNavigate()
  if (place.dialog === 'migrate') return <MigrateDialog vm={vm} onClose={close} />
  if (place.dialog === 'remove')
    return <RemoveVmDialog vm={vm} onClose={close} onRemoved={() => void navigate({ to: '/vms' })} />
  return null
}
