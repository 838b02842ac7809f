// What is typed about a vNIC profile, what can be wrong with it, and the resource that it makes.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import type { Shown } from '../engine/resource.ts'
import { propertiesIn, propertyLines } from '../form/property-lines.ts'
import type { Mistakes } from '../form/use-form.ts'
import { text } from '../text/profiles.ts'

export interface ProfileForm {
  readonly name: string
  readonly description: string
  readonly filterId: string
  readonly portMirroring: boolean
  readonly passThrough: boolean
  readonly migratable: boolean
  readonly publicUse: boolean
  readonly properties: string
}

/** What the engine gives a profile of which nothing is said. */
export const usualFilter = 'vdsm-no-mac-spoofing'

export function profileForm(profile?: Shown<typeof vnicProfileType>): ProfileForm {
  return {
    name: profile?.name ?? '',
    description: profile?.description ?? '',
    filterId: profile ? (profile.network_filter?.id ?? '') : usualFilter,
    portMirroring: profile?.port_mirroring ?? false,
    passThrough: profile?.pass_through?.mode === 'enabled',
    migratable: profile?.migratable ?? false,
    publicUse: profile?.public_use ?? false,
    properties: propertyLines(profile?.custom_properties ?? []),
  }
}

/** Pass-through takes neither filter nor mirroring; only what passes through has to say that it can migrate. */
export const withPassThrough = (passThrough: boolean): Partial<ProfileForm> =>
  passThrough ? { passThrough, filterId: '', portMirroring: false } : { passThrough, migratable: false }

export const profileMistakes = ({ name, properties }: ProfileForm): Mistakes<ProfileForm> => ({
  ...(name.trim() === '' && { name: text.nameNeeded }),
  ...(propertiesIn(properties) === undefined && { properties: text.propertiesMistake }),
})

export function profileOf(form: ProfileForm): ResourceOf<typeof vnicProfileType> {
  const { name, description, filterId, portMirroring, passThrough, migratable, publicUse, properties } = form
  return {
    name: name.trim(),
    description,
    network_filter: filterId === '' ? {} : { id: filterId },
    port_mirroring: portMirroring,
    pass_through: { mode: passThrough ? 'enabled' : 'disabled' },
    migratable,
    public_use: publicUse,
    custom_properties: [...(propertiesIn(properties) ?? [])],
  }
}
