// The dialogs that a host has in its row and on its page.
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { usePlace } from '../list/place.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { EnrolDialog } from './enrol-dialog.tsx'
import { hostKinds } from './host-requests.ts'

interface Props {
  readonly host: Shown<typeof hostType>
  readonly onRemoved?: () => void
}

export function HostDialogs({ host, onRemoved }: Props) {
  const { place, close } = usePlace()
  if (place.dialog === 'enrol') return <EnrolDialog host={host} onClose={close} />
  if (place.dialog === 'remove') return <RemoveHostDialog host={host} onClose={close} onRemoved={onRemoved ?? close} />
  return null
}

function RemoveHostDialog({ host, onClose, onRemoved }: Required<Props> & { readonly onClose: () => void }) {
  const remove = useChange(() => request('DELETE', `/hosts/${host.id}`), { kinds: hostKinds, done: onRemoved })
  return (
    <ConfirmDialog
      title={text.remove}
      question={text.removeQuestion}
      names={[host.name ?? host.id]}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}
