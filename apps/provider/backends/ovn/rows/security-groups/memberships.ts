// In which port groups a port is: those of its security groups, and one in which all secured ports are, of which whatever no
// rule allows is dropped. That one is ovirt-provider-ovn's, or is made as it would: a port is secured once, by whomever.
import { isDeepStrictEqual } from 'node:util'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { nb, type PortGroupRow } from '../../northbound.ts'
import { dropGroupName } from './group-rows.ts'
import { priority } from './rule-rows.ts'

/** In the row of the group, when a guest may ask for an address. ovirt-provider-ovn leaves that to its default group. */
const dhcpKey = 'patchbay_dhcp'

/** Into which port groups a port goes and which it leaves; `drop`: the uuid of the one that drops. */
export function membershipOperations(before: Port | undefined, after: Port, drop: string): Operation[] {
  if (before?.security_groups === after.security_groups && before.port_security_enabled === after.port_security_enabled)
    return []
  const [was, is] = [before ? groupsOf(before, drop) : [], groupsOf(after, drop)]
  if (isDeepStrictEqual(was, is)) return []
  const each = (ids: string[], mutator: 'insert' | 'delete') =>
    ids.map((id) => nb.mutate('Port_Group', [['_uuid', '==', id]], [['ports', mutator, after.id]]))
  return [
    ...each(
      was.filter((id) => !is.includes(id)),
      'delete',
    ),
    ...each(is, 'insert'),
  ]
}

function groupsOf({ port_security_enabled, security_groups }: Port, drop: string): string[] {
  return port_security_enabled ? [drop, ...security_groups] : []
}

/** Makes the group that drops what it has to be; `known`: as it is. */
export function prepareDropGroup(uuid: string, known: PortGroupRow | undefined): Operation[] {
  if (known?.external_ids[dhcpKey]) return []
  const match = `inport == @${dropGroupName} && ip4 && udp.src == 68 && udp.dst == 67`
  const dhcp = nb.insert(
    'ACL',
    { direction: 'from-lport', priority: priority.allow, action: 'allow', match },
    { name: 'allow_dhcp' },
  )
  const external_ids = { [dhcpKey]: 'true' }
  if (known) {
    const changes = [['acls', 'insert', 'allow_dhcp'] as const, ['external_ids', 'insert', external_ids] as const]
    return [
      nb.unchanged('Port_Group', known, ['external_ids']),
      dhcp,
      nb.mutate('Port_Group', [['_uuid', '==', uuid]], changes),
    ]
  }
  const drops = [
    { direction: 'to-lport', priority: priority.drop, action: 'drop', match: `outport == @${dropGroupName} && ip` },
    { direction: 'from-lport', priority: priority.drop, action: 'drop', match: `inport == @${dropGroupName} && ip` },
  ] as const
  const name = (index: number) => `drop_acl_${index}`
  return [
    dhcp,
    ...drops.map((acl, index) => nb.insert('ACL', acl, { name: name(index) })),
    nb.insert(
      'Port_Group',
      { name: dropGroupName, acls: ['allow_dhcp', ...drops.map((_, index) => name(index))], external_ids },
      { uuid },
    ),
  ]
}
