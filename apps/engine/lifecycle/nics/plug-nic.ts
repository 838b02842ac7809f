// Hot plug: a port is allocated for the vNIC, and the host of the running VM plugs it in. A new vNIC is added first.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { hotplugDocument, hotunplugDocument } from '../../domain-xml/interface-element.ts'
import type { Nic } from '../../store/entities/vms.ts'
import { notePortsMade } from '../ports/ports-made.ts'
import { shared } from '../workflows/locks.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { insertNic } from './nic-row.ts'
import { allocatePorts, devicesOf, type Ports, takeBackPorts, vnicsOf } from './vnic-ports.ts'
import { wiringOf } from './wiring.ts'

export interface PlugNicState {
  readonly vmId: string
  readonly nicId: string
  readonly hostId: string
  /** The vNIC, where it is a new one: without its plug it is not added. */
  readonly added?: Nic
  readonly ports?: Ports
  readonly wiredAs?: string
}

export const plugNic: Workflow<PlugNicState, Parts> = {
  kind: 'plug-nic',
  // vNICs of one VM are plugged side by side.
  locks: ({ vmId, nicId }) => [shared(`vm:${vmId}`), `nic:${nicId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'add the vNIC, if it is new',
      async record({ added, nicId }, tables) {
        if (added) await insertNic(tables, added)
        const nic = await tables.nics.get(nicId)
        if (nic) await notePortsMade(tables, await vnicsOf({ store: tables }, [nic]))
      },
      async undo({ added }, { store }) {
        if (added) await store.nics.remove(added.id)
      },
    },
    {
      name: 'allocate the port',
      run: async (state, parts) => ({ ports: await allocatePorts(parts, await vnicOf(state, parts), state.hostId) }),
      undo: async (state, parts) => takeBackPorts(parts, await vnicOf(state, parts)),
    },
    {
      name: 'plug it on the host',
      run: async ({ vmId, nicId, hostId, ports = {} }, parts) => ({
        wiredAs: await plugOnHost(parts, { vmId, nicId, hostId, ports }),
      }),
      async record({ nicId, ports, wiredAs }, { nics }) {
        await nics.update(nicId, { plugged: true, hasPort: nicId in ports!, wiredAs: wiredAs! })
      },
      undo: ({ vmId, nicId, hostId }, parts) => unplugOnHost(parts, hostId, vmId, nicId),
    },
  ],
}

async function vnicOf({ nicId }: PlugNicState, parts: Parts) {
  return vnicsOf(parts, [(await parts.store.nics.get(nicId))!])
}

export interface HostPlug {
  readonly vmId: string
  readonly nicId: string
  readonly hostId: string
  readonly ports: Ports
}

/** May be repeated. Answers how the host was told to wire it. */
export async function plugOnHost(parts: Parts, { vmId, nicId, hostId, ports }: HostPlug): Promise<string> {
  const [device] = await devicesOf(parts, [(await parts.store.nics.get(nicId))!], ports)
  const params = { vmId, xml: hotplugDocument(device!) }
  await parts.hosts.callAgain(hostId, 'VM.hotplugNic', { vmID: vmId, params })
  return wiringOf(device!)
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
