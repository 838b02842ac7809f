// The engine's memory of the ports it made. Several engines may share a provider, and all of them call the owner of their ports
// oVirt: only what is written here is certainly this engine's own.
import { isUnmanaged } from '../../providers/unmanaged-client.ts'
import type { Tables } from '../../store/store.ts'
import type { Vnic } from '../nics/vnic.ts'

export const portMadeId = (nicId: string, providerId: string) => `${nicId}@${providerId}`

/** Written down before the provider is asked for the port: a late answer must not leave one that nobody knows. */
export async function notePortMade(tables: Tables, { nic, provider }: Pick<Vnic, 'nic' | 'provider'>): Promise<void> {
  const id = portMadeId(nic.id, provider.id)
  if (nic.hasPort || isUnmanaged(provider) || (await tables.portsMade.get(id))) return
  await tables.portsMade.insert({ id, nicId: nic.id, providerId: provider.id, nicName: nic.name, missingSince: 0 })
}
