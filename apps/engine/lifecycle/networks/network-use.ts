// Who uses networks, by their vNIC profiles.
import { Fault } from '../../faults.ts'
import type { VnicProfile } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'

export interface NetworkUser {
  readonly kind: 'VM' | 'Template' | 'Host'
  readonly name: string
  /** '' for a template of any cluster. */
  readonly clusterId: string
}

/** The VMs, and then the templates, with a vNIC on one of the profiles. */
export async function usersOf(tables: Tables, profiles: readonly VnicProfile[]): Promise<NetworkUser[]> {
  const vmIds = new Set<string>()
  const templateIds = new Set<string>()
  for (const { id: profileId } of profiles) {
    for (const { vmId } of await tables.nics.find({ profileId })) vmIds.add(vmId)
    for (const { templateId } of await tables.templateNics.find({ profileId })) templateIds.add(templateId)
  }
  const vms = await Promise.all([...vmIds].map((id) => tables.vms.get(id)))
  const templates = await Promise.all([...templateIds].map((id) => tables.templates.get(id)))
  const named = (kind: NetworkUser['kind'], rows: readonly (Omit<NetworkUser, 'kind'> | undefined)[]) =>
    rows.filter((row) => row !== undefined).map(({ name, clusterId }) => ({ kind, name, clusterId }))
  return [...named('VM', vms), ...named('Template', templates)]
}

/** Hosts that it is attached to, and templates that use it, know it by its name. */
export async function refuseRenamedInUse(tables: Tables, networkId: string, action: string): Promise<void> {
  const attachments = await tables.networkAttachments.find({ networkId })
  const hosts = await tables.hosts.getAll(attachments.map(({ hostId }) => hostId))
  const users = await usersOf(tables, await tables.vnicProfiles.find({ networkId }))
  const named = [...hosts.values()].map(({ name, clusterId }) => ({ kind: 'Host', name, clusterId }) as const)
  refuseUsedNetwork([...named, ...users.filter(({ kind }) => kind === 'Template')], action)
}

/** `nic1 of VM vm`: those that are plugged into VMs that run, so that hosts were told of them. */
export async function activeVnicsOf({ nics, vms }: Tables, profiles: readonly VnicProfile[]): Promise<string[]> {
  const active: string[] = []
  for (const { id: profileId } of profiles)
    for (const { name, vmId } of await nics.find({ profileId, plugged: true })) {
      const vm = await vms.get(vmId)
      if (vm && vm.hostId !== '') active.push(`${name} of VM ${vm.name}`)
    }
  return active
}

export function refuseUsedNetwork(users: readonly NetworkUser[], action: string): void {
  refuse('ACTION_TYPE_FAILED_NETWORK', users, action)
}

export function refuseUsedProfile(users: readonly NetworkUser[], action: string): void {
  refuse('ACTION_TYPE_FAILED_VNIC_PROFILE', users, action)
}

function refuse(
  prefix: 'ACTION_TYPE_FAILED_NETWORK' | 'ACTION_TYPE_FAILED_VNIC_PROFILE',
  users: readonly NetworkUser[],
  action: string,
): void {
  // One kind at a time, as in the real engine.
  const [first] = users
  if (!first) return
  const same = users.filter(({ kind }) => kind === first.kind)
  const names = same.map(({ name }) => name).join(', ')
  throw same.length === 1
    ? new Fault(`${prefix}_IN_ONE_USE`, { action, kind: first.kind, names })
    : new Fault(`${prefix}_IN_MANY_USES`, { action, kind: `${first.kind}s`, count: String(same.length), names })
}
