// A new vNIC profile of a network, or a changed one.
import { networkFilterType, vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { type Shown, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { changesOf } from '../form/changes.ts'
import { ChoiceField, LinesField, TextField, Tick } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { propertiesIn, propertyLines } from '../form/property-lines.ts'
import { type Mistakes, useForm } from '../form/use-form.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/profiles.ts'

interface Props {
  readonly networkId: string
  /** Undefined: a new one. */
  readonly profile?: Shown<typeof vnicProfileType>
  readonly onClose: () => void
}

interface ProfileForm {
  readonly name: string
  readonly description: string
  readonly filterId: string
  readonly portMirroring: boolean
  readonly publicUse: boolean
  readonly properties: string
}

export function ProfileDialog({ networkId, profile, onClose }: Props) {
  const { data: filters = [] } = useQuery(collection(networkFilterType, '/networkfilters'))
  const form = useForm(formOf(profile), mistakesOf)
  const { values, set, mistake } = form
  const usual = filters.find(({ name }) => name === usualFilter)?.id ?? ''
  const filterId = values.filterId === usualFilter ? usual : values.filterId
  const save = useChange(
    (given: ProfileForm) => {
      const told = resourceOf({ ...given, filterId })
      if (!profile) return request('POST', `/networks/${networkId}/vnicprofiles`, writeResource(vnicProfileType, told))
      const changes = changesOf(resourceOf(form.initial), told)
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
      <TextField
        label={text.name}
        isRequired
        value={values.name}
        onChange={(name) => set({ name })}
        mistake={mistake('name')}
      />
      <TextField label={text.description} value={values.description} onChange={(description) => set({ description })} />
      <ChoiceField
        label={text.networkFilter}
        value={filterId}
        options={[['', text.noFilter], ...filters.map(({ id, name = '' }) => [id, name] as const)]}
        onChange={(next) => set({ filterId: next })}
      />
      <LinesField
        label={text.properties}
        help={text.propertiesHelp}
        value={values.properties}
        onChange={(properties) => set({ properties })}
        mistake={mistake('properties')}
      />
      <Tick
        label={text.portMirroring}
        isOn={values.portMirroring}
        onChange={(portMirroring) => set({ portMirroring })}
      />
      <Tick label={text.publicUse} isOn={values.publicUse} onChange={(publicUse) => set({ publicUse })} />
    </FormDialog>
  )
}

/** What the engine gives a profile of which nothing is said. */
const usualFilter = 'vdsm-no-mac-spoofing'

function formOf(profile: Props['profile']): ProfileForm {
  return {
    name: profile?.name ?? '',
    description: profile?.description ?? '',
    filterId: profile ? (profile.network_filter?.id ?? '') : usualFilter,
    portMirroring: profile?.port_mirroring ?? false,
    publicUse: profile?.public_use ?? false,
    properties: propertyLines(profile?.custom_properties ?? []),
  }
}

const mistakesOf = ({ name, properties }: ProfileForm): Mistakes<ProfileForm> => ({
  ...(name.trim() === '' && { name: text.nameNeeded }),
  ...(propertiesIn(properties) === undefined && { properties: text.propertiesMistake }),
})

const resourceOf = ({ name, description, filterId, portMirroring, publicUse, properties }: ProfileForm) => ({
  name: name.trim(),
  description,
  network_filter: filterId === '' ? {} : { id: filterId },
  port_mirroring: portMirroring,
  public_use: publicUse,
  custom_properties: [...(propertiesIn(properties) ?? [])],
})
