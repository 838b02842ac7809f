// Where a cluster's networks come from unless somebody says otherwise.

import { clusterType, externalProviderType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { Content } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { type Shown, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { text } from '../text/clusters.ts'
import { text as portal } from '../text/portal.ts'

interface Props {
  readonly cluster: Shown<typeof clusterType>
  readonly onClose: () => void
}

export function DefaultProviderDialog({ cluster, onClose }: Props) {
  const [chosen, setChosen] = useState<string>()
  const path = `/clusters/${cluster.id}`
  const { data: present = [] } = useQuery(collection(externalProviderType, `${path}/externalnetworkproviders`))
  const { data: providers = [] } = useQuery(collection(providerType, '/openstacknetworkproviders'))
  const providerId = chosen ?? present[0]?.id ?? ''
  const save = useChange(
    () => {
      const external_network_providers = providerId === '' ? [] : [{ id: providerId }]
      return request('PUT', path, writeResource(clusterType, { external_network_providers }))
    },
    { done: onClose },
  )
  return (
    <FormDialog
      title={text.setProviderTitle(cluster.name ?? '')}
      verb={portal.save}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <ChoiceField
        label={text.setProvider}
        value={providerId}
        options={[['', text.noProvider], ...providers.map(({ id, name = '' }) => [id, name] as const)]}
        onChange={setChosen}
      />
      <Content component="p">{text.reinstall}</Content>
    </FormDialog>
  )
}
