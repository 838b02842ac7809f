// What the host of a running VM tells of its vNICs: counters, and what an agent in the guest knows. Asked when it is wanted.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { statisticType } from '@patchbay/ovirt-api/types/nic-details.ts'
import type { GuestInterface, NicOnHost, VmOnHost } from '../../hosts/vm-watch.ts'
import { lastingId } from '../../lasting-id.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Nic } from '../../store/entities/vms.ts'
import { existing } from '../names.ts'

export type Statistic = ResourceOf<typeof statisticType> & { readonly id: string }

export interface ReportedDevice {
  readonly id: string
  readonly vmId: string
  readonly name: string
  readonly mac: string
  readonly ips: readonly { readonly address: string; readonly version: 'v4' | 'v6' }[]
}

export interface NicStatisticService {
  /** Of a vNIC that is not running, without values. */
  statistics(nic: Nic): Promise<Statistic[]>
  /** Nothing where the guest has no agent. */
  reportedDevices(nic: Nic): Promise<ReportedDevice[]>
}

const hostPatienceMs = 1_000

export function createNicStatistics({ store, watch, samples }: Parts): NicStatisticService {
  /** What the host says now, and what it said before, if it was asked before. */
  async function told({ vmId }: Nic): Promise<{ now?: VmOnHost; before?: VmOnHost }> {
    const { hostId } = await existing(store.vms, 'VM', vmId)
    if (hostId === '') return {}
    const before = samples.of(hostId, vmId)
    return { now: await watch.look(hostId, vmId, hostPatienceMs), ...(before && { before }) }
  }

  return {
    async statistics(nic) {
      const { now, before } = await told(nic)
      return statisticsOf(nic, nicIn(now, nic), nicIn(before, nic))
    },
    async reportedDevices(nic) {
      const { now } = await told(nic)
      return (now?.netIfaces ?? []).filter(({ hw }) => hw.toLowerCase() === nic.mac).map((each) => deviceOf(nic, each))
    },
  }
}

const nicIn = (vm: VmOnHost | undefined, { mac }: Nic): NicOnHost | undefined =>
  Object.values(vm?.network ?? {}).find(({ macAddr }) => macAddr.toLowerCase() === mac)

/** oVirt's, in its order. Rates are those since the host was asked before. */
function statisticsOf(nic: Nic, now: NicOnHost | undefined, before: NicOnHost | undefined): Statistic[] {
  const total = (counter: Counter) => (now?.[counter] === undefined ? undefined : Number(now[counter]))
  const rx = rate('rx', now, before)
  const tx = rate('tx', now, before)
  const bits = (bytes: number | undefined) => bytes && bytes * 8
  const gauge = { kind: 'gauge', type: 'decimal' } as const
  const counter = { kind: 'counter', type: 'integer' } as const
  const rows = [
    ['data.current.rx', 'Receive data rate', { ...gauge, unit: 'bytes_per_second' }, rx],
    ['data.current.tx', 'Transmit data rate', { ...gauge, unit: 'bytes_per_second' }, tx],
    ['data.current.rx.bps', 'Receive data rate in bps', { ...gauge, unit: 'bits_per_second' }, bits(rx)],
    ['data.current.tx.bps', 'Transmit data rate in bps', { ...gauge, unit: 'bits_per_second' }, bits(tx)],
    ['errors.total.rx', 'Total received errors', { ...counter, unit: 'none' }, total('rxErrors')],
    ['errors.total.tx', 'Total transmitted errors', { ...counter, unit: 'none' }, total('txErrors')],
    ['data.total.rx', 'Total received data', { ...counter, unit: 'bytes' }, total('rx')],
    ['data.total.tx', 'Total transmitted data', { ...counter, unit: 'bytes' }, total('tx')],
  ] as const
  return rows.map(([name, description, how, datum]) => ({
    id: lastingId(nic.id, name),
    name,
    description,
    ...how,
    values: datum === undefined ? [] : [{ datum: String(datum) }],
    nic: { id: nic.id },
  }))
}

type Counter = 'rx' | 'tx' | 'rxErrors' | 'txErrors'

/** Per second. undefined without two samples of the same plug. */
function rate(counter: Counter, now: NicOnHost | undefined, before: NicOnHost | undefined): number | undefined {
  const seconds = (now?.sampleTime ?? 0) - (before?.sampleTime ?? 0)
  const more = Number(now?.[counter]) - Number(before?.[counter])
  return now && before && seconds > 0 && more >= 0 ? more / seconds : undefined
}

function deviceOf({ vmId }: Nic, { name, hw, inet = [], inet6 = [] }: GuestInterface): ReportedDevice {
  const ips = [
    ...inet.map((address) => ({ address, version: 'v4' as const })),
    ...inet6.map((address) => ({ address, version: 'v6' as const })),
  ]
  return { id: lastingId(vmId, name), vmId, name, mac: hw.toLowerCase(), ips }
}
