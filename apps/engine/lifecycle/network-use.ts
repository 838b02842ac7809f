// Who uses networks, by their vNIC profiles.
import { Fault } from '../faults.ts'
import type { VnicProfile } from '../store/entities/networks.ts'
import type { Vm } from '../store/entities/vms.ts'
import type { Tables } from '../store/store.ts'

/** The VMs with a vNIC on one of the profiles. */
export async function usersOf(tables: Tables, profiles: readonly VnicProfile[]): Promise<Vm[]> {
  const vmIds = new Set<string>()
  for (const { id } of profiles) for (const { vmId } of await tables.nics.find({ profileId: id })) vmIds.add(vmId)
  const vms = await Promise.all([...vmIds].map((id) => tables.vms.get(id)))
  return vms.filter((vm) => vm !== undefined)
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

export function refuseUsedNetwork(users: readonly Vm[], action: string): void {
  refuse('ACTION_TYPE_FAILED_NETWORK', users, action)
}

export function refuseUsedProfile(users: readonly Vm[], action: string): void {
  refuse('ACTION_TYPE_FAILED_VNIC_PROFILE', users, action)
}

function refuse(
  prefix: 'ACTION_TYPE_FAILED_NETWORK' | 'ACTION_TYPE_FAILED_VNIC_PROFILE',
  users: readonly Vm[],
  action: string,
): void {
  const names = users.map(({ name }) => name).join(', ')
  if (users.length === 1) throw new Fault(`${prefix}_IN_ONE_USE`, { action, kind: 'VM', names })
  if (users.length > 1)
    throw new Fault(`${prefix}_IN_MANY_USES`, { action, kind: 'VMs', count: String(users.length), names })
}
