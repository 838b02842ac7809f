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

export function refuseUsed(users: readonly Vm[], action: string): void {
  if (users.length > 0)
    throw new Fault('ACTION_TYPE_FAILED_IN_USE', { action, users: users.map(({ name }) => `VM ${name}`).join(', ') })
}
