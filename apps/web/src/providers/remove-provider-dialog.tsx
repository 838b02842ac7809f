// Remove a provider, also by force.

import type { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { useState } from 'react'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { Tick } from '../form/fields.tsx'
import { text } from '../text/providers.ts'
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
