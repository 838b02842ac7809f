// Run VM: a host is chosen, ports are allocated for the plugged vNICs, and the host starts the VM with them.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { domainXml } from '../domain-xml/domain.ts'
import { Fault } from '../faults.ts'
import type { Nic, Vm } from '../store/entities/vms.ts'
import type { Parts } from './parts.ts'
import { destroyOnHost } from './stop-vm.ts'
import { deviceOf, unconnectedDevice } from './vnic.ts'
import { allocatePorts, type Ports, takeBackPorts, vnicsOf } from './vnic-ports.ts'
import type { Workflow } from './workflow.ts'

export interface RunVmState {
  readonly vmId: string
  /** The host asked for, if one was. */
  readonly wantedHostId?: string
  readonly hostId?: string
  readonly ports?: Ports
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
        await createOnHost(parts, (await parts.store.vms.get(vmId))!, hostId!, ports!)
        return undefined
      },
      async record({ vmId, ports }, { nics, vms }) {
        for (const nicId of Object.keys(ports!)) await nics.update(nicId, { hasPort: true })
        await vms.update(vmId, { status: 'up' })
      },
      undo: ({ vmId, hostId }, parts) => destroyOnHost(parts, hostId!, vmId),
    },
  ],
}

const pluggedNics = ({ store }: Parts, vmId: string): Promise<Nic[]> => store.nics.find({ vmId, plugged: true })

/** Starts the VM and waits until it runs. A VM that an interrupted attempt started is taken as it is. */
async function createOnHost(parts: Parts, vm: Vm, hostId: string, ports: Ports): Promise<void> {
  const xml = domainXml(vm, await devicesOf(parts, vm.id, ports))
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

async function devicesOf(parts: Parts, vmId: string, ports: Ports) {
  const nics = await pluggedNics(parts, vmId)
  const vnics = await vnicsOf(parts, nics)
  return nics.map((nic) => {
    const vnic = vnics.find((each) => each.nic.id === nic.id)
    return vnic ? deviceOf(vnic, ports[nic.id]!) : unconnectedDevice(nic)
  })
}
