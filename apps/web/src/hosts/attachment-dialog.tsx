// A network on an interface of a host, with the host's address on it.
import { hostNicType } from '@patchbay/ovirt-api/types/host-networks.ts'
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField, TextField, Tick } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { type FormState, useForm } from '../form/use-form.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { hostKinds, setUpNetworks } from './host-requests.ts'
import {
  type Attachment,
  type AttachmentForm,
  attachable,
  attachmentForm,
  attachmentMistakes,
  attachmentRequest,
} from './network-setup.ts'

interface Props {
  readonly host: Shown<typeof hostType>
  readonly attachments: readonly Attachment[]
  /** Undefined: a new one. */
  readonly changed?: Attachment
  readonly onClose: () => void
}

export function AttachmentDialog({ host, attachments, changed, onClose }: Props) {
  const form = useForm(attachmentForm(changed), attachmentMistakes)
  const { values, set, tick } = form
  const { data: nics = [] } = useQuery(collection(hostNicType, `/hosts/${host.id}/nics`))
  const { data: all = [], isSuccess } = useQuery(collection(networkType, `/clusters/${host.cluster?.id}/networks`))
  const taken = new Set(attachments.map(({ network }) => network?.id))
  const networks = all.filter(({ id, external_provider }) => !external_provider && (changed || !taken.has(id)))
  const places = attachable(nics)
  const networkId = values.networkId || networks[0]?.id || ''
  const nicId = values.nicId || places[0]?.id || ''
  const edited = changed && { id: changed.id, before: form.initial }
  const save = useChange(
    (given: AttachmentForm) => setUpNetworks(host.id, attachmentRequest({ ...given, networkId, nicId }, edited)),
    { kinds: hostKinds, done: onClose },
  )
  const name = networks.find(({ id }) => id === networkId)?.name ?? ''
  return (
    <FormDialog
      title={changed ? text.editAttachmentTitle(name) : text.attach}
      verb={changed ? portal.save : text.attachVerb}
      isBusy={save.isPending}
      error={save.error}
      whyNot={isSuccess && networks.length === 0 ? text.noNetworkLeft : undefined}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      <ChoiceField
        label={text.network}
        isRequired
        whyNot={changed && text.attachedNetworkStays}
        help={text.externalAttached}
        value={networkId}
        options={networks.map(({ id, name: each = '' }) => [id, each])}
        onChange={(next) => set({ networkId: next })}
      />
      <ChoiceField
        label={text.nic}
        isRequired
        value={nicId}
        options={places.map(({ id, name: each = '' }) => [id, each])}
        onChange={(next) => set({ nicId: next })}
      />
      <AddressFields form={form} />
      <Tick label={text.checkConnectivity} help={text.checkConnectivityHelp} {...tick('check')} />
      <Tick label={text.commit} {...tick('commit')} />
    </FormDialog>
  )
}

function AddressFields({ form: { values, field } }: { readonly form: FormState<AttachmentForm> }) {
  return (
    <>
      <ChoiceField label={text.method} {...field('method')} options={Object.entries(text.methods)} />
      {values.method === 'static' && (
        <>
          <TextField label={text.address} isRequired {...field('address')} />
          <TextField label={text.netmask} isRequired {...field('netmask')} />
          <TextField label={text.gateway} help={text.gatewayHelp} {...field('gateway')} />
        </>
      )}
      <TextField label={text.nameServers} help={text.nameServersHelp} {...field('nameServers')} />
    </>
  )
}
