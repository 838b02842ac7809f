// One driver package: what it is, and what became of it on each host.
import { driverPackageType } from '@patchbay/ovirt-api/types/drivers.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { DetailPage } from '../detail/detail-page.tsx'
import { Facts } from '../detail/facts.tsx'
import { single } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { Loaded } from '../feedback/loaded.tsx'
import { usePlace } from '../list/place.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/drivers.ts'
import { text as portal } from '../text/portal.ts'
import { Deployments } from './deployments.tsx'
import { packagesPath } from './driver-requests.ts'
import { RemoveDriverDialog } from './remove-driver-dialog.tsx'

type Driver = Shown<typeof driverPackageType>

export function DriverPage() {
  const { id } = useParams({ from: '/drivers/$id' })
  const query = useQuery(single(driverPackageType, `${packagesPath}/${id}`))
  return <Loaded query={query}>{(driver) => <Page driver={driver} />}</Loaded>
}

function Page({ driver }: { driver: Driver }) {
  const { place, open, close } = usePlace()
  const navigate = useNavigate()
  const { whyNot } = useRights()
  return (
    <DetailPage
      title={`${driver.name} ${driver.version}`}
      parent={{ to: '/drivers', title: text.title }}
      actions={
        <ActionButton variant="secondary" isDanger whyNot={whyNot('configure_engine')} onClick={() => open('remove')}>
          {portal.remove}
        </ActionButton>
      }
      tabs={[
        {
          key: 'hosts',
          title: text.deployments,
          content: <Deployments path={`${packagesPath}/${driver.id}/deployments`} />,
        },
        { key: 'general', title: text.general, content: <General driver={driver} /> },
      ]}
    >
      {place.dialog === 'remove' && (
        <RemoveDriverDialog driver={driver} onClose={close} onRemoved={() => void navigate({ to: '/drivers' })} />
      )}
    </DetailPage>
  )
}

function General({ driver }: { driver: Driver }) {
  return (
    <Facts
      facts={[
        [text.name, driver.name],
        [text.version, driver.version],
        [text.pluginTypes, driver.plugin_types?.join(', ')],
        [text.publisher, driver.signer],
        [text.size, text.kibibytes(driver.size ?? 0)],
        [text.digest, driver.digest],
      ]}
    />
  )
}
