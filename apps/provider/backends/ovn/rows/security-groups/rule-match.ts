// What a rule lets through, in the language of OVN's logical flows.
import { protocolNumbers, type SecurityGroupRule } from '@patchbay/networking-api/resources/security-groups.ts'

/** `nameOf`: of a group's port group, by the group's id. */
export function matchOf(rule: SecurityGroupRule, nameOf: (groupId: string) => string): string {
  const group = `@${nameOf(rule.security_group_id)}`
  const ip = rule.ethertype === 'IPv4' ? 'ip4' : 'ip6'
  const ingress = rule.direction === 'ingress'
  return [
    ingress ? `outport == ${group}` : `inport == ${group}`,
    ip,
    ...protocolMatch(rule),
    ...remoteMatch(rule, `${ip}.${ingress ? 'src' : 'dst'}`, ip, nameOf),
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

function remoteMatch(
  { remote_ip_prefix, remote_group_id }: SecurityGroupRule,
  field: string,
  ip: string,
  nameOf: (groupId: string) => string,
): string[] {
  if (remote_ip_prefix !== null) return remote_ip_prefix.endsWith('/0') ? [] : [`${field} == ${remote_ip_prefix}`]
  // northd keeps the addresses of a port group's ports under this name.
  return remote_group_id === null ? [] : [`${field} == $${nameOf(remote_group_id)}_${ip}`]
}
