// A rule of a security group is an ACL of its port group. What it says is beside it in ovirt-provider-ovn's words, too: its
// match is for OVN.
import { type SecurityGroupRule, securityGroupRuleType } from '@patchbay/networking-api/resources/security-groups.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { type AclRow, nb } from '../../northbound.ts'
import { type Image, insertion, modification } from '../image.ts'
import { inOrder, ownAttributes, ownKey, ownText, strangersDefaults } from '../own-attributes.ts'
import { matchOf } from './rule-match.ts'

/** Those of ovirt-provider-ovn: ports of both may be in one group. */
export const priority = { allow: 1001, drop: 1000 }

const elsewhere = new Set([
  'id',
  'security_group_id',
  'direction',
  'description',
  'ethertype',
  'protocol',
  'port_range_min',
  'port_range_max',
  'remote_ip_prefix',
  'remote_group_id',
])
const defaults = strangersDefaults(securityGroupRuleType)

/** Group id → the name of its port group. */
export type NameOfGroup = (groupId: string) => string
/** And back; undefined for port groups that are no security groups. */
export type GroupOfName = (portGroupName: string) => string | undefined

/** `stateful`: of its group. */
export function insertRule(rule: SecurityGroupRule, stateful: boolean, nameOf: NameOfGroup): Operation[] {
  const columns = {
    direction: rule.direction === 'ingress' ? 'to-lport' : 'from-lport',
    priority: priority.allow,
    action: actionOf(stateful),
    match: matchOf(rule, nameOf),
  }
  return [
    insertion('ACL', rule.id, { columns, maps: { external_ids: { ...wordsOf(rule, nameOf), ...ownWordsOf(rule) } } }),
    nb.mutate('Port_Group', [['_uuid', '==', rule.security_group_id]], [['acls', 'insert', rule.id]]),
  ]
}

/** Only its tags can be others. */
export function updateRule(before: SecurityGroupRule, after: SecurityGroupRule): Operation[] {
  const image = (rule: SecurityGroupRule): Image => ({ columns: {}, maps: { external_ids: ownWordsOf(rule) } })
  return modification('ACL', after.id, image(before), image(after))
}

/** The row goes with its place in the group. */
export const deleteRule = ({ id, security_group_id }: SecurityGroupRule): Operation =>
  nb.mutate('Port_Group', [['_uuid', '==', security_group_id]], [['acls', 'delete', id]])

/** When a group becomes stateless or stateful, so do its rules. */
export const restateRule = ({ id }: SecurityGroupRule, stateful: boolean): Operation =>
  nb.update('ACL', [['_uuid', '==', id]], { action: actionOf(stateful) })

const actionOf = (stateful: boolean) => (stateful ? 'allow-related' : 'allow-stateless')

const ownWordsOf = (rule: SecurityGroupRule) => ({ [ownKey]: ownText(rule, elsewhere, defaults) })

function wordsOf(rule: SecurityGroupRule, nameOf: NameOfGroup): Record<string, string> {
  const words = {
    ovirt_port_group_id: nameOf(rule.security_group_id),
    ovirt_rule_description: rule.description || null,
    ovirt_ethertype: rule.ethertype,
    ovirt_protocol: rule.protocol,
    ovirt_min_port: rule.port_range_min,
    ovirt_max_port: rule.port_range_max,
    ovirt_ip_prefix: rule.remote_ip_prefix,
    ovirt_remote_group_id: rule.remote_group_id && nameOf(rule.remote_group_id),
  }
  return Object.fromEntries(
    Object.entries(words).flatMap(([key, word]) => (word === null ? [] : [[key, String(word)]])),
  )
}

/** undefined for ACLs that are no rules of a security group. */
export function readRule({ _uuid: id, direction, external_ids: ids }: AclRow, groupOf: GroupOfName) {
  const security_group_id = ids.ovirt_port_group_id && groupOf(ids.ovirt_port_group_id)
  if (!security_group_id) return undefined
  const number = (text: string | undefined) => (text === undefined ? null : Number(text))
  return inOrder(securityGroupRuleType, {
    ...defaults,
    ...ownAttributes(ids),
    id,
    security_group_id,
    direction: direction === 'to-lport' ? 'ingress' : 'egress',
    // ovirt-provider-ovn writes it to the second and reads the first.
    description: ids.ovirt_rule_description ?? ids.description ?? '',
    ethertype: ids.ovirt_ethertype === 'IPv6' ? 'IPv6' : 'IPv4',
    protocol: ids.ovirt_protocol ?? null,
    port_range_min: number(ids.ovirt_min_port),
    port_range_max: number(ids.ovirt_max_port),
    remote_ip_prefix: ids.ovirt_ip_prefix ?? null,
    remote_group_id: (ids.ovirt_remote_group_id && groupOf(ids.ovirt_remote_group_id)) || null,
  } as unknown as SecurityGroupRule)
}
