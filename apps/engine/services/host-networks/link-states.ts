// What only the host knows of its interfaces at this moment: whether they are up, and their counters.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { statisticType } from '@patchbay/ovirt-api/types/nic-details.ts'
import type { HostNic } from '../../hosts/host-nics.ts'
import { lastingId } from '../../lasting-id.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'

/** As VDSM tells it: counters are texts. */
export interface LinkState {
  readonly state?: string
  readonly rx?: string
  readonly tx?: string
  readonly rxErrors?: string
  readonly txErrors?: string
}

export type HostNicStatistic = ResourceOf<typeof statisticType> & { readonly id: string }

const briefly = { patienceMs: 0, timeoutMs: 1_000 }

/** By name; empty where the host does not answer at once. */
export async function linkStates(
  { hosts }: Pick<Parts, 'hosts'>,
  hostId: string,
): Promise<Readonly<Record<string, LinkState>>> {
  const told = await hosts.call(hostId, 'Host.getNetworkStatistics', {}, briefly).catch(() => ({}))
  return (told as { network?: Record<string, LinkState> }).network ?? {}
}

/** oVirt's counters of a host interface. */
export function statisticsOf({ id: nicId }: HostNic, now: LinkState | undefined): HostNicStatistic[] {
  const rows = [
    ['data.total.rx', 'Total received data', 'bytes', now?.rx],
    ['data.total.tx', 'Total transmitted data', 'bytes', now?.tx],
    ['errors.total.rx', 'Total received errors', 'none', now?.rxErrors],
    ['errors.total.tx', 'Total transmitted errors', 'none', now?.txErrors],
  ] as const
  return rows.map(([name, description, unit, datum]) => ({
    id: lastingId(nicId, name),
    name,
    description,
    kind: 'counter',
    type: 'integer',
    unit,
    values: datum === undefined ? [] : [{ datum }],
    host_nic: { id: nicId },
  }))
}
