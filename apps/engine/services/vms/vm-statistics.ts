// What the host of a running VM tells of it as a whole, as oVirt's statistics. Asked when it is wanted.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { statisticType } from '@patchbay/ovirt-api/types/nic-details.ts'
import type { VmOnHost } from '../../hosts/vm-watch.ts'
import { lastingId } from '../../lasting-id.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Vm } from '../../store/entities/vms.ts'
import { existing } from '../names.ts'

export type VmStatistic = ResourceOf<typeof statisticType> & { readonly id: string }

const hostPatienceMs = 1_000

/** Of a VM that does not run, without values. */
export async function vmStatistics({ store, watch }: Parts, vmId: string): Promise<VmStatistic[]> {
  const vm = await existing(store.vms, 'VM', vmId)
  return statisticsOf(vm, vm.hostId === '' ? undefined : await watch.look(vm.hostId, vm.id, hostPatienceMs))
}

function statisticsOf(vm: Vm, now: VmOnHost | undefined): VmStatistic[] {
  const percent = (given: string | undefined) => (given === undefined ? undefined : Number(given))
  const [guest, overhead] = [percent(now?.cpuUser), percent(now?.cpuSys)]
  const total = guest === undefined || overhead === undefined ? undefined : guest + overhead
  const decimal = { kind: 'gauge', type: 'decimal', unit: 'percent' } as const
  const bytes = { kind: 'gauge', type: 'integer', unit: 'bytes' } as const
  const rows = [
    ['memory.installed', 'Total memory configured', bytes, vm.memory],
    ['memory.used', 'Memory used (agent)', bytes, used(vm, percent(now?.memUsage))],
    ['cpu.current.guest', 'CPU used by guest', decimal, guest],
    ['cpu.current.hypervisor', 'CPU overhead', decimal, overhead],
    ['cpu.current.total', 'Total CPU used', decimal, total],
    ['migration.progress', 'Migration Progress', { ...decimal, type: 'integer' }, now?.migrationProgress],
    [
      'elapsed.time',
      'Elapsed VM runtime',
      { kind: 'counter', type: 'integer', unit: 'seconds' },
      percent(now?.elapsedTime),
    ],
  ] as const
  return rows.map(([name, description, how, datum]) => ({
    id: lastingId(vm.id, name),
    name,
    description,
    ...how,
    values: datum === undefined ? [] : [{ datum: String(datum) }],
    vm: { id: vm.id },
  }))
}

const used = ({ memory }: Vm, percent: number | undefined) =>
  percent === undefined ? undefined : Math.round((memory * percent) / 100)
