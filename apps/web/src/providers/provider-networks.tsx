// The provider's networks that the engine has, and the way to more of them.

import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import type { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { Loaded } from '../feedback/loaded.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { usePlace } from '../list/place.ts'
import { type Column, ResourceTable } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/providers.ts'
import { synchronize } from './provider-requests.ts'

type Network = Shown<typeof networkType>

export function ProviderNetworks({ provider }: { provider: Shown<typeof providerType> }) {
  const { open } = usePlace()
  const networks = useQuery(collection(networkType, '/networks', networksOf(provider.name)))
  const dataCenters = useQuery(collection(dataCenterType, '/datacenters'))
  const sync = useChange(() => synchronize(provider.id))
  const rights = useRights()
  const unmanaged = provider.unmanaged ? text.unmanagedHelp : undefined
  const importButton = (
    <ActionButton
      whyNot={rights.whyNot('create_storage_pool_network', ...(dataCenters.data ?? [])) ?? unmanaged}
      onClick={() => open('import')}
    >
      {text.import}
    </ActionButton>
  )
  const nameOf = (id = '') => dataCenters.data?.find((each) => each.id === id)?.name ?? ''
  return (
    <>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>{importButton}</ToolbarItem>
          <ToolbarItem>
            <ActionButton
              variant="secondary"
              whyNot={rights.whyNot('create_storage_pool_network') ?? unmanaged}
              isLoading={sync.isPending}
              onClick={() => sync.mutate(undefined)}
            >
              {text.synchronize}
            </ActionButton>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      {sync.error && <FailureAlert error={sync.error} title={portal.notDone} />}
      <Loaded query={networks}>
        {(own) => {
          if (own.length === 0)
            return <Nothing title={text.noNetworks} body={text.noNetworksWhy} action={importButton} />
          return <ResourceTable label={text.networks} rows={own} columns={columns(nameOf)} />
        }}
      </Loaded>
    </>
  )
}

/** As a query of the collection of networks. */
export const networksOf = (providerName = '') => searchFor(`provider_name=${searchValue(providerName)}`)

const columns = (dataCenterName: (id?: string) => string): readonly Column<Network>[] => [
  {
    title: text.name,
    cell: ({ id, name }) => (
      <Link to="/networks/$id" params={{ id }}>
        {name}
      </Link>
    ),
  },
  { title: text.externalId, cell: ({ external_id }) => external_id },
  { title: text.dataCenter, cell: ({ data_center }) => dataCenterName(data_center?.id) },
]
