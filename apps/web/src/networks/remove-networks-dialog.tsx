// Remove networks, from their providers too unless one of those is read-only.
import type { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { Tick } from '../form/fields.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/networks.ts'
import { removedNetworks } from './removed-networks.ts'

type Network = Shown<typeof networkType>

interface Props {
  readonly networks: readonly Network[]
  readonly onClose: () => void
  readonly onRemoved?: () => void
}

export function RemoveNetworksDialog({ networks, onClose, onRemoved = onClose }: Props) {
  const { isAdministrator, whyNot } = useRights()
  const { data: providers = [] } = useQuery({
    ...collection(providerType, '/openstacknetworkproviders'),
    enabled: isAdministrator,
  })
  const [isWanted, setIsWanted] = useState(true)
  const external = networks.filter(({ external_provider }) => external_provider)
  const isReadOnly = external.some(({ external_provider }) =>
    providers.some(({ id, type, read_only }) => id === external_provider?.id && type === 'external' && read_only),
  )
  const isManaged = ({ external_provider }: Network) =>
    providers.some(({ id, unmanaged }) => id === external_provider?.id && !unmanaged)
  const fromProvider = external.length > 0 && isWanted && !isReadOnly
  const remove = useChange(
    async () => {
      for (const { id, external_provider } of networks)
        await request(
          'DELETE',
          `/networks/${id}${fromProvider && external_provider ? '?remove_from_provider=true' : ''}`,
        )
    },
    { done: onRemoved },
  )
  return (
    <ConfirmDialog
      title={text.removeTitle}
      question={text.removeQuestion}
      names={networks.map(({ name, id }) => name ?? id)}
      effects={removedNetworks(networks, fromProvider ? external.filter(isManaged) : [])}
      verb={text.remove}
      whyNot={networks
        .map((network) => whyNot('delete_storage_pool_network', network))
        .find((why) => why !== undefined)}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      {external.length > 0 && (
        <Tick
          label={text.removeFromProvider}
          isOn={fromProvider}
          whyNot={isReadOnly ? text.removeReadOnly : undefined}
          onChange={setIsWanted}
        />
      )}
    </ConfirmDialog>
  )
}
