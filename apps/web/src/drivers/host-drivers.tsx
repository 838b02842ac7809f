// The drivers that a host says it has, with what they can do, and the packages on their way to it.
import { hostDriverType } from '@patchbay/ovirt-api/types/drivers.ts'
import { Content } from '@patternfly/react-core'
import type { Shown } from '../engine/resource.ts'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/drivers.ts'
import { Deployments } from './deployments.tsx'

/** `path`: of the host. */
export function HostDrivers({ path }: { path: string }) {
  return (
    <>
      <RelatedTable
        label={text.onHost}
        type={hostDriverType}
        path={`${path}/drivers`}
        columns={columns}
        empty={{ title: text.noHostDriver, body: text.noHostDriverWhy }}
      />
      <Content component="h2" className="second-heading">
        {text.packages}
      </Content>
      <Deployments path={`${path}/driverdeployments`} />
    </>
  )
}

const columns: readonly Column<Shown<typeof hostDriverType>>[] = [
  { title: text.driver, cell: ({ name, version = '' }) => `${name} ${version}` },
  { title: text.pluginTypes, cell: ({ plugin_types = [] }) => plugin_types.join(', ') },
  { title: text.networkTypes, cell: ({ network_types = [] }) => network_types.join(', ') },
  { title: text.features, cell: ({ features = [] }) => features.join(', ') },
  { title: text.bindingHostId, cell: ({ binding_host_id }) => binding_host_id },
]
