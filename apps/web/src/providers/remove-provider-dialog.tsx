// Remove a provider, also by force.

import { clusterType, externalProviderType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import type { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { useState } from 'react'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { effectsOf, itemsOf, namesOf } from '../feedback/effects.ts'
import { Tick } from '../form/fields.tsx'
import { text as effectText } from '../text/effects.ts'
import { text } from '../text/providers.ts'
import { networksOf } from './provider-networks.tsx'
import { removeProvider } from './provider-requests.ts'

interface Props {
  readonly provider: Shown<typeof providerType>
  readonly isForced?: boolean
  readonly onClose: () => void
  readonly onRemoved?: () => void
}

export function RemoveProviderDialog({ provider, isForced = false, onClose, onRemoved = onClose }: Props) {
  const [isApproved, setIsApproved] = useState(false)
  const remove = useChange(() => removeProvider(provider.id), { done: onRemoved })
  return (
    <ConfirmDialog
      title={isForced ? text.forceRemove : text.removeTitle}
      question={isForced ? text.forceRemoveQuestion : text.removeQuestion}
      names={[provider.name ?? provider.id]}
      effects={removedWith(provider)}
      verb={isForced ? text.forceRemove : text.remove}
      isBusy={remove.isPending}
      whyNot={isForced && !isApproved ? text.approvalNeeded : undefined}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      {isForced && <Tick label={text.forceRemoveApproval} isOn={isApproved} onChange={setIsApproved} />}
    </ConfirmDialog>
  )
}

const removedWith = ({ id, name }: Props['provider']) =>
  effectsOf(`/openstacknetworkproviders/${id}`, async () => {
    const clusters = await itemsOf(clusterType, '/clusters')
    const defaults = await Promise.all(
      clusters.map((cluster) => itemsOf(externalProviderType, `/clusters/${cluster.id}/externalnetworkproviders`)),
    )
    const users = clusters.filter((_cluster, index) => defaults[index]!.some((each) => each.id === id))
    return [
      { says: effectText.isDefault, names: namesOf(users), isObstacle: true },
      { says: effectText.networks, names: namesOf(await itemsOf(networkType, '/networks', networksOf(name))) },
    ]
  })
