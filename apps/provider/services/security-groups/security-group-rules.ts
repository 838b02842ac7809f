// What can be done with the rules of security groups: made and removed, never changed.
import { invalidInput, NetworkingError } from '@patchbay/networking-api/errors.ts'
import { parseCidr } from '@patchbay/networking-api/ip.ts'
import {
  protocolNumbers,
  type SecurityGroup,
  type SecurityGroupRule,
  type SecurityGroupRuleAttributes,
  type SecurityGroupRuleDraft,
  securityGroupRuleType,
} from '@patchbay/networking-api/resources/security-groups.ts'
import type { State, Transaction } from '../../backends/backend.ts'
import { foundGroup } from '../../backends/facts/found.ts'
import { checkRevision, listRows, type ResourceService, type ServiceParts } from '../resource-service.ts'

export function createSecurityGroupRuleService(parts: ServiceParts): ResourceService<SecurityGroupRuleAttributes> {
  const { backend } = parts
  return {
    type: securityGroupRuleType,
    list: (listing, visible) => listRows(securityGroupRuleType, backend.state.securityGroupRules, listing, visible),
    notFound: (id) => new NetworkingError('SecurityGroupRuleNotFound', { id }),
    get: foundRule,
    create(transaction, draft) {
      const group = foundGroup(transaction, draft.security_group_id)
      checkRule(draft)
      if (draft.remote_group_id !== null) foundGroup(transaction, draft.remote_group_id)
      // A rule belongs to whom its group belongs.
      const rule = newRule(parts, group, draft)
      refuseDuplicate(transaction, rule)
      transaction.securityGroupRules.insert(rule)
      touch(parts, transaction, group)
      return rule
    },
    /** There is nothing that a request may change; what comes here are tags. */
    update(transaction, id, change, ifRevision) {
      const before = foundRule(transaction, id)
      checkRevision(before, ifRevision)
      const rule = { ...before, ...change, updated_at: parts.now(), revision_number: before.revision_number + 1 }
      transaction.securityGroupRules.update(rule)
      return rule
    },
    remove(transaction, id, ifRevision) {
      const rule = foundRule(transaction, id)
      checkRevision(rule, ifRevision)
      transaction.securityGroupRules.remove(id)
      touch(parts, transaction, foundGroup(transaction, rule.security_group_id))
    },
  }
}

/** A rule of a group; what `wanted` leaves out allows everything. */
export function newRule(
  { now, newId }: Pick<ServiceParts, 'now' | 'newId'>,
  { id, project_id, tenant_id }: SecurityGroup,
  wanted: Partial<SecurityGroupRuleDraft> & Pick<SecurityGroupRule, 'direction'>,
): SecurityGroupRule {
  return {
    description: '',
    ethertype: 'IPv4',
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    remote_group_id: null,
    ...wanted,
    id: newId(),
    security_group_id: id,
    project_id,
    tenant_id,
    tags: [],
    created_at: now(),
    updated_at: now(),
    revision_number: 1,
  }
}

/** As in Neutron, a group changes when its rules do. On OVN it is also what others notice. */
function touch({ now }: ServiceParts, transaction: Transaction, group: SecurityGroup): void {
  transaction.securityGroups.update({ ...group, updated_at: now(), revision_number: group.revision_number + 1 })
}

function foundRule({ securityGroupRules }: State, id: string): SecurityGroupRule {
  const rule = securityGroupRules.get(id)
  if (!rule) throw new NetworkingError('SecurityGroupRuleNotFound', { id })
  return rule
}

function checkRule(rule: SecurityGroupRuleDraft): void {
  const { protocol, ethertype, remote_ip_prefix: prefix, remote_group_id: group } = rule
  if (prefix !== null && group !== null) throw new NetworkingError('SecurityGroupMultipleRemoteEntites')
  const version = prefix === null ? undefined : parseCidr(prefix)!.version
  if (version !== undefined && ethertype !== `IPv${version}`)
    throw new NetworkingError('SecurityGroupRuleParameterConflict', { ethertype, cidr: prefix! })
  if (protocol === 'icmpv6' && ethertype === 'IPv4')
    throw new NetworkingError('SecurityGroupEthertypeConflictWithProtocol', { ethertype, protocol })
  checkPorts(rule)
}

const withPorts = [protocolNumbers.tcp, protocolNumbers.udp, protocolNumbers.sctp, protocolNumbers.dccp]
const icmps = [protocolNumbers.icmp, protocolNumbers.icmpv6]

function checkPorts({ protocol, port_range_min: min, port_range_max: max }: SecurityGroupRuleDraft): void {
  if (min === null && max === null) return
  if (protocol === null) throw new NetworkingError('SecurityGroupProtocolRequiredWithPorts')
  const number = protocolNumbers[protocol] ?? Number(protocol)
  if (icmps.includes(number)) checkIcmp(min, max)
  else if (!withPorts.includes(number)) throw invalidInput(`Port range cannot be given for protocol ${protocol}`)
  else if (min === null || max === null || min > max || min === 0)
    throw new NetworkingError('SecurityGroupInvalidPortRange')
}

/** They are type and code then. */
function checkIcmp(type: number | null, code: number | null): void {
  if (type === null) throw new NetworkingError('SecurityGroupMissingIcmpType', { value: code! })
  for (const [field, attr, value] of [
    ['type', 'port-range-min', type],
    ['code', 'port-range-max', code],
  ] as const)
    if (value !== null && value > 255)
      throw new NetworkingError('SecurityGroupInvalidIcmpValue', { field, attr, value })
}

function refuseDuplicate({ securityGroupRules }: State, rule: SecurityGroupRule): void {
  const what = ({ direction, ethertype, protocol, ...rest }: SecurityGroupRule) =>
    JSON.stringify([
      direction,
      ethertype,
      protocol,
      rest.port_range_min,
      rest.port_range_max,
      rest.remote_ip_prefix,
      rest.remote_group_id,
    ])
  const known = securityGroupRules
    .find('security_group_id', rule.security_group_id)
    .find((other) => what(other) === what(rule))
  if (known) throw new NetworkingError('SecurityGroupRuleExists', { id: known.id })
}
