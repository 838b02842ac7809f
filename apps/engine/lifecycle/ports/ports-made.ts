// The engine's memory of the ports it made. Several engines may share a provider, and all of them call the owner of their ports
// oVirt: only what is written here is certainly this engine's own.
import { isUnmanaged } from '../../providers/unmanaged-client.ts'
import type { PortMade } from '../../store/entities/ports.ts'
import type { Tables } from '../../store/store.ts'
import type { Vnic } from '../../store/vnic-connections.ts'

export const portMadeId = (nicId: string, providerId: string) => `${nicId}@${providerId}`

/** Written down before the provider is asked for the ports: a late answer must not leave one that nobody knows. */
export async function notePortsMade(tables: Tables, vnics: readonly Vnic[]): Promise<void> {
  for (const row of await unnoted(tables, vnics)) await tables.portsMade.insert(row)
}

/** What is to be noted yet. */
export async function unnoted(tables: Tables, vnics: readonly Vnic[]): Promise<PortMade[]> {
  const rows = vnics
    .filter(({ nic, provider }) => !nic.hasPort && !isUnmanaged(provider))
    .map(({ nic: { id: nicId, name: nicName }, provider: { id: providerId } }) => {
      return { id: portMadeId(nicId, providerId), nicId, providerId, nicName, missingSince: 0 }
    })
  const noted = await tables.portsMade.getAll(rows.map(({ id }) => id))
  return rows.filter(({ id }) => !noted.has(id))
}
