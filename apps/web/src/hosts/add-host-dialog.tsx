// A host whose agent the engine is to talk to from now on.
import { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField, TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { type Mistakes, useForm } from '../form/use-form.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { hostKinds } from './host-requests.ts'

interface HostForm {
  readonly name: string
  readonly comment: string
  readonly address: string
  readonly port: string
  readonly clusterId: string
}

const blank: HostForm = { name: '', comment: '', address: '', port: '54321', clusterId: '' }

export function AddHostDialog({ onClose }: { onClose: () => void }) {
  const { whyNot } = useRights()
  const { data = [], isSuccess } = useQuery(collection(clusterType, '/clusters'))
  const clusters = data.filter((cluster) => whyNot('create_host', cluster) === undefined)
  const preselected = (values: HostForm) => ({ ...values, clusterId: values.clusterId || (clusters[0]?.id ?? '') })
  const form = useForm(blank, mistakesOf, { preselected })
  const { field } = form
  const add = useChange(
    ({ name, comment, address, port, clusterId }: HostForm) =>
      request('POST', '/hosts', {
        name: name.trim(),
        comment,
        address: address.trim(),
        port,
        cluster: { id: clusterId },
      }),
    { kinds: hostKinds, done: onClose },
  )
  return (
    <FormDialog
      title={text.add}
      verb={portal.add}
      isBusy={add.isPending}
      error={add.error}
      whyNot={isSuccess && clusters.length === 0 ? text.noCluster : undefined}
      onSubmit={() => form.submit(add.mutate)}
      onClose={onClose}
    >
      <TextField label={text.name} isRequired {...field('name')} />
      <TextField label={text.comment} {...field('comment')} />
      <TextField label={text.address} isRequired help={text.addressHelp} {...field('address')} />
      <TextField label={text.port} isRequired {...field('port')} />
      <ChoiceField
        label={text.cluster}
        isRequired
        {...field('clusterId')}
        options={clusters.map(({ id, name = '' }) => [id, name])}
      />
    </FormDialog>
  )
}

const mistakesOf = ({ name, address, port }: HostForm): Mistakes<HostForm> => ({
  ...(name.trim() === '' && { name: text.nameNeeded }),
  ...(address.trim() === '' && { address: text.addressNeeded }),
  ...(!(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) && { port: text.portMistake }),
})
