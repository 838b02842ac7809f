// The form of a vNIC. Rules are those of oVirt's dialog: what is on an external network and plugged is not rewired.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { nicType } from '@patchbay/ovirt-api/types/vms.ts'
import type { Mistakes } from '../../form/use-form.ts'
import { text } from '../../text/nics.ts'

export type Nic = ResourceOf<typeof nicType>
export type NicModel = NonNullable<Nic['interface']>

export interface NicForm {
  readonly name: string
  /** '': none. */
  readonly profileId: string
  readonly model: NicModel
  /** '' for a new one: of the pool. */
  readonly mac: string
  readonly linked: boolean
  readonly plugged: boolean
}

export const blankNic: NicForm = { name: '', profileId: '', model: 'virtio', mac: '', linked: true, plugged: true }

export const nicForm = (nic: Nic): NicForm => ({
  name: nic.name ?? '',
  profileId: nic.vnic_profile?.id ?? '',
  model: nic.interface ?? 'virtio',
  mac: nic.mac?.address ?? '',
  linked: nic.linked ?? true,
  plugged: nic.plugged ?? true,
})

/** `isExternal`: whether a profile is of an external network. */
export function nicMistakes(form: NicForm, isExternal: (profileId: string) => boolean): Mistakes<NicForm> {
  const mistakes: Mistakes<NicForm> = {}
  if (form.name.trim() === '') mistakes.name = text.needed
  if (form.mac !== '' && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(form.mac)) mistakes.mac = text.macMistake
  if (form.plugged && !form.linked && isExternal(form.profileId)) mistakes.linked = text.unlinked
  return mistakes
}

export function nicRequest(form: NicForm): Nic {
  return {
    name: form.name.trim(),
    interface: form.model,
    linked: form.linked,
    plugged: form.plugged,
    // An empty one is none.
    vnic_profile: form.profileId === '' ? {} : { id: form.profileId },
    ...(form.mac !== '' && { mac: { address: form.mac } }),
  }
}

/** Only what was changed here. */
export function nicChanges(before: NicForm, after: NicForm): Nic {
  const [old, now] = [nicRequest(before), nicRequest(after)] as [Record<string, unknown>, Record<string, unknown>]
  const isSame = (name: string) => JSON.stringify(now[name]) === JSON.stringify(old[name])
  return Object.fromEntries(Object.entries(now).filter(([name]) => !isSame(name)))
}
