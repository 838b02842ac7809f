// Security groups: what the ports in a group may receive and send. And their rules, each of which allows something.
import { invalidInput, NetworkingError } from '../errors.ts'
import { parseCidr } from '../ip.ts'
import { atCreation, type Draft, readOnly, required, type Values, writable } from '../resource.ts'
import { bool, integer, type Kind, listOf, nullable, oneOf, show, text, uuid } from './kinds.ts'
import { tags } from './tags.ts'

const history = {
  created_at: readOnly(text()),
  updated_at: readOnly(text()),
  revision_number: readOnly(integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
}

const ethertype: Kind<'IPv4' | 'IPv6'> = {
  schema: { enum: ['IPv4', 'IPv6'] },
  parse(input) {
    const known = (['IPv4', 'IPv6'] as const).find((type) => type.toLowerCase() === String(input).toLowerCase())
    if (!known) throw new NetworkingError('SecurityGroupRuleInvalidEtherType', { ethertype: show(input) })
    return known
  },
}

/** Names that Neutron knows → IP protocol numbers. */
export const protocolNumbers: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  egp: 8,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  'ipv6-icmp': 58,
  ospf: 89,
  vrrp: 112,
  pgm: 113,
  sctp: 132,
  udplite: 136,
}

const protocol: Kind<string | null> = {
  schema: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  parse(input) {
    if (input === null || input === 'any') return null
    const name = String(input).toLowerCase()
    const isNumber = /^\d{1,3}$/.test(name) && Number(name) <= 255
    if (name in protocolNumbers || isNumber) return name === 'ipv6-icmp' ? 'icmpv6' : name
    throw new NetworkingError('SecurityGroupRuleInvalidProtocol', { protocol: show(input) })
  },
}

const prefix: Kind<string | null> = {
  schema: { anyOf: [{ type: 'string', format: 'cidr' }, { type: 'null' }] },
  parse(input) {
    if (input === null) return null
    const written = typeof input === 'string' ? input : ''
    const whole = written.includes('/') ? written : `${written}/${written.includes(':') ? 128 : 32}`
    if (!parseCidr(whole)) throw invalidInput(`${show(input)} is not a valid CIDR`)
    return whole
  },
}

const port = nullable(integer({ min: 0, max: 65_535 }))

const ruleAttributes = {
  id: readOnly(uuid),
  security_group_id: required(uuid),
  description: { ...atCreation(text()), initial: '' },
  tenant_id: atCreation(text()),
  project_id: atCreation(text()),
  direction: required(oneOf(['ingress', 'egress'])),
  ethertype: { ...atCreation(ethertype), initial: 'IPv4' as const },
  /** `null`: any. */
  protocol: { ...atCreation(protocol), initial: null },
  /** Of ICMP: the type. */
  port_range_min: { ...atCreation(port), initial: null },
  /** Of ICMP: the code. */
  port_range_max: { ...atCreation(port), initial: null },
  remote_ip_prefix: { ...atCreation(prefix), initial: null },
  remote_group_id: { ...atCreation(nullable(uuid)), initial: null },
  tags: { ...readOnly(tags), initial: [] },
  ...history,
} as const

export const securityGroupRuleType = {
  singular: 'security_group_rule',
  plural: 'security_group_rules',
  path: 'security-group-rules',
  attributes: ruleAttributes,
} as const

export type SecurityGroupRuleAttributes = typeof ruleAttributes
export type SecurityGroupRule = Values<SecurityGroupRuleAttributes>
export type SecurityGroupRuleDraft = Draft<SecurityGroupRuleAttributes>

const groupAttributes = {
  id: readOnly(uuid),
  name: writable(text(), ''),
  description: writable(text(), ''),
  tenant_id: atCreation(text()),
  project_id: atCreation(text()),
  /** Whether answers to what is allowed are allowed too. */
  stateful: writable(bool, true),
  shared: readOnly(bool),
  security_group_rules: readOnly(listOf({ parse: (input: unknown) => input, schema: { type: 'object' } })),
  tags: { ...readOnly(tags), initial: [] },
  ...history,
} as const

export const securityGroupType = {
  singular: 'security_group',
  plural: 'security_groups',
  path: 'security-groups',
  attributes: groupAttributes,
} as const

export type SecurityGroupAttributes = typeof groupAttributes
/** As it is kept; answers have its rules too. */
export type SecurityGroup = Omit<Values<SecurityGroupAttributes>, 'security_group_rules'>
