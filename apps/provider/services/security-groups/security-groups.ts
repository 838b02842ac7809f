// What can be done with security groups. Every project has one that is called default, made when it is first needed.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import {
  type SecurityGroup,
  type SecurityGroupAttributes,
  type SecurityGroupRule,
  securityGroupType,
} from '@patchbay/networking-api/resources/security-groups.ts'
import type { State, Transaction } from '../../backends/backend.ts'
import { foundGroup } from '../../backends/facts/found.ts'
import { checkRevision, listRows, ownedBy, type ResourceService, type ServiceParts } from '../resource-service.ts'
import { shownRows } from '../shown.ts'
import { newRule } from './security-group-rules.ts'

/** As answers show it. */
export type ShownGroup = SecurityGroup & { readonly security_group_rules: readonly SecurityGroupRule[] }

export interface SecurityGroupService extends ResourceService<SecurityGroupAttributes, ShownGroup> {
  /** The project's default group, made if there is none. */
  defaultOf(transaction: Transaction, project: string): SecurityGroup
  hasDefault(state: State, project: string): boolean
}

type GroupDraft = Pick<SecurityGroup, 'name' | 'description' | 'stateful' | 'project_id' | 'tenant_id'>

const defaultName = 'default'

export function createSecurityGroupService(parts: ServiceParts): SecurityGroupService {
  const { backend, now, newId } = parts

  function insert(transaction: Transaction, draft: GroupDraft): SecurityGroup {
    const group: SecurityGroup = {
      ...draft,
      id: newId(),
      shared: false,
      tags: [],
      created_at: now(),
      updated_at: now(),
      revision_number: 1,
    }
    transaction.securityGroups.insert(group)
    for (const ethertype of ['IPv4', 'IPv6'] as const)
      transaction.securityGroupRules.insert(newRule(parts, group, { direction: 'egress', ethertype }))
    return group
  }

  function defaultOf(transaction: Transaction, project: string): SecurityGroup {
    const known = knownDefault(transaction, project)
    if (known) return known
    const draft = { name: defaultName, description: 'Default security group', stateful: true }
    const group = insert(transaction, { ...draft, project_id: project, tenant_id: project })
    for (const ethertype of ['IPv4', 'IPv6'] as const) {
      const fromEachOther = { direction: 'ingress', ethertype, remote_group_id: group.id } as const
      transaction.securityGroupRules.insert(newRule(parts, group, fromEachOther))
    }
    return group
  }

  return {
    type: securityGroupType,
    list: (listing, visible) =>
      listRows(
        securityGroupType,
        shownRows(backend.state.securityGroups, (group) => show(backend.state, group)),
        listing,
        visible,
      ),
    notFound: (id) => new NetworkingError('SecurityGroupNotFound', { id }),
    get: (state, id) => show(state, foundGroup(state, id)),
    create(transaction, { name, description, stateful, ...draft }, project) {
      if (name === defaultName) throw new NetworkingError('SecurityGroupDefaultAlreadyExists')
      const owner = ownedBy(draft, project)
      defaultOf(transaction, owner.project_id)
      return show(transaction, insert(transaction, { name, description, stateful, ...owner }))
    },
    update(transaction, id, change, ifRevision) {
      const before = foundGroup(transaction, id)
      checkRevision(before, ifRevision)
      if (before.name === defaultName && change.name !== undefined && change.name !== defaultName)
        throw new NetworkingError('SecurityGroupCannotUpdateDefault')
      if (before.name !== defaultName && change.name === defaultName)
        throw new NetworkingError('SecurityGroupDefaultAlreadyExists')
      const group = { ...before, ...change, updated_at: now(), revision_number: before.revision_number + 1 }
      transaction.securityGroups.update(group)
      return show(transaction, group)
    },
    remove(transaction, id, ifRevision) {
      const group = foundGroup(transaction, id)
      checkRevision(group, ifRevision)
      if (group.name === defaultName) throw new NetworkingError('SecurityGroupCannotRemoveDefault')
      refuseUsed(transaction, id)
      for (const rule of transaction.securityGroupRules.find('security_group_id', id))
        transaction.securityGroupRules.remove(rule.id)
      transaction.securityGroups.remove(id)
    },
    defaultOf,
    hasDefault: (state, project) => knownDefault(state, project) !== undefined,
  }
}

/** Its own, or that of nobody: ovirt-provider-ovn has one for all, and its ports are to reach those that are made here. */
function knownDefault({ securityGroups }: State, project: string): SecurityGroup | undefined {
  const defaultIn = (owner: string) => securityGroups.find('project_id', owner).find(({ name }) => name === defaultName)
  return defaultIn(project) ?? defaultIn('')
}

/** No index answers this: groups go seldom. */
function refuseUsed({ ports }: State, id: string): void {
  for (const port of ports.all())
    if (port.security_groups.includes(id)) throw new NetworkingError('SecurityGroupInUse', { id })
}

const show = ({ securityGroupRules }: State, group: SecurityGroup): ShownGroup => ({
  ...group,
  security_group_rules: securityGroupRules.find('security_group_id', group.id),
})
