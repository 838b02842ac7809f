// A new cluster, or a changed one.
import { clusterType, dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { type Shown, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { changesOf } from '../form/changes.ts'
import { ChoiceField, TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/clusters.ts'
import { text as portal } from '../text/portal.ts'

interface Props {
  /** Undefined: a new one. */
  readonly cluster?: Shown<typeof clusterType>
  readonly onClose: () => void
}

interface ClusterForm {
  readonly name: string
  readonly description: string
  readonly dataCenterId: string
  readonly switchType: keyof typeof text.switchTypes
}

export function ClusterDialog({ cluster, onClose }: Props) {
  const { whyNot } = useRights()
  const { data = [], isSuccess } = useQuery(collection(dataCenterType, '/datacenters'))
  const dataCenters = data.filter((each) => cluster || whyNot('create_cluster', each) === undefined)
  const preselected = (values: ClusterForm) => ({
    ...values,
    dataCenterId: values.dataCenterId || (dataCenters[0]?.id ?? ''),
  })
  const form = useForm(formOf(cluster), mistakesOf, { preselected })
  const { field } = form
  const save = useChange(
    ({ name, description, dataCenterId, switchType }: ClusterForm) => {
      const told = { name: name.trim(), description }
      if (cluster) {
        const before = { name: form.initial.name, description: form.initial.description }
        return request('PUT', `/clusters/${cluster.id}`, writeResource(clusterType, changesOf(before, told)))
      }
      const made = { ...told, data_center: { id: dataCenterId }, switch_type: switchType }
      return request('POST', '/clusters', writeResource(clusterType, made))
    },
    { kinds: ['cluster', 'event'], done: onClose },
  )
  return (
    <FormDialog
      title={cluster ? text.edit : text.add}
      verb={cluster ? portal.save : portal.add}
      isBusy={save.isPending}
      error={save.error}
      whyNot={isSuccess && dataCenters.length === 0 ? text.noDataCenter : undefined}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      <TextField label={text.name} isRequired {...field('name')} />
      <TextField label={text.description} {...field('description')} />
      <ChoiceField
        label={text.dataCenter}
        isRequired
        whyNot={cluster && text.dataCenterStays}
        {...field('dataCenterId')}
        options={dataCenters.map(({ id, name = '' }) => [id, name])}
      />
      <ChoiceField
        label={text.switchType}
        whyNot={cluster && text.switchTypeStays}
        {...field('switchType')}
        options={Object.entries(text.switchTypes)}
      />
    </FormDialog>
  )
}

const formOf = (cluster: Props['cluster']): ClusterForm => ({
  name: cluster?.name ?? '',
  description: cluster?.description ?? '',
  dataCenterId: cluster?.data_center?.id ?? '',
  switchType: cluster?.switch_type ?? 'legacy',
})

const mistakesOf = ({ name }: ClusterForm) => (name.trim() === '' ? { name: text.nameNeeded } : {})
