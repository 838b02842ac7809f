// A new vNIC profile of a network, or a changed one.
import { networkFilterType, networkType, vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { useQuery } from '@tanstack/react-query'
import { collection, single } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { type Shown, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { changesOf } from '../form/changes.ts'
import { ChoiceField, LinesField, TextField, Tick } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/profiles.ts'
import {
  type ProfileForm,
  profileForm,
  profileMistakes,
  profileOf,
  usualFilter,
  withPassThrough,
} from './profile-form.ts'

interface Props {
  readonly networkId: string
  /** Undefined: a new one. */
  readonly profile?: Shown<typeof vnicProfileType>
  readonly onClose: () => void
}

export function ProfileDialog({ networkId, profile, onClose }: Props) {
  const { data: filters = [] } = useQuery(collection(networkFilterType, '/networkfilters'))
  const { data: network } = useQuery(single(networkType, `/networks/${networkId}`))
  const isExternal = network?.external_provider !== undefined
  const notHere = isExternal ? text.notExternal : undefined
  const form = useForm(profileForm(profile), profileMistakes)
  const { values, set, field, tick } = form
  // As in oVirt, those of external networks have no filter unless one is chosen.
  const usual = isExternal ? '' : (filters.find(({ name }) => name === usualFilter)?.id ?? '')
  const filterId = values.filterId === usualFilter ? usual : values.filterId
  const save = useChange(
    (given: ProfileForm) => {
      const told = profileOf({ ...given, filterId })
      if (!profile) return request('POST', `/networks/${networkId}/vnicprofiles`, writeResource(vnicProfileType, told))
      const changes = changesOf(profileOf(form.initial), told)
      return request('PUT', `/vnicprofiles/${profile.id}`, writeResource(vnicProfileType, changes))
    },
    { kinds: ['vnic_profile', 'network', 'permission', 'event'], done: onClose },
  )
  return (
    <FormDialog
      title={profile ? text.edit : text.add}
      verb={profile ? portal.save : portal.add}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      <TextField label={text.name} isRequired {...field('name')} />
      <TextField label={text.description} {...field('description')} />
      <Tick
        label={text.passThrough}
        help={text.passThroughHelp}
        whyNot={notHere}
        isOn={values.passThrough}
        onChange={(passThrough) => set(withPassThrough(passThrough))}
      />
      <Tick
        label={text.migratable}
        whyNot={values.passThrough ? undefined : text.migratableHelp}
        {...tick('migratable')}
      />
      <ChoiceField
        label={text.networkFilter}
        whyNot={values.passThrough ? text.notWithPassThrough : undefined}
        value={filterId}
        options={[['', text.noFilter], ...filters.map(({ id, name = '' }) => [id, name] as const)]}
        onChange={(next) => set({ filterId: next })}
      />
      <LinesField label={text.properties} help={text.propertiesHelp} {...field('properties')} />
      <Tick
        label={text.portMirroring}
        whyNot={notHere ?? (values.passThrough ? text.notWithPassThrough : undefined)}
        {...tick('portMirroring')}
      />
      <Tick label={text.publicUse} {...tick('publicUse')} />
    </FormDialog>
  )
}
