// How far a driver is on its hosts, or what drivers a host has: with the reason where it failed, and another try.
import { driverDeploymentType } from '@patchbay/ovirt-api/types/drivers.ts'
import { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { Content, Progress, ProgressMeasureLocation, ProgressSize } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { LinkButton } from '../feedback/link-button.tsx'
import { Status } from '../feedback/status.tsx'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/drivers.ts'
import { text as navigation } from '../text/navigation.ts'
import { text as portal } from '../text/portal.ts'
import { deployOn, driverKinds } from './driver-requests.ts'

type Row = Shown<typeof driverDeploymentType>

export function Deployments({ path }: { path: string }) {
  const { whyNot } = useRights()
  const { data: hosts = [] } = useQuery(collection(hostType, '/hosts'))
  const hostName = (id = '') => hosts.find((each) => each.id === id)?.name ?? ''
  const retry = useChange(deployOn, { kinds: driverKinds })
  return (
    <>
      {retry.error && <FailureAlert error={retry.error} title={portal.notDone} />}
      <RelatedTable
        label={text.deployments}
        type={driverDeploymentType}
        path={path}
        columns={columns(hostName)}
        rowActions={({ host }) => [
          {
            title: text.retry,
            whyNot: whyNot('edit_host_configuration', hosts.find(({ id }) => id === host?.id) ?? {}),
            run: () => retry.mutate(host?.id ?? ''),
          },
        ]}
        empty={{
          title: text.deploymentsEmpty,
          body: text.deploymentsEmptyWhy,
          action: <LinkButton to="/providers">{navigation.providers}</LinkButton>,
        }}
      />
    </>
  )
}

const columns = (hostName: (id: string | undefined) => string): readonly Column<Row>[] => [
  { title: text.host, cell: ({ host }) => hostName(host?.id) },
  {
    title: text.driver,
    cell: ({ name, version, driver_package }) => (
      <Link to="/drivers/$id" params={{ id: driver_package?.id ?? '' }}>
        {name} {version}
      </Link>
    ),
  },
  {
    title: text.state,
    cell: ({ status, status_detail }) => (
      <>
        <Status status={status} />
        {status_detail && <Content component="small">{status_detail}</Content>}
      </>
    ),
  },
  {
    title: text.progress,
    cell: ({ progress = 0, status, host }) => (
      <Progress
        value={progress}
        label={`${progress}%`}
        valueText={`${progress}%`}
        measureLocation={ProgressMeasureLocation.outside}
        size={ProgressSize.sm}
        aria-label={text.progressOn(hostName(host?.id))}
        {...(status === 'failed' && { variant: 'danger' })}
      />
    ),
  },
]
