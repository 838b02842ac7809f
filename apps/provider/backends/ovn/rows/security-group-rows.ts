// A security group is a Port_Group, a rule of it an ACL. What no rule allows is dropped by the ACLs of one more port group,
// in which all secured ports are.
import { isDeepStrictEqual } from 'node:util'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import {
  protocolNumbers,
  type SecurityGroup,
  type SecurityGroupRule,
  securityGroupRuleType,
  securityGroupType,
} from '@patchbay/networking-api/resources/security-groups.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { type AclRow, nb, type PortGroupRow } from '../northbound.ts'
import { type Image, insertion, modification } from './image.ts'
import { inOrder, ownAttributes, ownKey, ownText, strangersDefaults } from './own-attributes.ts'

/** OVN's names of port groups are identifiers. */
export const portGroupName = (groupId: string) => `pg_${groupId.replaceAll('-', '_')}`
export const dropGroupName = 'pg_patchbay_drop'

const priority = { allow: 1002, drop: 1001 }
const elsewhere = new Set(['id'])
const ruleDefaults = strangersDefaults(securityGroupRuleType)
const groupDefaults = strangersDefaults(securityGroupType)

function imageOf(group: SecurityGroup): Image {
  return {
    columns: { name: portGroupName(group.id) },
    maps: { external_ids: { [ownKey]: ownText(group, elsewhere) } },
  }
}

export const insertGroup = (group: SecurityGroup): Operation => insertion('Port_Group', group.id, imageOf(group))

export const updateGroup = (before: SecurityGroup, after: SecurityGroup): Operation[] =>
  modification('Port_Group', after.id, imageOf(before), imageOf(after))

export const deleteGroup = ({ id }: SecurityGroup): Operation => nb.delete('Port_Group', [['_uuid', '==', id]])

/** Fails the transaction unless the group is there, or is as it was read. */
export const guardGroup = (row: PortGroupRow, isChanged: boolean): Operation =>
  nb.unchanged('Port_Group', row, isChanged ? ['external_ids'] : ['name'])

/** `stateful`: of its group. */
export function insertRule(rule: SecurityGroupRule, stateful: boolean): Operation[] {
  const { direction } = rule
  const image: Image = {
    columns: {
      direction: direction === 'ingress' ? 'to-lport' : 'from-lport',
      priority: priority.allow,
      action: stateful ? 'allow-related' : 'allow-stateless',
      match: matchOf(rule),
    },
    maps: { external_ids: { [ownKey]: ownText(rule, elsewhere) } },
  }
  return [
    insertion('ACL', rule.id, image),
    nb.mutate('Port_Group', [['_uuid', '==', rule.security_group_id]], [['acls', 'insert', rule.id]]),
  ]
}

/** Only its tags can be others. */
export function updateRule(before: SecurityGroupRule, after: SecurityGroupRule): Operation[] {
  const image = (rule: SecurityGroupRule): Image => ({
    columns: {},
    maps: { external_ids: { [ownKey]: ownText(rule, elsewhere) } },
  })
  return modification('ACL', after.id, image(before), image(after))
}

/** The row goes with its place in the group. */
export const deleteRule = ({ id, security_group_id }: SecurityGroupRule): Operation =>
  nb.mutate('Port_Group', [['_uuid', '==', security_group_id]], [['acls', 'delete', id]])

/** When a group becomes stateless or stateful, so do its rules. */
export const restateRule = ({ id }: SecurityGroupRule, stateful: boolean): Operation =>
  nb.update('ACL', [['_uuid', '==', id]], { action: stateful ? 'allow-related' : 'allow-stateless' })

/** undefined for port groups that are no security groups. */
export function readGroup({ _uuid: id, external_ids, name }: PortGroupRow): SecurityGroup | undefined {
  if (external_ids[ownKey] === undefined || name === dropGroupName) return undefined
  return inOrder(securityGroupType, { ...groupDefaults, ...ownAttributes(external_ids), id } as never)
}

export function readRule({ _uuid: id, external_ids }: AclRow): SecurityGroupRule | undefined {
  const own = ownAttributes(external_ids)
  if (own.security_group_id === undefined) return undefined
  return inOrder(securityGroupRuleType, { ...ruleDefaults, ...own, id } as unknown as SecurityGroupRule)
}

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

/** What is dropped unless a rule allows it. DHCP is always asked: the answer is OVN's own. */
export function insertDropGroup(uuid: string): Operation[] {
  const acls = [
    { direction: 'to-lport', priority: priority.drop, action: 'drop', match: `outport == @${dropGroupName} && ip` },
    { direction: 'from-lport', priority: priority.drop, action: 'drop', match: `inport == @${dropGroupName} && ip` },
    {
      direction: 'from-lport',
      priority: priority.allow,
      action: 'allow',
      match: `inport == @${dropGroupName} && ip4 && udp.src == 68 && udp.dst == 67`,
    },
  ] as const
  const name = (index: number) => `drop_acl_${index}`
  return [
    ...acls.map((acl, index) => nb.insert('ACL', acl, { name: name(index) })),
    nb.insert('Port_Group', { name: dropGroupName, acls: acls.map((_, index) => name(index)) }, { uuid }),
  ]
}

/** In the language of OVN's logical flows. */
export function matchOf(rule: SecurityGroupRule): string {
  const group = `@${portGroupName(rule.security_group_id)}`
  const ip = rule.ethertype === 'IPv4' ? 'ip4' : 'ip6'
  const ingress = rule.direction === 'ingress'
  return [
    ingress ? `outport == ${group}` : `inport == ${group}`,
    ip,
    ...protocolMatch(rule),
    ...remoteMatch(rule, `${ip}.${ingress ? 'src' : 'dst'}`, ip),
  ].join(' && ')
}

function protocolMatch({ protocol, ethertype, port_range_min: min, port_range_max: max }: SecurityGroupRule): string[] {
  if (protocol === null) return []
  const number = protocolNumbers[protocol] ?? Number(protocol)
  const isIcmp = number === protocolNumbers.icmp || number === protocolNumbers.icmpv6
  if (isIcmp) {
    const icmp = ethertype === 'IPv4' ? 'icmp4' : 'icmp6'
    return [
      icmp,
      ...(min === null ? [] : [`${icmp}.type == ${min}`]),
      ...(max === null ? [] : [`${icmp}.code == ${max}`]),
    ]
  }
  const name = ['tcp', 'udp', 'sctp'].find((known) => protocolNumbers[known] === number)
  if (name === undefined) return [`ip.proto == ${number}`]
  if (min === null) return [name]
  return min === max ? [name, `${name}.dst == ${min}`] : [name, `${name}.dst >= ${min}`, `${name}.dst <= ${max}`]
}

function remoteMatch({ remote_ip_prefix, remote_group_id }: SecurityGroupRule, field: string, ip: string): string[] {
  if (remote_ip_prefix !== null) return remote_ip_prefix.endsWith('/0') ? [] : [`${field} == ${remote_ip_prefix}`]
  // northd keeps the addresses of a port group's ports under this name.
  return remote_group_id === null ? [] : [`${field} == $${portGroupName(remote_group_id)}_${ip}`]
}
