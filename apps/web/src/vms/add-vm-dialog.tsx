// A new virtual machine, from the blank template.

import { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { Alert } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField, TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { type Mistakes, useForm } from '../form/use-form.ts'
import { useRights } from '../rights/use-rights.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/vms.ts'
import { addVm, vmKinds } from './vm-requests.ts'

interface VmForm {
  readonly name: string
  readonly description: string
  readonly clusterId: string
  readonly memoryMiB: string
}

const blank: VmForm = { name: '', description: '', clusterId: '', memoryMiB: '1024' }

export function AddVmDialog({ onClose }: { onClose: () => void }) {
  const { whyNot } = useRights()
  const { data = [], isSuccess } = useQuery(collection(clusterType, '/clusters'))
  const clusters = data.filter((cluster) => whyNot('create_vm', cluster) === undefined)
  const preselected = (values: VmForm) => ({ ...values, clusterId: values.clusterId || (clusters[0]?.id ?? '') })
  const form = useForm(blank, mistakesOf, { preselected })
  const add = useChange(
    ({ name, description, clusterId, memoryMiB }: VmForm) =>
      addVm({ name: name.trim(), description, cluster: { id: clusterId }, memory: Number(memoryMiB) * 1_048_576 }),
    { kinds: vmKinds, done: onClose },
  )
  const { field } = form
  return (
    <FormDialog
      title={text.addTitle}
      verb={portal.add}
      isBusy={add.isPending}
      error={add.error}
      whyNot={isSuccess && clusters.length === 0 ? text.noCluster : undefined}
      onSubmit={() => form.submit(add.mutate)}
      onClose={onClose}
    >
      {isSuccess && clusters.length === 0 && <Alert variant="warning" isInline title={text.noCluster} />}
      <TextField label={text.name} isRequired {...field('name')} />
      <TextField label={text.description} {...field('description')} />
      <ChoiceField
        label={text.cluster}
        isRequired
        {...field('clusterId')}
        options={clusters.map(({ id, name = '' }) => [id, name])}
      />
      <TextField label={text.memoryMiB} isRequired {...field('memoryMiB')} />
    </FormDialog>
  )
}

const mistakesOf = ({ name, memoryMiB }: VmForm): Mistakes<VmForm> => ({
  ...(name.trim() === '' && { name: text.needed }),
  ...(!/^[1-9]\d{0,8}$/.test(memoryMiB) && { memoryMiB: text.memoryMistake }),
})
