// A package goes from the engine.
import type { driverPackageType } from '@patchbay/ovirt-api/types/drivers.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { text } from '../text/drivers.ts'
import { text as portal } from '../text/portal.ts'
import { driverKinds, packagesPath } from './driver-requests.ts'

interface Props {
  readonly driver: Shown<typeof driverPackageType>
  readonly onClose: () => void
  readonly onRemoved?: () => void
}

export function RemoveDriverDialog({ driver, onClose, onRemoved = onClose }: Props) {
  const remove = useChange(() => request('DELETE', `${packagesPath}/${driver.id}`), {
    kinds: driverKinds,
    done: onRemoved,
  })
  return (
    <ConfirmDialog
      title={text.remove}
      question={text.removeQuestion}
      names={[`${driver.name} ${driver.version}`]}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}
