// Run VM: a host is chosen, ports are allocated for the plugged vNICs, and the host starts the VM with them.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { domainXml } from '../domain-xml/domain.ts'
import type { VnicDevice } from '../domain-xml/interface-element.ts'
import { Fault } from '../faults.ts'
import type { Nic, Vm } from '../store/entities/vms.ts'
import type { Parts } from './parts.ts'
import { destroyOnHost } from './stop-vm.ts'
import { allocatePorts, devicesOf, type Ports, takeBackPorts, vnicsOf } from './vnic-ports.ts'
import { wiringOf } from './wiring.ts'
import type { Workflow } from './workflow.ts'

export interface RunVmState {
  readonly vmId: string
  /** The host asked for, if one was. */
  readonly wantedHostId?: string
  readonly hostId?: string
  readonly ports?: Ports
  /** vNIC id → how its host was told to wire it. */
  readonly wiredAs?: Readonly<Record<string, string>>
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
      async record({ vmId, hostId }, { vms }) {
        await vms.update(vmId, { status: 'wait_for_launch', statusDetail: '', hostId: hostId! })
      },
      async undo({ vmId }, { store }) {
        await store.vms.update(vmId, { status: 'down', hostId: '' })
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
      async run({ vmId, hostId, ports }, parts) {
        const devices = await devicesOf(parts, await pluggedNics(parts, vmId), ports!)
        await createOnHost(parts, (await parts.store.vms.get(vmId))!, hostId!, devices)
        return { wiredAs: Object.fromEntries(devices.map((device) => [device.nicId, wiringOf(device)])) }
      },
      async record({ vmId, ports, wiredAs }, { nics, vms }) {
        for (const [nicId, wiring] of Object.entries(wiredAs!))
          await nics.update(nicId, { wiredAs: wiring, ...(nicId in ports! && { hasPort: true }) })
        await vms.update(vmId, { status: 'up' })
      },
      undo: ({ vmId, hostId }, parts) => destroyOnHost(parts, hostId!, vmId),
    },
  ],
}

const pluggedNics = ({ store }: Parts, vmId: string): Promise<Nic[]> => store.nics.find({ vmId, plugged: true })

/** Starts the VM and waits until it runs. A VM that an interrupted attempt started is taken as it is. */
async function createOnHost(parts: Parts, vm: Vm, hostId: string, devices: readonly VnicDevice[]): Promise<void> {
  const xml = domainXml(vm, devices)
  const create = () => parts.hosts.callAgain(hostId, 'VM.create', { vmID: vm.id, vmParams: { vmId: vm.id, xml } })
  try {
    await create()
  } catch (error) {
    if (!(error instanceof VdsmError && error.code === vdsmErrors.VMExists.code)) throw error
    if ((await parts.watch.look(hostId, vm.id)).status === 'Down') {
      await destroyOnHost(parts, hostId, vm.id)
      await create()
    }
  }
  await untilUp(parts, vm, hostId)
}

async function untilUp({ watch }: Parts, vm: Vm, hostId: string): Promise<void> {
  const failure = await watch.until(hostId, vm.id, startTimeoutMs, ({ status, exitMessage }) => {
    if (status === 'Up' || status === 'Paused') return ''
    if (status === 'Down' || status === 'gone') return exitMessage ?? 'it went down while it was starting'
    return undefined
  })
  if (failure !== '') throw new Fault('VM_START_FAILED', { vm: vm.name, reason: failure })
}
