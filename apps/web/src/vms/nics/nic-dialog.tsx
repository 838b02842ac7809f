// Add a vNIC, or edit one.

import type { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { nicType } from '@patchbay/ovirt-api/types/vms.ts'
import { Alert } from '@patternfly/react-core'
import { request } from '../../engine/request.ts'
import { type Shown, writeResource } from '../../engine/resource.ts'
import { useChange } from '../../engine/use-change.ts'
import { ChoiceField, TextField } from '../../form/fields.tsx'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { text } from '../../text/nics.ts'
import { text as portal } from '../../text/portal.ts'
import { vmKinds } from '../vm-requests.ts'
import { isLive } from '../vm-rules.ts'
import { blankNic, type NicForm, type NicModel, nicChanges, nicForm, nicMistakes, nicRequest } from './nic-form.ts'
import { useProfiles } from './profile-choices.ts'

const models: readonly NicModel[] = nicType.fields.interface.values

interface Props {
  readonly vm: Shown<typeof vmType>
  /** undefined: a new one. */
  readonly nic?: Shown<typeof nicType>
  readonly suggestedName?: string
  readonly onClose: () => void
}

export function NicDialog({ vm, nic, suggestedName = '', onClose }: Props) {
  const profiles = useProfiles(vm.cluster?.id ?? '')
  const isExternal = (id: string) => profiles.some((each) => each.id === id && each.isExternal)
  const before = nic ? nicForm(nic) : { ...blankNic, name: suggestedName }
  const form = useForm<NicForm>(before, (values) => nicMistakes(values, isExternal))
  const { values, set, mistake, field } = form
  const path = `/vms/${vm.id}/nics`
  const save = useChange(
    (next: NicForm) =>
      nic
        ? request('PUT', `${path}/${nic.id}`, writeResource(nicType, nicChanges(before, next)))
        : request('POST', path, writeResource(nicType, nicRequest(next))),
    { kinds: vmKinds, done: onClose },
  )
  const isPlugged = nic !== undefined && before.plugged && isLive(vm.status)
  const isLocked = isPlugged && isExternal(before.profileId)
  return (
    <FormDialog
      title={nic ? text.editTitle(before.name) : text.addTitle}
      verb={nic ? portal.save : portal.add}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      {isLocked && <Alert variant="info" isInline title={text.locked} />}
      <TextField label={text.name} isRequired {...field('name')} />
      <ChoiceField
        label={text.profile}
        {...field('profileId')}
        whyNot={isLocked ? text.unplugFirst : undefined}
        options={[
          ['', text.noProfile],
          ...profiles
            .filter(({ id, isOwn }) => isOwn || id === before.profileId)
            .map((each) => [each.id, each.isExternal ? text.external(each.name) : each.name] as const),
        ]}
      />
      <ChoiceField
        label={text.type}
        {...field('model')}
        whyNot={isPlugged ? text.unplugFirst : undefined}
        options={models.map((model) => [model, model])}
      />
      <TextField
        label={text.mac}
        {...field('mac')}
        whyNot={isPlugged ? text.unplugFirst : undefined}
        help={nic ? undefined : text.macHelp}
      />
      <ChoiceField
        label={text.linkState}
        value={String(values.linked)}
        whyNot={isLocked ? text.unplugFirst : undefined}
        options={Object.entries(text.linkStates)}
        onChange={(linked) => set({ linked: linked === 'true' })}
        mistake={mistake('linked')}
      />
      <ChoiceField
        label={text.cardStatus}
        value={String(values.plugged)}
        options={Object.entries(text.cardStatuses)}
        onChange={(plugged) => set({ plugged: plugged === 'true' })}
      />
    </FormDialog>
  )
}
