// What the import dialog knows: the provider's networks, and those of them that are marked, with the name and the data center
// that they get. Rules as in oVirt's dialog, but the name that is typed is the one that is used.
import type { providerNetworkType } from '@patchbay/ovirt-api/types/providers.ts'
import type { Shown } from '../engine/resource.ts'
import { text } from '../text/import.ts'

export type Offered = Shown<typeof providerNetworkType>
export interface DataCenter {
  readonly id: string
  readonly name?: string | undefined
}

export interface Marked {
  readonly externalId: string
  readonly name: string
  readonly dataCenterId: string
  readonly publicUse: boolean
}

/** Where the network is not imported yet. */
export function freeDataCenters({ data_centers = [] }: Offered, dataCenters: readonly DataCenter[]): DataCenter[] {
  return dataCenters.filter(({ id }) => !data_centers.some((taken) => taken.id === id))
}

/** Neither marked, nor in every data center already. */
export function offeredOf(
  networks: readonly Offered[],
  marked: readonly Marked[],
  dataCenters: readonly DataCenter[],
): Offered[] {
  return networks.filter(
    (network) =>
      freeDataCenters(network, dataCenters).length > 0 && !marked.some(({ externalId }) => externalId === network.id),
  )
}

export function mark(network: Offered, dataCenters: readonly DataCenter[]): Marked {
  const [first] = freeDataCenters(network, dataCenters)
  return { externalId: network.id, name: network.name ?? '', dataCenterId: first?.id ?? '', publicUse: true }
}

/** What is wrong with a row; undefined: nothing. */
export function mistakeOf(row: Marked, rows: readonly Marked[]): string | undefined {
  if (row.name.trim() === '') return text.nameNeeded
  const isTaken = rows.some(
    (other) => other !== row && other.name === row.name && other.dataCenterId === row.dataCenterId,
  )
  return isTaken ? text.duplicate : undefined
}

/** The body of the action. */
export const importBody = ({ name, dataCenterId, publicUse }: Marked) => ({
  data_center: { id: dataCenterId },
  name: name.trim(),
  public_use: String(publicUse),
  all_clusters: 'true',
})
