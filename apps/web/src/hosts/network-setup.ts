// What is typed about the networks of a host, what can be wrong with it, and the body of `setupnetworks` for it.
import type { hostNicType, networkAttachmentType } from '@patchbay/ovirt-api/types/host-networks.ts'
import type { Shown } from '../engine/resource.ts'
import { changesOf } from '../form/changes.ts'
import type { Mistakes } from '../form/use-form.ts'
import { text } from '../text/hosts.ts'

export type HostNic = Shown<typeof hostNicType>
export type Attachment = Shown<typeof networkAttachmentType>

export interface AttachmentForm {
  readonly networkId: string
  readonly nicId: string
  readonly method: keyof typeof text.methods
  readonly address: string
  readonly netmask: string
  readonly gateway: string
  readonly nameServers: string
  readonly check: boolean
  readonly commit: boolean
}

export interface BondForm {
  readonly name: string
  readonly mode: keyof typeof text.bondModes
  /** Names of interfaces. */
  readonly members: readonly string[]
}

export const blankBond: BondForm = { name: 'bond0', mode: '1', members: [] }

/** A new attachment, or one that is there. */
export function attachmentForm(attachment?: Attachment): AttachmentForm {
  const [assignment] = attachment?.ip_address_assignments ?? []
  const method = assignment?.assignment_method ?? 'none'
  return {
    networkId: attachment?.network?.id ?? '',
    nicId: attachment?.host_nic?.id ?? '',
    method: method === 'static' || method === 'dhcp' ? method : 'none',
    address: assignment?.ip?.address ?? '',
    netmask: assignment?.ip?.netmask ?? '255.255.255.0',
    gateway: assignment?.ip?.gateway ?? '',
    nameServers: (attachment?.dns_resolver_configuration?.name_servers ?? []).join(', '),
    check: true,
    commit: true,
  }
}

export function attachmentMistakes({ method, address, netmask, gateway }: AttachmentForm): Mistakes<AttachmentForm> {
  if (method !== 'static') return {}
  return {
    ...(!isIpv4(address) && { address: text.ipMistake }),
    ...(!isIpv4(netmask) && { netmask: text.ipMistake }),
    ...(gateway.trim() !== '' && !isIpv4(gateway) && { gateway: text.ipMistake }),
  }
}

/** An attachment that is there, and what its form began with. */
export interface ChangedAttachment {
  readonly id: string
  readonly before: AttachmentForm
}

export function attachmentRequest(form: AttachmentForm, changed?: ChangedAttachment): object {
  const attachment = changed
    ? { id: changed.id, ...changesOf(attachmentOf(changed.before), attachmentOf(form)) }
    : attachmentOf(form)
  return { modified_network_attachments: { network_attachment: [attachment] }, ...safely(form.check, form.commit) }
}

function attachmentOf(form: AttachmentForm): object {
  const servers = form.nameServers.split(',').flatMap((each) => each.trim() || [])
  return {
    network: { id: form.networkId },
    host_nic: { id: form.nicId },
    ip_address_assignments: { ip_address_assignment: [assignmentOf(form)] },
    dns_resolver_configuration: { name_servers: { name_server: servers } },
  }
}

function assignmentOf({ method, address, netmask, gateway }: AttachmentForm): object {
  if (method !== 'static') return { assignment_method: method }
  const ip = {
    address: address.trim(),
    netmask: netmask.trim(),
    ...(gateway.trim() !== '' && { gateway: gateway.trim() }),
  }
  return { assignment_method: method, ip }
}

export const detachRequest = (id: string) => ({
  removed_network_attachments: { network_attachment: [{ id }] },
  ...safely(true, true),
})

export const syncRequest = (id: string) => ({
  synchronized_network_attachments: { network_attachment: [{ id }] },
  ...safely(true, true),
})

export const bondMistakes = ({ name, members }: BondForm): Mistakes<BondForm> => ({
  ...(!/^bond\d+$/.test(name.trim()) && { name: text.bondNameMistake }),
  ...(members.length < 2 && { members: text.bondMembersMistake }),
})

export const bondRequest = ({ name, mode, members }: BondForm) => ({
  modified_bonds: {
    host_nic: [
      {
        name: name.trim(),
        bonding: {
          slaves: { host_nic: members.map((each) => ({ name: each })) },
          options: { option: [{ name: 'mode', value: mode }] },
        },
      },
    ],
  },
  ...safely(true, true),
})

export const removeBondRequest = (id: string) => ({ removed_bonds: { host_nic: [{ id }] }, ...safely(true, true) })

const safely = (check: boolean, commit: boolean) => ({
  check_connectivity: String(check),
  commit_on_success: String(commit),
})

const isIpv4 = (given: string) => {
  const parts = given.trim().split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

/** NICs and bonds: what networks can be attached to. VLANs come with the networks, and members are the bond's. */
export function attachable(nics: readonly HostNic[]): HostNic[] {
  const members = new Set(nics.flatMap(membersOf))
  return nics.filter(({ name = '', vlan }) => vlan?.id === undefined && !members.has(name))
}

export const membersOf = ({ bonding }: HostNic): string[] => (bonding?.slaves ?? []).map(({ name = '' }) => name)

export function kindOf(nic: HostNic): string {
  if (nic.bonding) return text.kindBond(membersOf(nic).join(', '))
  if (nic.vlan?.id !== undefined) return text.kindVlan(nic.vlan.id, nic.base_interface ?? '')
  return text.kindNic
}
