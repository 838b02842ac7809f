// Update vNIC: its row is changed; a port on a network that it leaves goes; and on a running VM the host unplugs it, plugs
// it, or rewires it, as the change wants it.
import { hotplugDocument } from '../../domain-xml/interface-element.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import { resolveVnic } from '../../store/vnic-connections.ts'
import { portLock, removePort } from '../ports/remove-port.ts'
import { shared } from '../workflows/locks.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { checkNic } from './nic-row.ts'
import { plugOnHost, unplugOnHost } from './plug-nic.ts'
import { recordWhatTheHostSays } from './unplug-nic.ts'
import { allocatePorts, devicesOf, type Ports, takeBackPorts, vnicsOf } from './vnic-ports.ts'
import { wiringOf } from './wiring.ts'

export interface UpdateNicState {
  readonly vmId: string
  readonly before: Nic
  readonly after: Nic
  /** Where the VM runs; '' when it does not. */
  readonly hostId: string
  /** The port it leaves behind: the provider, and the provider's id of the network. */
  readonly left?: { readonly providerId: string; readonly networkId: string }
  readonly ports?: Ports
  readonly wiredAs?: string
}

export const updateNic: Workflow<UpdateNicState, Parts> = {
  kind: 'update-nic',
  locks: ({ vmId, before }) => [shared(`vm:${vmId}`), `nic:${before.id}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'change the vNIC',
      async record({ before, after, hostId, left }, tables) {
        await checkNic(tables, after, 'edit Interface')
        // What is plugged on a host, the later steps know.
        const plugged = hostId === '' ? after.plugged : before.plugged
        await tables.nics.update(before.id, { ...after, plugged, hasPort: before.hasPort && !left })
      },
      async undo({ before, hostId, left }, { store }) {
        const { plugged, ...fields } = before
        const restored = hostId === '' ? before : fields
        await store.nics.update(before.id, { ...restored, hasPort: before.hasPort && !left })
      },
    },
    {
      name: 'unplug it on the host, if it is to be unplugged',
      async run({ vmId, hostId, before, after }, parts) {
        if (hostId !== '' && before.plugged && !after.plugged) await unplugOnHost(parts, hostId, vmId, before.id)
        return undefined
      },
      async record({ before, after }, { nics }) {
        if (!after.plugged) await nics.update(before.id, { plugged: false })
      },
      async undo({ vmId, hostId, before, after }, parts) {
        if (hostId !== '' && before.plugged && !after.plugged)
          await recordWhatTheHostSays({ vmId, hostId, nicId: before.id }, parts)
      },
    },
    {
      name: 'remove its port, if it leaves the network',
      async run({ before: nic, left }, { workflows, locks }) {
        // One that was begun before a crash goes on by itself.
        if (left && !locks.holder(portLock(nic.id, left.providerId)))
          await workflows.start(removePort, { nic, ...left }, { action: 'remove port' })
        return undefined
      },
    },
    {
      name: 'allocate a port, if it is to be plugged',
      async run(state, parts) {
        if (!isPlug(state)) return undefined
        return { ports: await allocatePorts(parts, await vnicsOf(parts, [await nicOf(state, parts)]), state.hostId) }
      },
      async undo(state, parts) {
        if (isPlug(state)) await takeBackPorts(parts, await vnicsOf(parts, [await nicOf(state, parts)]))
      },
    },
    {
      name: 'plug it on the host, or rewire it there',
      async run(state, parts) {
        const { vmId, hostId, ports = {} } = state
        if (isPlug(state)) return { wiredAs: await plugOnHost(parts, { vmId, hostId, nicId: state.before.id, ports }) }
        return isRewiring(state) ? { wiredAs: await rewireOnHost(parts, state, state.after) } : undefined
      },
      async record(state, { nics }) {
        const { before, ports, wiredAs } = state
        if (isPlug(state))
          await nics.update(before.id, { plugged: true, hasPort: before.id in ports!, wiredAs: wiredAs! })
        else if (isRewiring(state)) await nics.update(before.id, { wiredAs: wiredAs! })
      },
      async undo(state, parts) {
        const { vmId, hostId, before } = state
        if (isPlug(state)) await unplugOnHost(parts, hostId, vmId, before.id)
        else if (isRewiring(state)) await rewireOnHost(parts, state, before)
      },
    },
  ],
}

const isPlug = ({ hostId, before, after }: UpdateNicState) => hostId !== '' && !before.plugged && after.plugged

const isRewiring = ({ hostId, before, after }: UpdateNicState) =>
  hostId !== '' &&
  before.plugged &&
  after.plugged &&
  (before.linked !== after.linked || before.profileId !== after.profileId)

const nicOf = async ({ before }: UpdateNicState, { store }: Parts) => (await store.nics.get(before.id))!

/** What the vNIC leaves when it goes from one profile to another: undefined while it stays on its network. */
export async function leftBehind(tables: Tables, before: Nic, after: Nic): Promise<UpdateNicState['left']> {
  const [from, to] = await Promise.all([resolveVnic(tables, before), resolveVnic(tables, after)])
  if (!from || from.network.id === to?.network.id) return undefined
  return { providerId: from.provider.id, networkId: from.network.externalId }
}

/** Of a vNIC on no external network: what such a one is connected to is not changed while it is plugged. */
async function rewireOnHost(parts: Parts, { vmId, hostId }: UpdateNicState, nic: Nic): Promise<string> {
  const [device] = await devicesOf(parts, [nic], {})
  const params = { vmId, deviceType: 'interface', xml: hotplugDocument(device!) }
  await parts.hosts.callAgain(hostId, 'VM.updateDevice', { vmID: vmId, params })
  return wiringOf(device!)
}
