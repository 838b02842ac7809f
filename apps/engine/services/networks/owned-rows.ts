// A new network with the permissions of whoever makes it, as in oVirt: NetworkAdmin on it and on its profiles.
import { permissionOfMaker } from '../../access/maker.ts'
import { on } from '../../access/objects.ts'
import { networkAdminId } from '../../access/predefined-roles.ts'
import type { Rights } from '../../access/rights.ts'
import type { NetworkRows } from '../../lifecycle/networks/insert-network.ts'

export async function ownedRows(rights: Rights | undefined, rows: NetworkRows): Promise<NetworkRows> {
  const { network, profiles } = rows
  const made = [on('network', network.id), ...profiles.map(({ id }) => on('vnic_profile', id))]
  const place = on('data_center', network.dataCenterId)
  const permissions = await Promise.all(made.map((each) => permissionOfMaker(rights, networkAdminId, place, each)))
  return { ...rows, permissions: permissions.flat() }
}
