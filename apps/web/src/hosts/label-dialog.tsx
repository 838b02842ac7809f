// The labels of one interface.
import { useChange } from '../engine/use-change.ts'
import { TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { hostKinds, setUpNetworks } from './host-requests.ts'
import type { HostNic } from './network-setup.ts'
import { type LabelForm, labelMistakes, labelRequest } from './nic-labels.ts'

interface Props {
  readonly hostId: string
  readonly nic: HostNic
  /** Those that it has. */
  readonly labels: readonly string[]
  readonly onClose: () => void
}

export function LabelDialog({ hostId, nic, labels, onClose }: Props) {
  const form = useForm<LabelForm>({ labels: labels.join(', ') }, labelMistakes)
  const save = useChange((given: LabelForm) => setUpNetworks(hostId, labelRequest(nic.id, labels, given)), {
    kinds: hostKinds,
    done: onClose,
  })
  return (
    <FormDialog
      title={text.labelsTitle(nic.name ?? nic.id)}
      verb={portal.save}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      <TextField
        label={text.labels}
        help={text.labelsHelp}
        value={form.values.labels}
        onChange={(given) => form.set({ labels: given })}
        mistake={form.mistake('labels')}
      />
    </FormDialog>
  )
}
