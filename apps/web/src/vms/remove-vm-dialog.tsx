// Remove a virtual machine, with its vNICs and their ports.
import type { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { text } from '../text/vms.ts'
import { removeVm, vmKinds } from './vm-requests.ts'

interface Props {
  readonly vm: Shown<typeof vmType>
  readonly onClose: () => void
  readonly onRemoved?: () => void
}

export function RemoveVmDialog({ vm, onClose, onRemoved = onClose }: Props) {
  const remove = useChange(() => removeVm(vm.id), { kinds: vmKinds, done: onRemoved })
  return (
    <ConfirmDialog
      title={text.removeTitle}
      question={text.removeQuestion}
      names={[vm.name ?? vm.id]}
      verb={text.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}
