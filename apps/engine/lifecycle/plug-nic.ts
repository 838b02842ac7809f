// Hot plug: a port is allocated for the vNIC, and the host of the running VM plugs it in.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { hotplugDocument, hotunplugDocument } from '../domain-xml/interface-element.ts'
import type { Parts } from './parts.ts'
import { deviceOf, unconnectedDevice } from './vnic.ts'
import { allocatePorts, notePorts, type Ports, type PortsBefore, takeBackPorts, vnicsOf } from './vnic-ports.ts'
import type { Workflow } from './workflow.ts'

export interface PlugNicState {
  readonly vmId: string
  readonly nicId: string
  readonly hostId: string
  readonly portsBefore?: PortsBefore
  readonly ports?: Ports
}

export const plugNic: Workflow<PlugNicState, Parts> = {
  kind: 'plug-nic',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'look up the port',
      run: async (state, parts) => ({ portsBefore: await notePorts(parts, await vnicOf(state, parts)) }),
    },
    {
      name: 'allocate the port',
      run: async (state, parts) => ({ ports: await allocatePorts(parts, await vnicOf(state, parts), state.hostId) }),
      undo: async (state, parts) => takeBackPorts(parts, await vnicOf(state, parts), state.portsBefore!),
    },
    {
      name: 'plug it on the host',
      async run(state, parts) {
        const { vmId, nicId, hostId } = state
        const [vnic] = await vnicOf(state, parts)
        const device = vnic
          ? deviceOf(vnic, state.ports![nicId]!)
          : unconnectedDevice((await parts.store.nics.get(nicId))!)
        await parts.hosts.callAgain(hostId, 'VM.hotplugNic', {
          vmID: vmId,
          params: { vmId, xml: hotplugDocument(device) },
        })
        return undefined
      },
      undo: ({ vmId, nicId, hostId }, parts) => unplugOnHost(parts, hostId, vmId, nicId),
    },
    {
      name: 'record that it is plugged',
      async run({ nicId }, { store }) {
        await store.nics.update(nicId, { plugged: true })
        return undefined
      },
    },
  ],
}

async function vnicOf({ nicId }: PlugNicState, parts: Parts) {
  return vnicsOf(parts, [(await parts.store.nics.get(nicId))!])
}

/** Succeeds when the VM or its vNIC is not there. */
export async function unplugOnHost({ hosts }: Parts, hostId: string, vmId: string, nicId: string): Promise<void> {
  try {
    await hosts.callAgain(hostId, 'VM.hotunplugNic', { vmID: vmId, params: { vmId, xml: hotunplugDocument(nicId) } })
  } catch (error) {
    const absent: number[] = [vdsmErrors.NoSuchVM.code, vdsmErrors.VMIsDown.code]
    if (!(error instanceof VdsmError && absent.includes(error.code))) throw error
  }
}
