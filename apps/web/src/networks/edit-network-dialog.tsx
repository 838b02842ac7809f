// Edit a network. Of an external one, only what the engine alone knows of it.
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { Content } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { request } from '../engine/request.ts'
import { type Shown, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text } from '../text/networks.ts'
import { text as portal } from '../text/portal.ts'
import { editMistakes, editRequest, editsOf, type NetworkEdits } from './network-edits.ts'
import { networkLabel, relabel } from './network-label.ts'
import { OwnFields } from './own-fields.tsx'

interface Props {
  readonly network: Shown<typeof networkType>
  readonly onClose: () => void
}

export function EditNetworkDialog({ network, onClose }: Props) {
  const { data: label } = useQuery(networkLabel(network))
  return label === undefined ? null : <LabeledNetworkDialog network={network} label={label} onClose={onClose} />
}

function LabeledNetworkDialog({ network, label, onClose }: Props & { readonly label: string }) {
  const { id, name = '', external_provider } = network
  const form = useForm(editsOf(network, label), (edits) => editMistakes(edits, { name }))
  const save = useChange(
    async (values: NetworkEdits) => {
      await request('PUT', `/networks/${id}`, writeResource(networkType, editRequest(form.initial, values)))
      await relabel(id, form.initial.label, values.label.trim())
    },
    { done: onClose },
  )
  return (
    <FormDialog
      title={text.editTitle(name)}
      verb={portal.save}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      {external_provider && <Content component="p">{text.editExternal}</Content>}
      <TextField label={text.name} isRequired {...form.field('name')} />
      <TextField label={text.description} {...form.field('description')} />
      <TextField label={text.comment} {...form.field('comment')} />
      {!external_provider && (
        <>
          <TextField label={text.mtu} help={text.mtuHelp} {...form.field('mtu')} />
          <OwnFields form={form} />
          <Content component="p">{text.hostsFollow}</Content>
        </>
      )}
    </FormDialog>
  )
}
