// The group `security-groups`: for providers that have them. The engine names groups by id, in a vNIC profile.
import { must, mustRefuse, same } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import { find, mustFind, type ProviderUnderTest, type Row } from '../provider-under-test.ts'
import { makeNetwork, makePort } from '../resources.ts'
import { absentCollection } from './offered.ts'

const source = 'Networking API v2.0: security groups'
const measured = 'Neutron, measured'

const cases: readonly CaseDraft[] = [
  {
    id: 'life',
    level: 'recommended',
    rule: 'A security group is created with rules that let everything out, listed and deleted',
    source,
    async run(provider) {
      const group = await makeGroup(provider)
      const rules = group.security_group_rules as { direction: string }[]
      must(rules.length > 0 && rules.every(({ direction }) => direction === 'egress'), 'the first rules are not egress')
      mustFind(await provider.list('security-groups'), group, 'GET /v2.0/security-groups')
      await provider.ask('DELETE', `/security-groups/${group.id}`)
      same((await provider.send('GET', `/security-groups/${group.id}`)).status, 404, 'the status of GET')
    },
  },
  {
    id: 'rule',
    level: 'recommended',
    rule: 'A rule is created in a group, shown with it, and deleted',
    source,
    async run(provider) {
      const group = await makeGroup(provider)
      const rule = await makeRule(provider, group, { protocol: 'tcp', port_range_min: 22, port_range_max: 22 })
      const { security_group_rules: rules } = await provider.one(
        'GET',
        `/security-groups/${group.id}`,
        'security_group',
      )
      must(find(rules as Row[], rule.id), 'the group does not show its rule')
      await provider.ask('DELETE', `/security-group-rules/${rule.id}`)
      same((await provider.send('GET', `/security-group-rules/${rule.id}`)).status, 404, 'the status of GET')
    },
  },
  {
    id: 'port-with-group',
    level: 'required',
    rule: 'A port shows the groups that it was given, at its creation and by PUT: the engine compares them with the profile',
    source: 'ovirt-engine: security groups of a vNIC profile',
    async run(provider) {
      const [one, other] = [await makeGroup(provider), await makeGroup(provider)]
      const port = await makePort(provider, await makeNetwork(provider), { security_groups: [one.id] })
      same(port.security_groups, [one.id], 'security_groups')
      await provider.ask('PUT', `/ports/${port.id}`, { port: { security_groups: [one.id, other.id] } })
      const shown = mustFind(await provider.list('ports'), port, 'GET /v2.0/ports')
      same([...(shown.security_groups as string[])].sort(), [one.id, other.id].sort(), 'security_groups')
    },
  },
  {
    id: 'unknown-group',
    level: 'recommended',
    rule: 'A port with a group that does not exist is answered 404 SecurityGroupNotFound',
    source: measured,
    async run(provider) {
      const { id } = await makeNetwork(provider)
      const port = { name: provider.name('bad'), network_id: id, security_groups: [crypto.randomUUID()] }
      mustRefuse(await provider.send('POST', '/ports', { port }), 404, 'SecurityGroupNotFound')
    },
  },
  {
    id: 'delete-in-use',
    level: 'recommended',
    rule: 'A group that a port has is not deleted: 409 SecurityGroupInUse',
    source: measured,
    async run(provider) {
      const group = await makeGroup(provider)
      await makePort(provider, await makeNetwork(provider), { security_groups: [group.id] })
      mustRefuse(await provider.send('DELETE', `/security-groups/${group.id}`), 409, 'SecurityGroupInUse')
    },
  },
  {
    id: 'rule-twice',
    level: 'recommended',
    rule: 'A second rule that says the same is answered 409 SecurityGroupRuleExists',
    source: measured,
    async run(provider) {
      const group = await makeGroup(provider)
      const wish = { protocol: 'tcp', port_range_min: 22, port_range_max: 22 }
      await makeRule(provider, group, wish)
      mustRefuse(await sendRule(provider, group, wish), 409, 'SecurityGroupRuleExists')
    },
  },
  ...badRules([
    ['bad-protocol', 'A rule with an unknown protocol', { protocol: 'zzz' }, 'SecurityGroupRuleInvalidProtocol'],
    [
      'bad-range',
      'A rule whose ports end before they start',
      { protocol: 'tcp', port_range_min: 9, port_range_max: 5 },
      'SecurityGroupInvalidPortRange',
    ],
    [
      'ports-without-protocol',
      'A rule with ports and no protocol',
      { port_range_min: 5, port_range_max: 9 },
      'SecurityGroupProtocolRequiredWithPorts',
    ],
  ]),
]

export const securityGroups = caseGroup(
  'security-groups',
  'security groups and rules, where the provider has them',
  cases,
  (provider) => absentCollection(provider, 'security-groups', 'security-group'),
)

function badRules(rows: readonly (readonly [string, string, object, string])[]): CaseDraft[] {
  return rows.map(([id, what, wish, type]) => ({
    id,
    level: 'recommended',
    rule: `${what} is answered 400 ${type}`,
    source: measured,
    async run(provider) {
      mustRefuse(await sendRule(provider, await makeGroup(provider), wish), 400, type)
    },
  }))
}

function makeGroup(provider: ProviderUnderTest): Promise<Row> {
  return provider.one('POST', '/security-groups', 'security_group', { name: provider.name('group') })
}

const ruleOf = ({ id }: Row, wish: object) => ({
  security_group_id: id,
  direction: 'ingress',
  ethertype: 'IPv4',
  ...wish,
})

function makeRule(provider: ProviderUnderTest, group: Row, wish: object): Promise<Row> {
  return provider.one('POST', '/security-group-rules', 'security_group_rule', ruleOf(group, wish))
}

function sendRule(provider: ProviderUnderTest, group: Row, wish: object) {
  return provider.send('POST', '/security-group-rules', { security_group_rule: ruleOf(group, wish) })
}
