// A security group is a Port_Group, with ovirt-provider-ovn's names for what it says of one.
import { type SecurityGroup, securityGroupType } from '@patchbay/networking-api/resources/security-groups.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { nb, type PortGroupRow } from '../../northbound.ts'
import { type Image, insertion, modification } from '../image.ts'
import { inOrder, ownAttributes, ownKey, ownText, strangersDefaults } from '../own-attributes.ts'

/** All secured ports are in it, see memberships.ts. */
export const dropGroupName = 'DropAll'
/** ovirt-provider-ovn's one default group, of no project. Its name is also what its ports and rules call it. */
export const strangersDefaultName = 'Default'
const defaultName = 'default'

/** OVN's names of port groups are identifiers. */
const newPortGroupName = (groupId: string) => `ovirt_${groupId.replaceAll('-', '_')}`

/** `row`: of a group that is there, which may have been named by somebody else. */
export const portGroupName = (groupId: string, row: PortGroupRow | undefined) => row?.name ?? newPortGroupName(groupId)

const elsewhere = new Set([
  'id',
  'name',
  'description',
  'project_id',
  'tenant_id',
  'created_at',
  'updated_at',
  'revision_number',
])
const defaults = strangersDefaults(securityGroupType)

function idsOf(group: SecurityGroup): Record<string, string> {
  return {
    ovirt_sec_group_name: group.name,
    ovirt_description: group.description,
    ovirt_project_id: group.project_id,
    ovirt_tenant_id: group.tenant_id,
    ovirt_created_at: group.created_at,
    ovirt_updated_at: group.updated_at,
    ovirt_revision_number: String(group.revision_number),
    [ownKey]: ownText(group, elsewhere, defaults),
  }
}

const imageOf = (group: SecurityGroup): Image => ({ columns: {}, maps: { external_ids: idsOf(group) } })

export function insertGroup(group: SecurityGroup): Operation {
  const columns = { name: newPortGroupName(group.id) }
  return insertion('Port_Group', group.id, { ...imageOf(group), columns })
}

export const updateGroup = (before: SecurityGroup, after: SecurityGroup): Operation[] =>
  modification('Port_Group', after.id, imageOf(before), imageOf(after))

export const deleteGroup = ({ id }: SecurityGroup): Operation => nb.delete('Port_Group', [['_uuid', '==', id]])

/** Fails the transaction unless the group is there, or is as it was read. */
export const guardGroup = (row: PortGroupRow, isChanged: boolean): Operation =>
  nb.unchanged('Port_Group', row, isChanged ? ['external_ids'] : ['name'])

/** undefined for port groups that are no security groups. */
export function readGroup({ _uuid: id, name, external_ids: ids }: PortGroupRow): SecurityGroup | undefined {
  if (ids.ovirt_sec_group_name === undefined || name === dropGroupName) return undefined
  return inOrder(securityGroupType, {
    ...defaults,
    ...ownAttributes(ids),
    id,
    name: name === strangersDefaultName ? defaultName : ids.ovirt_sec_group_name,
    description: ids.ovirt_description ?? '',
    project_id: ids.ovirt_project_id ?? '',
    tenant_id: ids.ovirt_tenant_id ?? ids.ovirt_project_id ?? '',
    created_at: timeOf(ids.ovirt_created_at),
    updated_at: timeOf(ids.ovirt_updated_at),
    revision_number: Number(ids.ovirt_revision_number) || 0,
  } as unknown as SecurityGroup)
}

/** Theirs has parts of a second, and no zone: it is UTC. */
const timeOf = (text: string | undefined) => (text === undefined ? defaults.created_at : `${text.slice(0, 19)}Z`)
