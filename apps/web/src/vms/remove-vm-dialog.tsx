// Remove a virtual machine, with its vNICs and their ports.
import { nicType, type vmType } from '@patchbay/ovirt-api/types/vms.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { effectsOf, itemsOf, namesOf } from '../feedback/effects.ts'
import { text as effectText } from '../text/effects.ts'
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
      effects={removedWith(vm.id)}
      verb={text.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}

const removedWith = (id: string) =>
  effectsOf(`/vms/${id}`, async () => [
    { says: effectText.nics, names: namesOf(await itemsOf(nicType, `/vms/${id}/nics`)) },
  ])
