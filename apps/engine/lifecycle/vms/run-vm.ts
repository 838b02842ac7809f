// Run VM: a host is chosen, ports are allocated for the plugged vNICs, and the host starts the VM with them. A suspended
// VM is run the same way, from its saved state, on the host that has it.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { domainXml } from '../../domain-xml/domain.ts'
import { Fault } from '../../faults.ts'
import type { Nic, Vm, VmStatus } from '../../store/entities/vms.ts'
import { allocatePorts, devicesOf, type Ports, takeBackPorts, vnicsOf } from '../nics/vnic-ports.ts'
import { wiringOf } from '../nics/wiring.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { destroyOnHost } from './stop-vm.ts'
import { reportedStatus } from './vm-status.ts'

export interface RunVmState {
  readonly vmId: string
  /** The host asked for, if one was. */
  readonly wantedHostId?: string
  /** It is to stand still until somebody lets it go on. */
  readonly isPaused?: boolean
  /** Of a suspended VM: the handle of its state. */
  readonly savedState?: string
  readonly hostId?: string
  readonly ports?: Ports
  /** vNIC id → how its host was told to wire it. */
  readonly wiredAs?: Readonly<Record<string, string>>
  readonly status?: VmStatus
}

const startTimeoutMs = 180_000

export const runVm: Workflow<RunVmState, Parts> = {
  kind: 'run-vm',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'choose a host',
      async run({ vmId, wantedHostId: wanted }, { store, scheduler }) {
        const { id: hostId } = await scheduler.choose((await store.vms.get(vmId))!, { action: 'run VM', wanted })
        return { hostId }
      },
      async record({ vmId, hostId, savedState }, { vms }) {
        const status = savedState ? 'restoring_state' : 'wait_for_launch'
        await vms.update(vmId, { status, statusDetail: '', hostId: hostId! })
      },
      async undo({ vmId, savedState }, { store }, reason) {
        await store.vms.update(vmId, { status: savedState ? 'suspended' : 'down', hostId: '', statusDetail: reason })
      },
    },
    {
      name: 'allocate ports',
      run: async ({ vmId, hostId }, parts) => ({
        ports: await allocatePorts(parts, await vnicsOf(parts, await pluggedNics(parts, vmId)), hostId!),
      }),
      undo: async ({ vmId }, parts) => takeBackPorts(parts, await vnicsOf(parts, await pluggedNics(parts, vmId))),
    },
    {
      name: 'start on the host',
      async run({ vmId, hostId, ports, savedState, isPaused }, parts) {
        const devices = await devicesOf(parts, await pluggedNics(parts, vmId), ports!)
        const vm = (await parts.store.vms.get(vmId))!
        await createOnHost(parts, hostId!, {
          vmId,
          xml: domainXml(vm, devices, isPaused),
          ...(savedState && { hiberVolHandle: savedState }),
        })
        const status = await untilItRuns(parts, vm, hostId!)
        return { status, wiredAs: Object.fromEntries(devices.map((device) => [device.nicId, wiringOf(device)])) }
      },
      async record({ vmId, ports, wiredAs, status }, { nics, vms }) {
        for (const [nicId, wiring] of Object.entries(wiredAs!))
          await nics.update(nicId, { wiredAs: wiring, ...(nicId in ports! && { hasPort: true }) })
        await vms.update(vmId, { status: status!, savedState: '', savedOn: '' })
      },
      undo: ({ vmId, hostId }, parts) => destroyOnHost(parts, hostId!, vmId),
    },
  ],
}

const pluggedNics = ({ store }: Parts, vmId: string): Promise<Nic[]> => store.nics.find({ vmId, plugged: true })

interface VmParams {
  readonly vmId: string
  readonly xml: string
  readonly hiberVolHandle?: string
}

/** A VM that an interrupted attempt started is taken as it is. */
async function createOnHost(parts: Parts, hostId: string, vmParams: VmParams): Promise<void> {
  const { vmId } = vmParams
  const create = () => parts.hosts.callAgain(hostId, 'VM.create', { vmID: vmId, vmParams })
  try {
    await create()
  } catch (error) {
    if (!(error instanceof VdsmError && error.code === vdsmErrors.VMExists.code)) throw error
    if ((await parts.watch.look(hostId, vmId)).status === 'Down') {
      await destroyOnHost(parts, hostId, vmId)
      await create()
    }
  }
}

async function untilItRuns({ watch }: Parts, vm: Vm, hostId: string): Promise<VmStatus> {
  const told = await watch.until(hostId, vm.id, startTimeoutMs, (now) =>
    now.status === 'Down' || now.status === 'gone' || reportedStatus(now) ? now : undefined,
  )
  const status = reportedStatus(told)
  if (status) return status
  const reason = told.exitMessage ?? 'it went down while it was starting'
  throw new Fault('VM_START_FAILED', { vm: vm.name, reason })
}
