// A new data center, or a changed one.
import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { request } from '../engine/request.ts'
import { type Shown, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { changesOf } from '../form/changes.ts'
import { TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text } from '../text/data-centers.ts'
import { text as portal } from '../text/portal.ts'

interface Props {
  /** Undefined: a new one. */
  readonly dataCenter?: Shown<typeof dataCenterType>
  readonly onClose: () => void
}

export function DataCenterDialog({ dataCenter, onClose }: Props) {
  const { name = '', description = '', comment = '' } = dataCenter ?? {}
  const form = useForm({ name, description, comment }, (values) =>
    values.name.trim() === '' ? { name: text.nameNeeded } : {},
  )
  const save = useChange(
    (values: typeof form.values) => {
      const told = { ...values, name: values.name.trim() }
      if (!dataCenter) return request('POST', '/datacenters', writeResource(dataCenterType, told))
      const changes = changesOf(form.initial, told)
      return request('PUT', `/datacenters/${dataCenter.id}`, writeResource(dataCenterType, changes))
    },
    { kinds: ['data_center', 'event'], done: onClose },
  )
  const { field } = form
  return (
    <FormDialog
      title={dataCenter ? text.edit : text.add}
      verb={dataCenter ? portal.save : portal.add}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      <TextField label={text.name} isRequired {...field('name')} />
      <TextField label={text.description} {...field('description')} />
      <TextField label={text.comment} {...field('comment')} />
    </FormDialog>
  )
}
