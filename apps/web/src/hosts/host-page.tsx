// One host: how it is, its interfaces and networks, its virtual machines, its drivers.
import { clusterType, hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Permissions } from '../access/permissions.tsx'
import { DetailPage } from '../detail/detail-page.tsx'
import { Facts } from '../detail/facts.tsx'
import { HostDrivers } from '../drivers/host-drivers.tsx'
import { single } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { Loaded } from '../feedback/loaded.tsx'
import { text as accessText } from '../text/access.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { TopologyLink } from '../topology/topology-link.tsx'
import { HostDialogs } from './host-dialogs.tsx'
import { HostNetworks } from './host-networks.tsx'
import { HostNics } from './host-nics.tsx'
import { HostVms } from './host-vms.tsx'
import { useHostActions } from './use-host-actions.ts'

type Host = Shown<typeof hostType>

export function HostPage() {
  const { id } = useParams({ from: '/hosts/$id' })
  const query = useQuery(single(hostType, `/hosts/${id}`))
  return <Loaded query={query}>{(host) => <Page host={host} />}</Loaded>
}

function Page({ host }: { host: Host }) {
  const navigate = useNavigate()
  const of = `/hosts/${host.id}`
  return (
    <DetailPage
      title={host.name ?? ''}
      parent={{ to: '/hosts', title: text.title }}
      status={host.status}
      statusDetail={host.status_detail}
      actions={<Actions host={host} />}
      tabs={[
        { key: 'general', title: text.general, content: <General host={host} /> },
        { key: 'nics', title: text.nics, content: <HostNics host={host} /> },
        { key: 'networks', title: text.networks, content: <HostNetworks host={host} /> },
        { key: 'vms', title: text.vms, content: <HostVms host={host} /> },
        { key: 'drivers', title: text.drivers, content: <HostDrivers path={of} /> },
        { key: 'permissions', title: accessText.permissions, content: <Permissions of={of} thing={host} /> },
      ]}
    >
      <HostDialogs host={host} onRemoved={() => void navigate({ to: '/hosts' })} />
    </DetailPage>
  )
}

function Actions({ host }: { host: Host }) {
  const { actionsOf, error } = useHostActions()
  return (
    <>
      {error && <FailureAlert error={error} title={portal.notDone} />}
      <TopologyLink filter={{ host: host.id }} />
      {actionsOf(host).map(({ title, whyNot, isDanger = false, run }) => (
        <ActionButton key={title} variant={isDanger ? 'danger' : 'secondary'} whyNot={whyNot} onClick={run}>
          {title}
        </ActionButton>
      ))}
    </>
  )
}

function General({ host }: { host: Host }) {
  const clusterName = useNames(clusterType, '/clusters')
  return (
    <Facts
      facts={[
        [text.name, host.name],
        [text.comment, host.comment],
        [text.address, host.address],
        [text.port, host.port],
        [text.cluster, clusterName(host.cluster?.id)],
        [text.ovn, host.ovn_configured ?? false],
        [text.reinstall, host.reinstallation_required ?? false],
      ]}
    />
  )
}
